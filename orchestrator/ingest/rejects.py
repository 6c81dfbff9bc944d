"""What could not be taken: each piece with its row and the reason, in a file beside the store."""

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import Field

from tools.result import Result

_COLUMNS = ("row", "column", "time", "value", "reason")
_LONGEST = 500


class Reason(Result):
    """Why pieces were rejected, how many, and where the first one stands."""

    reason: str
    count: int = Field(ge=1)
    first_row: int = Field(ge=1, description="Counted as a spreadsheet does: the header is row 1")


class Rejects:
    """Writes the reject file; there is none as long as nothing is rejected.

    Args:
        file: Where to; one that an earlier attempt left is replaced.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._counts: Counter[str] = Counter()
        self._first: dict[str, int] = {}
        self._open: IO[str] | None = None

    def __enter__(self) -> Self:
        self.file.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()

    def __len__(self) -> int:
        return self._counts.total()

    def add(self, row: int, reason: str, column: str = "", time: str = "", value: str = "") -> None:
        """One piece; its texts are kept as data."""
        if self._open is None:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.file.touch(mode=0o600)
            self._open = self.file.open("w", encoding="utf-8", newline="")
            csv.writer(self._open).writerow(_COLUMNS)
        csv.writer(self._open).writerow((row, column[:_LONGEST], time[:_LONGEST], value[:_LONGEST], reason))
        self._counts[reason] += 1
        self._first.setdefault(reason, row)

    def reasons(self) -> tuple[Reason, ...]:
        """All reasons, the most frequent first."""
        return tuple(
            Reason(reason=reason, count=count, first_row=self._first[reason])
            for reason, count in self._counts.most_common()
        )
