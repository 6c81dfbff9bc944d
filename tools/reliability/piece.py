"""The piece of an outage that lies inside a span."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.telemetry.schema.operations import OutageRecord


@dataclass(frozen=True)
class Piece:
    """One outage as a span sees it.

    Attributes:
        inside_min: Minutes inside the span.
        total_min: Minutes of the whole outage; up to the run's ``as_of`` where it has no end.
        customer_minutes: Inside the span.
        lasts: Not over at the end of the span.
        overdue: It lasts, and its expected return is before the end of the span.
    """

    record: OutageRecord
    inside_min: float
    total_min: float
    customer_minutes: float
    lasts: bool
    overdue: bool

    def is_sustained(self, limit_min: float) -> bool:
        """Whether it is longer than the limit, minutes."""
        return self.total_min > limit_min

    def is_momentary(self, limit_min: float) -> bool:
        """Whether it is over, and was no longer than the limit; one that lasts may still become sustained."""
        return not self.lasts and not self.is_sustained(limit_min)


def piece_of(record: OutageRecord, start: datetime, end: datetime, as_of: datetime) -> Piece:
    """Cut an outage that touches a span at the span's ends.

    Customer minutes that were recorded are shared out by time: the record does not say who came back when.
    """
    lasts = record.end is None or record.end > end
    inside_min = _minutes(max(record.start, start), end if record.end is None else min(record.end, end))
    total_min = _minutes(record.start, record.end or max(end, as_of))
    if record.customer_minutes is None:
        customer_minutes = inside_min * record.customers
    else:
        customer_minutes = record.customer_minutes * (inside_min / total_min if total_min else 1.0)
    return Piece(
        record=record,
        inside_min=inside_min,
        total_min=total_min,
        customer_minutes=customer_minutes,
        lasts=lasts,
        overdue=lasts and record.expected_end is not None and record.expected_end < end,
    )


def _minutes(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds(), 0.0) / 60
