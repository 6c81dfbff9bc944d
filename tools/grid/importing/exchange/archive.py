"""What a CGMES archive must be before anything reads it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from tools.errors import GridUnavailableError
from tools.grid.importing.payload import MAX_BYTES

if TYPE_CHECKING:
    from tools.grid.importing.payload import Payload

_NAMESPACES = (b"http://iec.ch/TC57/2013/CIM-schema-cim16#", b"http://iec.ch/TC57/CIM100#")
_HEAD = 8192  # bytes in which the namespaces stand


def check_archive(payload: Payload) -> None:
    """Refuse a zip that is none, unpacks to more than any grid file may, or holds no CGMES profile.

    Raises:
        GridUnavailableError: with what is wrong.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(payload.content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MAX_BYTES:
                raise GridUnavailableError(f"{payload.path} unpacks to more than {MAX_BYTES // 2**20} MiB")
            profiles = [member for member in members if member.filename.lower().endswith((".xml", ".rdf"))]
            contents = [archive.read(member) for member in profiles]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise GridUnavailableError(f"{payload.path} is no readable zip file: {error}") from error
    if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for content in contents):
        raise GridUnavailableError(f"{payload.path} defines XML entities, which no CGMES file does; it is not opened")
    if not any(namespace in content[:_HEAD] for content in contents for namespace in _NAMESPACES):
        raise GridUnavailableError(f"{payload.path} holds no CGMES profile of version 2.4.15 or 3.0")
