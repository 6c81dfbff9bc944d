"""Local clock and holidays of hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import numpy as np

from tools.errors import InvalidArgumentError, close_names

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray


def local_offsets(first: int, count: int, zone: str | None) -> NDArray[np.int64]:
    """Hours of local wall-clock time since 1970 for consecutive hours from ``first`` (UTC) on, rounded down.

    Raises:
        InvalidArgumentError: when the zone is not of the IANA database.
    """
    hours = np.arange(first, first + count)
    if zone is None:
        return hours
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidArgumentError(
            f"time_zone: {zone!r} is none of the IANA database; right would be Europe/Vienna"
        ) from error
    # the offset changes at most twice a year: looked up once a day, and hour by hour only on days of change
    daily = [_shift(int(hour), place) for hour in hours[::24]] + [_shift(int(hours[-1]), place)]
    shifts = np.repeat(daily[:-1], 24)[:count]
    for day in np.flatnonzero(np.diff(daily)).tolist():
        for position in range(day * 24, min(day * 24 + 24, count)):
            shifts[position] = _shift(int(hours[position]), place)
    local: NDArray[np.int64] = hours + shifts
    return local


def holiday_calendar(country: str | None) -> Container[date]:
    """Public holidays of a country, or of a part of it after a hyphen; none without a country.

    Raises:
        InvalidArgumentError: when the library of holidays has no such country or part.
    """
    if country is None:
        return frozenset()
    nation, _, part = country.upper().partition("-")
    known = holidays.list_supported_countries()
    if nation not in known:
        raise InvalidArgumentError(f"country: no holidays are known of {country!r}. {close_names(nation, known)}")
    if part and part not in known[nation]:
        raise InvalidArgumentError(
            f"country: no holidays are known of {country!r}; parts of {nation}: {', '.join(known[nation]) or 'none'}"
        )
    return _holidays(nation, part)


def date_of(local_hour: int) -> date:
    """Local date of an hour of wall-clock time."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=local_hour)).date()


@cache
def _holidays(nation: str, part: str) -> Container[date]:
    return holidays.country_holidays(nation, subdiv=part or None)


def _shift(hour: int, place: ZoneInfo) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    shift = moment.astimezone(place).utcoffset()
    return 0 if shift is None else shift // timedelta(hours=1)
