"""Times as a file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from orchestrator.ingest.local_times import shown_twice, to_utc
from orchestrator.ingest.mapping import RELATIVE
from orchestrator.ingest.numerals import read_numbers
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import to_us

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestrator.ingest.mapping import TimeMapping

_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1, RELATIVE: 1_000_000}
_ISO = "iso"
# Which of the two a text is decides its hour, so one that is neither is refused and not left to a parser's guess.
_NAIVE = r"[\d/-]+(?:[Tt ][\d:.,]*)?"
_WITH_OFFSET = r"[\d/-]+[Tt ][\d:.,]+ ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)"
_US = np.dtype("datetime64[us]")
# What microseconds can be read back as a time (years 1 to 9999), and what pandas reads at all.
_EARLIEST, _LATEST = pd.Timestamp("1900-01-01").value // 1000, pd.Timestamp("2200-01-01").value // 1000
OUTSIDE = "time before 1900 or after 2200"


class TimeReader:
    """Reads the times of one file.

    Args:
        mapping: How they are written.
    """

    def __init__(self, mapping: TimeMapping) -> None:
        self._mapping = mapping
        self._zone = None if mapping.zone is None else ZoneInfo(mapping.zone)
        self._format = "ISO8601" if mapping.format == _ISO else mapping.format
        self._origin_us = 0 if mapping.origin is None else to_us(mapping.origin)
        self._wrong = f"no time of the format {mapping.format}"

    def read(
        self, texts: NDArray[np.object_], groups: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Microseconds since 1970 UTC, and a reason where a text is no time, else an empty one.

        Args:
            texts: In the order of the file.
            groups: Whose clock each row follows, such as its sensor; all the same when absent.

        Raises:
            InvalidArgumentError: for a format that does not exist, or times without offset and no zone to read them in.
        """
        at_us, reasons = self._read(texts, np.zeros(len(texts), dtype=np.int64) if groups is None else groups)
        fine = reasons == ""
        reasons[fine & ((at_us < _EARLIEST) | (at_us >= _LATEST))] = OUTSIDE
        return at_us, reasons

    def open_end(self, texts: NDArray[np.object_]) -> int:
        """How many rows at the end are of an hour shown twice: which showing it is depends on what comes next."""
        if self._zone is None or self._mapping.format in _EPOCHS or len(texts) == 0:
            return 0
        if not self._twice(texts[-1:], self._zone)[0]:
            return 0
        settled = np.flatnonzero(~self._twice(texts, self._zone))
        return len(texts) - 1 - int(settled[-1]) if len(settled) else len(texts)

    def _twice(self, texts: NDArray[np.object_], zone: ZoneInfo) -> NDArray[np.bool_]:
        twice = np.zeros(len(texts), dtype=bool)
        plain = np.flatnonzero(self._is_naive(texts))
        naive, known = self._parsed(texts[plain], utc=False)
        twice[plain[known]] = shown_twice(naive[known], zone)
        return twice

    def _read(
        self, texts: NDArray[np.object_], groups: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        if self._mapping.format in _EPOCHS:
            return self._epoch(texts)
        at_us, reasons = np.zeros(len(texts), dtype=np.int64), np.full(len(texts), "", dtype=object)
        naive = self._is_naive(texts)
        offset = ~naive & self._has_offset(texts)
        reasons[~naive & ~offset] = self._wrong
        rows = np.flatnonzero(offset)
        parsed, known = self._parsed(texts[rows], utc=True)
        reasons[rows[~known]] = self._wrong
        at_us[rows[known]] = parsed[known].tz_localize(None).to_numpy().astype(_US).astype(np.int64)
        rows = np.flatnonzero(naive)
        parsed, known = self._parsed(texts[rows], utc=False)
        reasons[rows[~known]] = self._wrong
        if np.any(known):
            good = rows[known]
            at_us[good], reasons[good] = to_utc(parsed[known], self._need_zone(), self._mapping.fold, groups[good])
        return at_us, reasons

    def _epoch(self, texts: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        numbers, reasons = read_numbers(texts)
        us = numbers * _EPOCHS[self._mapping.format] + self._origin_us
        wrong = reasons != ""
        reasons[wrong] = self._wrong
        outside = ~wrong & ((us < _EARLIEST) | (us >= _LATEST))
        reasons[outside] = OUTSIDE
        return np.where(wrong | outside, 0, np.rint(us)).astype(np.int64), reasons

    def _is_naive(self, texts: NDArray[np.object_]) -> NDArray[np.bool_]:
        return self._matches(texts, _NAIVE, "%z" not in self._mapping.format)

    def _has_offset(self, texts: NDArray[np.object_]) -> NDArray[np.bool_]:
        return self._matches(texts, _WITH_OFFSET, "%z" in self._mapping.format)

    def _matches(self, texts: NDArray[np.object_], pattern: str, otherwise: bool) -> NDArray[np.bool_]:
        """Whether texts have a form of ISO 8601; a format of the mapping's own decides for all."""
        if self._mapping.format != _ISO:
            return np.full(len(texts), otherwise)
        return np.asarray(pd.Series(texts, dtype=object).str.fullmatch(pattern), dtype=bool)

    def _parsed(self, texts: NDArray[np.object_], *, utc: bool) -> tuple[pd.DatetimeIndex, NDArray[np.bool_]]:
        try:
            found = pd.DatetimeIndex(pd.to_datetime(texts.tolist(), format=self._format, errors="coerce", utc=utc))
        except ValueError as error:
            raise InvalidArgumentError(
                f"time.format {self._mapping.format!r} is not understood ({error}); right would be iso, epoch_s, "
                "epoch_ms, epoch_us or a format like %d.%m.%Y %H:%M"
            ) from error
        return found, ~np.asarray(found.isna())

    def _need_zone(self) -> ZoneInfo:
        if self._zone is None:
            raise InvalidArgumentError(
                "Times in the file carry no offset and the mapping names no zone; set time.zone, UTC or Europe/Berlin"
            )
        return self._zone
