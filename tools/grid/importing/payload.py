"""The bytes of a grid file: read whole, unpacked, and never more than a machine can hold."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from tools.errors import GridUnavailableError

MAX_BYTES = 512 * 2**20  # unpacked; the largest case shipped (9241 buses) has 8 MiB
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 2**20


@dataclass(frozen=True)
class Payload:
    """A grid file as it was found.

    Attributes:
        path: Where it lies.
        stem: File name without its suffixes.
        suffix: Format suffix in lower case (``.json``), without ``.gz``.
        content: The unpacked bytes.
    """

    path: Path
    stem: str
    suffix: str
    content: bytes

    def text(self) -> str:
        """The content as UTF-8 text, with or without a byte order mark.

        Raises:
            GridUnavailableError: when it is no text.
        """
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise GridUnavailableError(f"{self.path} is not a text file: byte {error.start} is no UTF-8") from error


def split_suffix(path: Path) -> tuple[str, str]:
    """Stem and format suffix of a file name; a final ``.gz`` belongs to neither.

    >>> split_suffix(Path("grids/north.v2.json.gz"))
    ('north.v2', '.json')
    """
    name = path.name.removesuffix(".gz").removesuffix(".GZ")
    suffix = Path(name).suffix
    return name.removesuffix(suffix), suffix.lower()


def read_payload(path: Path, max_bytes: int = MAX_BYTES) -> Payload:
    """Read a file, unpacking gzip by its content, not its name.

    Raises:
        GridUnavailableError: when it cannot be read, is empty, damaged or larger than ``max_bytes`` unpacked.
    """
    stem, suffix = split_suffix(path)
    if path.is_dir():
        raise GridUnavailableError(f"{path} is a folder, wanted is a grid file")
    if not path.is_file():  # a pipe or a device would block or never end
        raise GridUnavailableError(f"There is no grid file {path}")
    try:
        if path.stat().st_size > max_bytes:
            raise GridUnavailableError(f"{path} is larger than {max_bytes // 2**20} MiB, the most that is opened")
        content = path.read_bytes()
    except OSError as error:
        raise GridUnavailableError(f"{path} cannot be read: {error.strerror}") from error
    if content.startswith(_GZIP_MAGIC):
        content = _unpack(path, content, max_bytes)
    if not content.strip():
        raise GridUnavailableError(f"{path} is empty")
    return Payload(path=path, stem=stem, suffix=suffix, content=content)


def _unpack(path: Path, packed: bytes, max_bytes: int) -> bytes:
    """All members of a gzip file; stops as soon as the limit is passed."""
    unpacked = bytearray()
    while packed:
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof:
                chunk = member.decompress(packed, _CHUNK)
                packed = member.unconsumed_tail
                unpacked += chunk
                if len(unpacked) > max_bytes:
                    raise GridUnavailableError(f"{path} unpacks to more than {max_bytes // 2**20} MiB")
                if not (chunk or packed or member.eof):
                    raise GridUnavailableError(f"{path} is a gzip file that breaks off; copy it again")
        except zlib.error as error:
            raise GridUnavailableError(f"{path} is a damaged gzip file: {error}") from error
        packed = member.unused_data.lstrip(b"\0")  # padding is allowed between members
    return bytes(unpacked)
