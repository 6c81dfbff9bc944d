"""Times as a control room reads them: local with its zone, and UTC beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moment:
    """One time in two writings.

    Attributes:
        local: ``2026-11-21 13:00 CET``.
        utc: ``12:00 UTC``, with the date where it differs; empty when the local zone is UTC.
        machine: RFC 3339 in UTC.
    """

    local: str
    utc: str
    machine: str

    def __str__(self) -> str:
        return f"{self.local} ({self.utc})" if self.utc else self.local


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    """Both writings of a time.

    >>> str(moment(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")))
    '2026-11-22 00:30 CET (2026-11-21 23:30 UTC)'
    """
    local, utc = at.astimezone(zone), at.astimezone(UTC)
    same = local.utcoffset() == utc.utcoffset()
    pattern = "%H:%M UTC" if local.date() == utc.date() else "%Y-%m-%d %H:%M UTC"
    return Moment(
        local=utc.strftime("%Y-%m-%d %H:%M UTC") if same else local.strftime("%Y-%m-%d %H:%M %Z"),
        utc="" if same else utc.strftime(pattern),
        machine=utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
