"""A file to be ingested: its bytes are judged before anything of it is stored."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from tools.errors import InvalidArgumentError

_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_BINARY = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\x89PNG": "a picture",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet (written: parquet in the mapping would read it)",
    b"SQLite format 3": "a database",
    b"\x7fELF": "a program",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}


@dataclass(frozen=True)
class SourceFile:
    """A file that was read through once from its first to its last byte.

    Attributes:
        encoding: As to be opened; a byte order mark is left out. Empty for a file that is no text.
        sha256: Of the content, after unpacking.
    """

    path: Path
    encoding: str
    sha256: str

    @contextmanager
    def text(self) -> Iterator[IO[str]]:
        """The content as text, line ends as they are."""
        with _open(self.path) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            yield text


def inspect_file(path: Path, encoding: str) -> SourceFile:
    """Read a file through.

    Raises:
        InvalidArgumentError: when it is missing, empty, cut off, binary or of another encoding, and at which byte.
    """
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding).close()  # refuses what is no encoding of text
        decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    except LookupError as error:
        raise InvalidArgumentError(f"encoding {encoding!r} is not known; utf-8 or latin-1 would be one") from error
    try:
        return _inspect(path, encoding, decoder)
    except OSError as error:
        # gzip's own complaints are OSErrors too, without a number
        reason = error.strerror or str(error)
        raise InvalidArgumentError(f"{path.name} cannot be read: {reason}") from error
    except (EOFError, zlib.error) as error:
        raise InvalidArgumentError(f"{path.name} is a gzip file that is cut off or damaged: {error}") from error


def inspect_binary(path: Path) -> SourceFile:
    """Digest a file whose own reader judges what is in it.

    Raises:
        InvalidArgumentError: when it is missing or empty.
    """
    digest, filled = sha256(), False
    try:
        with path.open("rb") as raw:
            while block := raw.read(_BLOCK):
                digest.update(block)
                filled = True
    except OSError as error:
        raise InvalidArgumentError(f"{path.name} cannot be read: {error.strerror or error}") from error
    if not filled:
        raise InvalidArgumentError(f"{path.name} is empty: it holds 0 bytes")
    return SourceFile(path, "", digest.hexdigest())


def _inspect(path: Path, encoding: str, decoder: codecs.IncrementalDecoder) -> SourceFile:
    digest, position, filled, mark = sha256(), 0, False, False
    with _open(path) as raw:
        while block := raw.read(_BLOCK):
            if position == 0:
                _refuse_binary(path, block)
                mark = block.startswith(codecs.BOM_UTF8)
            digest.update(block)
            text = _decoded(decoder, block, path, (encoding, position))
            filled = filled or bool(text.strip("\ufeff \t\r\n"))
            position += len(block)
        _decoded(decoder, b"", path, (encoding, position))
    if not filled:
        raise InvalidArgumentError(f"{path.name} is empty: it holds {position} bytes and no text")
    plain = codecs.lookup(encoding).name == "utf-8"
    return SourceFile(path, "utf-8-sig" if mark and plain else encoding, digest.hexdigest())


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, path: Path, place: tuple[str, int]) -> str:
    encoding, position = place
    pending = len(decoder.getstate()[0])
    try:
        text = decoder.decode(block, final=not block)
    except UnicodeDecodeError as error:
        at = position - pending + error.start
        byte = error.object[error.start]
        raise InvalidArgumentError(
            f"{path.name} is not {encoding}: byte {at} is 0x{byte:02x}; name the right one as 'encoding' in the mapping"
        ) from error
    if (nul := text.find("\x00")) >= 0:
        raise InvalidArgumentError(
            f"{path.name} is binary or not {encoding}: a zero byte stands {nul} characters after byte {position}"
        )
    return text


def _refuse_binary(path: Path, head: bytes) -> None:
    for magic, kind in _BINARY.items():
        if head.startswith(magic):
            raise InvalidArgumentError(f"{path.name} is {kind}, no text; right would be CSV or a log, also as .gz")


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield unpacked  # type: ignore[misc]  # GzipFile reads like any binary file
        else:
            yield raw
