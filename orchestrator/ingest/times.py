"""Times as a file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from orchestrator.ingest.local_times import shown_twice, to_utc
from orchestrator.ingest.numerals import read_numbers
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestrator.ingest.mapping import TimeMapping

_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
_ISO = "iso"
_OFFSET = r"\d{1,2}:\d{2}.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
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
        plain = np.flatnonzero(~self._with_offset(texts))
        naive = self._parsed(texts[plain], utc=False)
        known = ~np.asarray(naive.isna())
        twice[plain[known]] = shown_twice(naive[known], zone)
        return twice

    def _read(
        self, texts: NDArray[np.object_], groups: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        if self._mapping.format in _EPOCHS:
            return self._epoch(texts)
        at_us, reasons = np.zeros(len(texts), dtype=np.int64), np.full(len(texts), "", dtype=object)
        offset = self._with_offset(texts)
        for chosen in (offset, ~offset):
            rows = np.flatnonzero(chosen)
            if not len(rows):
                continue
            parsed = self._parsed(texts[rows], utc=bool(offset[rows[0]]))
            wrong = np.asarray(parsed.isna())
            reasons[rows[wrong]] = self._wrong
            good = rows[~wrong]
            if offset[rows[0]]:
                at_us[good] = parsed[~wrong].tz_localize(None).to_numpy().astype(_US).astype(np.int64)
            elif len(good):
                at_us[good], reasons[good] = to_utc(parsed[~wrong], self._need_zone(), self._mapping.fold, groups[good])
        return at_us, reasons

    def _epoch(self, texts: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        numbers, reasons = read_numbers(texts)
        us = numbers * _EPOCHS[self._mapping.format]
        wrong = reasons != ""
        reasons[wrong] = self._wrong
        outside = ~wrong & ((us < _EARLIEST) | (us >= _LATEST))
        reasons[outside] = OUTSIDE
        return np.where(wrong | outside, 0, np.rint(us)).astype(np.int64), reasons

    def _with_offset(self, texts: NDArray[np.object_]) -> NDArray[np.bool_]:
        if self._mapping.format != _ISO:
            return np.full(len(texts), "%z" in self._mapping.format)
        return np.asarray(pd.Series(texts, dtype=object).str.contains(_OFFSET, regex=True), dtype=bool)

    def _parsed(self, texts: NDArray[np.object_], *, utc: bool) -> pd.DatetimeIndex:
        try:
            return pd.DatetimeIndex(pd.to_datetime(texts.tolist(), format=self._format, errors="coerce", utc=utc))
        except ValueError as error:
            raise InvalidArgumentError(
                f"time.format {self._mapping.format!r} is not understood ({error}); right would be iso, epoch_s, "
                "epoch_ms, epoch_us or a format like %d.%m.%Y %H:%M"
            ) from error

    def _need_zone(self) -> ZoneInfo:
        if self._zone is None:
            raise InvalidArgumentError(
                "Times in the file carry no offset and the mapping names no zone; set time.zone, UTC or Europe/Berlin"
            )
        return self._zone
