"""What every kind of table gives: rows of texts by column, in pieces, and how many there were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tools.errors import InvalidArgumentError, close_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Texts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of the table: the number of each, and their cells by column."""

    numbers: NDArray[np.int64]
    cells: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.numbers)

    def cut(self, part: slice) -> Rows:
        """Some of these rows."""
        return Rows(self.numbers[part], {name: cells[part] for name, cells in self.cells.items()})

    def followed_by(self, other: Rows) -> Rows:
        """These rows and then others."""
        cells = {name: np.concatenate([self.cells[name], other.cells[name]]) for name in self.cells}
        return Rows(np.concatenate([self.numbers, other.numbers]), cells)


class TableSource(Protocol):
    """A table of separated values, of JSON lines, or of Parquet."""

    @property
    def rows(self) -> int:
        """Rows that were read so far, malformed ones among them."""
        ...

    @property
    def malformed(self) -> int:
        """Rows that were rejected whole."""
        ...

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that were seen so far and that the mapping does not name."""
        ...

    def pieces(self, size: int) -> Iterator[Rows]:
        """All rows, so many at a time, in order."""
        ...


def missing_column(name: str, there: Sequence[str]) -> InvalidArgumentError:
    """That a column of the mapping is not in the file, and what is."""
    return InvalidArgumentError(
        f"column {name!r} of the mapping is not in the file; it has {listed(there)}. {close_names(name, there)}"
    )


def listed(names: Sequence[str], most: int = 12) -> str:
    """Some names for a message, and how many more there are."""
    shown = ", ".join(repr(name[:40]) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
