"""Moments as whole microseconds since 1970 UTC, the way readings keep them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC of a moment with a zone."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(at_us: float) -> datetime:
    """The moment in UTC.

    >>> moment(60_000_000).isoformat()
    '1970-01-01T00:01:00+00:00'
    """
    return _EPOCH + int(at_us) * _MICROSECOND
