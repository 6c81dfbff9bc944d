"""A moment as whole microseconds since 1970 UTC, the way readings are stored."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000


def to_us(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC of a timezone-aware moment.

    Raises:
        ValueError: for a time without a zone, which could be any moment of a day.

    >>> to_us(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone"
        raise ValueError(message)
    return (moment - EPOCH) // _MICROSECOND


def from_us(at_us: float) -> datetime:
    """The moment, in UTC.

    >>> from_us(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return EPOCH + int(at_us) * _MICROSECOND
