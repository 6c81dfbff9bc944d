"""The time that a question names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_DAY = timedelta(days=1)
_HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Asked:
    """The time that a question names.

    Attributes:
        at: The moment of a value; None when a span was named or nothing.
        start: Begin of the span; None when nothing was named.
        end: End of the span.
        pieces: The user's words for it, as they stand in the question.
        over: Whether all of the span is asked about, and not the moment at its end.
        overnight: Whether its clock times run over midnight, as in "between 18:00 and 06:00".
        last_night: Begin and end of the same clock times a day earlier, of such a span whose day is not named.
    """

    at: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    pieces: tuple[str, ...] = ()
    over: bool = False
    overnight: bool = False
    last_night: tuple[datetime, datetime] | None = None

    @property
    def begin(self) -> datetime | None:
        """Where it begins; None when nothing was named."""
        return self.start if self.over else self.at

    @property
    def words(self) -> str:
        """The user's words for it, for the answer."""
        return " ".join(self.pieces)

    @property
    def named(self) -> bool:
        """Whether the question names a time at all."""
        return bool(self.pieces)

    def without(self, text: str) -> str:
        """The question without its time.

        >>> Asked(pieces=("today", "at 18:00")).without("what was the load today at 18:00?")
        'what was the load ?'
        """
        for piece in self.pieces:
            text = re.sub(rf"(?<!\w)(?:on |from |for )?{re.escape(piece)}", "", text, count=1)
        return re.sub(r"\s+", " ", text).strip()

    def past(self, as_of: datetime) -> Asked:
        """As it is meant of what has been: the night before, where it would not be over by now.

        >>> evening, morning = datetime(2026, 3, 9, 22), datetime(2026, 3, 10, 6)
        >>> night = Asked(start=evening + _DAY, end=morning + _DAY, over=True, last_night=(evening, morning))
        >>> night.past(datetime(2026, 3, 10, 7)).start
        datetime.datetime(2026, 3, 9, 22, 0)
        """
        if self.last_night is None or self.end is None or self.end <= as_of:
            return self
        start, end = self.last_night
        return replace(self, start=start, end=min(end, as_of))

    def around(self, as_of: datetime) -> Asked:
        """A moment as the span from half an hour before it to half an hour after it, or to now."""
        if self.over or self.at is None:
            return self
        return replace(self, start=self.at - _HALF_AN_HOUR, end=min(self.at + _HALF_AN_HOUR, as_of), over=True)
