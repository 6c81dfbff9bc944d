"""Which time a question names: a day, an hour, a span, in the control room's zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser
from dateutil.relativedelta import MO, relativedelta

from orchestrator.observing.asked import Asked

_DAY = timedelta(days=1)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(\d{{4}}-\d\d-\d\d)(?!\d)|\b(\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\.?,? \d{{4}})\b|"
    rf"\b({_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})\b",
    re.IGNORECASE,
)
_CLOCK = r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm|h|o'clock|hours)?"
_BETWEEN = re.compile(rf"\b(?:between|from)\s+{_CLOCK}\s*(?:and|to|until|till|-|–)\s*{_CLOCK}(?!\d)", re.IGNORECASE)
_SURELY = r"(?=\d{1,2}(?:[:.][0-5]\d(?!\d)|\s*(?:am|pm|h|o'clock)\b))"
_SINCE = re.compile(rf"\b(?:since\s+|(?:after|from)\s+{_SURELY}){_CLOCK}(?!\d)(?:\s*\bon(?:wards?)?\b)?", re.IGNORECASE)
_UNTIL = re.compile(rf"\b(?:before|until|till|up to)\s+{_SURELY}{_CLOCK}(?!\d)", re.IGNORECASE)
_CALENDAR = re.compile(r"\b(this|last|previous) (week|month|year)\b", re.IGNORECASE)
_YEAR = re.compile(
    rf"\b(?:in|during|of|for|throughout|(?:in |during )?the year) (?:(?P<month>{_MONTH}),? )?(?P<year>(?:19|20)\d\d)\b"
    r"(?![-.:]?\d|\s*(?:p\.?u|k?v|k?a|m?w|mvar|mva|per ?cent|customers?|buses|lines?)\b)",
    re.IGNORECASE,
)
_AMOUNT = r"(?!\d|\s*(?:p\.?u|k?v|k?a|m?w|mvar|mva|per ?cent|degrees?)\b|\s*[%°])"
_AT = re.compile(
    rf"\b(?:at|around|about|@)\s+(?:(\d{{1,2}})[:.]([0-5]\d)\s*(am|pm|h)?|(\d{{1,2}})\s*(am|pm|h|o'clock)){_AMOUNT}",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?:([01]?\d|2[0-4]):([0-5]\d)\b(?!:\d)\s*(am|pm|h)?|(1[0-2]|[1-9]) ?(am|pm)\b)", re.IGNORECASE)
_AGO = re.compile(r"\b(\d{1,3}|an?|half an) (minute|hour|day)s? ago\b", re.IGNORECASE)
_ISO_TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ](\d\d):(\d\d)(?::\d\d)?\b")
_LAST = re.compile(
    r"\b(?:last|past|previous)\s+(?:(\d{1,3})\s+)?(minute|hour|day|week|month|year|shift|night)s?\b", re.IGNORECASE
)
_LENGTH = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 720.0, "year": 8760.0}
_LENGTH |= {"shift": 24.0, "night": 24.0}
_NIGHT = re.compile(r"\b(?:last night|overnight|(?:during|over|in|through) the night)(?:'?s)?\b", re.IGNORECASE)
_DUSK, _DAWN = 18, 6
_DAYS = (
    ("the day before yesterday", -2),
    ("yesterday(?:'?s)?", -1),
    ("all day", 0),
    ("(?:during|over) the day", 0),
    ("today(?:'?s)?", 0),
    ("the day after tomorrow", 2),
    ("tomorrow(?:'?s)?", 1),
)
_PARTS = {
    "tonight": (18, 24),
    "since midnight": (0, None),
    "since noon": (12, None),
    "(?:during|over|in|of) (?:the|this|my|our) shift": (None, None),
    "(?:this|(?<=yesterday)|(?<=tomorrow)) morning": (6, 12),
    "(?:this|(?<=yesterday)|(?<=tomorrow)) afternoon": (12, 18),
    "(?:this|(?<=yesterday)|(?<=tomorrow)) evening": (17, 23),
    "in the morning": (6, 12),
    "in the afternoon": (12, 18),
    "in the evening": (17, 23),
    "at night": (0, 6),
    "at noon": (12, 12),
    "at midnight": (0, 0),
}
_AFTERNOON = 12


def asked_time(text: str, as_of: datetime, zone: ZoneInfo) -> Asked:
    """Read the time out of a question; what names none is about the run's ``as_of``.

    A day without an hour is the whole day, and its value the last one of that day, or of the day so far.

    Args:
        text: The user's words.
        as_of: What "now", "today" and "last hour" refer to.
        zone: Clock times and days are in it.

    >>> asked = asked_time("the oil temperature on 2017-03-01", datetime(2018, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
    >>> asked.start.isoformat(), asked.at.isoformat()
    ('2017-03-01T00:00:00+00:00', '2017-03-01T23:59:59+00:00')
    """
    local = as_of.astimezone(zone)
    day, day_words = _day(text, local.date())
    here = _Day(day or local.date(), zone, as_of, named=day is not None)
    readings: tuple[Callable[[], Asked | None], ...] = (
        lambda: _iso(text, here),
        lambda: _between(text, here),
        lambda: _since(text, here),
        lambda: _until(text, here),
        lambda: _calendar(text, here),
        lambda: _year(text, here),
        lambda: _night(text, here),
        lambda: _last(text, as_of),
        lambda: _ago(text, as_of),
        lambda: _clock(text, here, _AT),
        lambda: _part(text, here),
        lambda: _clock(text, here, _BARE),
    )
    found = next((asked for read in readings if (asked := read()) is not None), None)
    if found is not None:
        return replace(found, pieces=(*((day_words,) if day_words else ()), *found.pieces))
    return here.whole(day_words) if day else Asked()


@dataclass(frozen=True)
class _Day:
    """One day in the control room's zone; today where the question names none."""

    date: date
    zone: ZoneInfo
    as_of: datetime
    named: bool = False

    def moment(self, hour: int, minute: int = 0) -> datetime:
        """A clock time of the day; 24:00 is the next day's beginning."""
        days, hour = divmod(hour, 24)
        naive = datetime.combine(self.date + days * _DAY, time(hour, minute))
        return naive.replace(tzinfo=self.zone).astimezone(UTC)

    def whole(self, words: str) -> Asked:
        """The day from midnight to midnight, or to now."""
        end = self.moment(24) - timedelta(seconds=1)
        end = min(end, self.as_of) if self.moment(0) <= self.as_of else end
        return Asked(end, self.moment(0), end, (words,), over=True)


def _day(text: str, today: date) -> tuple[date | None, str]:
    if match := _DATE.search(text):
        plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b", "", match[0], flags=re.IGNORECASE)
        try:
            return parser.parse(plain).date(), match[0]
        except (parser.ParserError, OverflowError):
            return None, ""
    for words, ahead in _DAYS:
        if match := re.search(rf"\b{words}\b", text, re.IGNORECASE):
            return today + ahead * _DAY, match[0]
    return None, ""


def _hour(hour: str, half: str | None) -> int | None:
    number = int(hour)
    mark = (half or "").lower()
    if mark == "pm" and number < _AFTERNOON:
        number += _AFTERNOON
    if mark == "am" and number == _AFTERNOON:
        number = 0
    return number if number <= 24 else None  # noqa: PLR2004 - hours of a day


def _iso(text: str, day: _Day) -> Asked | None:
    match = _ISO_TIME.search(text)
    if match is None:
        return None
    at = day.moment(int(match[1]), int(match[2]))
    return Asked(at, at - _DAY, at, (match[0][10:].strip(),))


def _between(text: str, day: _Day) -> Asked | None:
    match = _BETWEEN.search(text)
    if match is None:
        return None
    first, second = _hour(match[1], match[3] or match[6]), _hour(match[4], match[6])
    if first is None or second is None:
        return None
    begin, until = int(match[2] or 0), int(match[5] or 0)
    if (second, until) > (first, begin):
        return Asked(None, day.moment(first, begin), day.moment(second, until), (match[0],), over=True)
    # from the evening to the morning after it
    last_night = None if day.named else (day.moment(first - 24, begin), day.moment(second, until))
    start, end = day.moment(first, begin), day.moment(second + 24, until)
    return Asked(None, start, end, (match[0],), over=True, overnight=True, last_night=last_night)


def _since(text: str, day: _Day) -> Asked | None:
    match = _SINCE.search(text)
    hour = _hour(match[1], match[3]) if match else None
    if match is None or hour is None:
        return None
    start = day.moment(hour, int(match[2] or 0))
    return Asked(None, start, day.as_of, (match[0],), over=True) if start < day.as_of else None


def _until(text: str, day: _Day) -> Asked | None:
    match = _UNTIL.search(text)
    hour = _hour(match[1], match[3]) if match else None
    if match is None or not hour:
        return None
    return Asked(None, day.moment(0), day.moment(hour, int(match[2] or 0)), (match[0],), over=True)


def _calendar(text: str, day: _Day) -> Asked | None:
    """A week from Monday, a month or a year, whole or so far."""
    match = _CALENDAR.search(text)
    if match is None:
        return None
    unit, back = match[2].lower(), 0 if match[1].lower() == "this" else 1
    begin = {
        "week": day.date + relativedelta(weekday=MO(-1), weeks=-back),
        "month": day.date + relativedelta(day=1, months=-back),
        "year": day.date + relativedelta(day=1, month=1, years=-back),
    }[unit]
    after = begin + relativedelta(**{f"{unit}s": 1})
    start, end = (replace(day, date=one).moment(0) for one in (begin, after))
    return Asked(None, start, min(end, day.as_of), (match[0],), over=True)


def _year(text: str, day: _Day) -> Asked | None:
    """A year by its number, or a month of it."""
    match = None if day.named else _YEAR.search(text)
    if match is None:
        return None
    month = parser.parse(f"1 {match['month']} 2000").month if match["month"] else 1
    begin = date(int(match["year"]), month, 1)
    after = begin + (relativedelta(months=1) if match["month"] else relativedelta(years=1))
    start, end = (replace(day, date=one).moment(0) for one in (begin, after))
    return Asked(None, start, min(end, day.as_of) if start < day.as_of else end, (match[0],), over=True)


def _night(text: str, day: _Day) -> Asked | None:
    """The night that ended this morning, or that is not over yet."""
    match = _NIGHT.search(text)
    if match is None:
        return None
    dusk = replace(day, date=day.date - _DAY).moment(_DUSK)
    return Asked(None, dusk, min(day.moment(_DAWN), day.as_of), (match[0],), over=True)


def _last(text: str, as_of: datetime) -> Asked | None:
    match = _LAST.search(text)
    if match is None:
        return None
    length = timedelta(hours=_LENGTH[match[2].lower()] * int(match[1] or 1))
    return Asked(None, as_of - length, as_of, (match[0],), over=True)


def _ago(text: str, as_of: datetime) -> Asked | None:
    match = _AGO.search(text)
    if match is None:
        return None
    count = {"a": 1.0, "an": 1.0, "half an": 0.5}.get(match[1].lower()) or float(match[1])
    at = as_of - timedelta(hours=_LENGTH[match[2].lower()] * count)
    return Asked(at, at - _DAY, at, (match[0],))


def _clock(text: str, day: _Day, written: re.Pattern[str]) -> Asked | None:
    match = written.search(text)
    if match is None:
        return None
    hour, minute, half, *bare = match.groups()
    hour, half = hour or bare[0], half or (bare[1] if bare else None)
    found = _hour(hour, half)
    if found is None:
        return None
    at = day.moment(found, int(minute or 0))
    return Asked(at, at - _DAY, at, (match[0],))


def _part(text: str, day: _Day) -> Asked | None:
    for words, (first, last) in _PARTS.items():
        match = re.search(rf"\b{words}\b", text, re.IGNORECASE)
        if match is None:
            continue
        start = day.as_of - _DAY if first is None else day.moment(first)
        end = day.as_of if last is None else day.moment(last)
        if start == end:
            return Asked(start, start - _DAY, start, (match[0],))
        return Asked(None, start, end, (match[0],), over=True)
    return None
