"""Tables of the public corpora, packed or not."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Rows of a CSV file, ``.gz`` or plain, by the names in its first line."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))
