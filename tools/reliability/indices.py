"""Reliability indices of a time after IEEE 1366: the tool.

Every outage that touches the span counts in it, with its minutes inside; so an outage across the border of two spans
counts in both. The five minutes that part sustained from momentary interruptions are those of the whole outage, not
of its piece inside. Major event days (Clause 3.5) are not taken out: that needs the daily figures of five years.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tools.errors import InvalidArgumentError
from tools.reliability.piece import Piece, piece_of
from tools.reliability.schema.indices import (
    ComputeReliabilityIndicesArguments,
    Indices,
    OutageRow,
    ReliabilityIndices,
)
from tools.telemetry.schema.operations import OutageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.context import Clock, ToolContext


def compute_reliability_indices(ctx: ToolContext, args: ComputeReliabilityIndicesArguments) -> ReliabilityIndices:
    """Outages of a time, and SAIFI, SAIDI, CAIDI, ASAI, MAIFI after IEEE 1366-2012, Clause 3.

    Raises:
        SourceMissingError: without outage records.
        InvalidArgumentError: when the span begins after the run's ``as_of``.
    """
    source = ctx.need_outages()
    start, end = _known_span(args, ctx.clock)
    served = source.customers_served() or None
    records = [item for item in source.outages(start, end) if item.end is None or item.end > start]
    pieces = [piece_of(item, start, end, ctx.clock.as_of) for item in records]
    minutes = (end - start).total_seconds() / 60
    ranked = sorted(pieces, key=_rank)
    shown = ranked[args.offset : args.offset + args.limit]
    return ReliabilityIndices(
        start=start,
        end=end,
        customers_served=served,
        all_outages=_indices(pieces, args.sustained_min, served, minutes),
        forced=_indices(_of(pieces, OutageKind.FORCED), args.sustained_min, served, minutes),
        planned=_indices(_of(pieces, OutageKind.PLANNED), args.sustained_min, served, minutes),
        outages=len(pieces),
        standing=sum(item.lasts for item in pieces),
        rows=tuple(_row(item, args.sustained_min) for item in shown),
        omitted=len(ranked) - len(shown),
        simulated=any(item.record.simulated for item in pieces),
    )


def _known_span(args: ComputeReliabilityIndicesArguments, clock: Clock) -> tuple[datetime, datetime]:
    """The span, cut where the run's knowledge ends: hours that are not over have no outages to count."""
    start, end = args.span(clock)
    if start >= clock.as_of:
        raise InvalidArgumentError(
            f"start {start.isoformat()} is not before the run's as_of {clock.as_of.isoformat()}: nothing is known there"
        )
    return start, min(end, clock.as_of)


def _of(pieces: Sequence[Piece], kind: OutageKind) -> list[Piece]:
    return [item for item in pieces if item.record.kind is kind]


def _rank(piece: Piece) -> tuple[bool, float, datetime, str]:
    return not piece.lasts, -piece.customer_minutes, piece.record.start, piece.record.id


def _indices(pieces: Sequence[Piece], limit_min: float, served: int | None, span_min: float) -> Indices:
    """The indices of one set; an outage that left nobody without supply is no interruption."""
    sustained = [item for item in pieces if item.is_sustained(limit_min) and item.record.customers]
    customers = sum(item.record.customers for item in sustained)
    minutes = sum(item.customer_minutes for item in sustained)
    momentary = sum(item.record.customers for item in pieces if item.is_momentary(limit_min))
    saidi = minutes / served if served else None
    return Indices(
        interruptions=len(sustained),
        customers_interrupted=customers,
        customer_minutes=minutes,
        saifi=customers / served if served else None,
        saidi_min=saidi,
        caidi_min=minutes / customers if customers else None,
        # more minutes lost than there are: the records contradict the number of customers, and there is no index
        asai_percent=100 * (1 - saidi / span_min) if saidi is not None and saidi <= span_min else None,
        maifi=momentary / served if served else None,
    )


def _row(piece: Piece, limit_min: float) -> OutageRow:
    record = piece.record
    return OutageRow(
        id=record.id,
        element=record.element,
        kind=record.kind,
        start=record.start,
        end=None if piece.lasts else record.end,
        expected_end=record.expected_end,
        lasts=piece.lasts,
        overdue=piece.overdue,
        duration_min=piece.inside_min,
        customers=record.customers,
        customer_minutes=piece.customer_minutes,
        momentary=piece.is_momentary(limit_min),
        cause=record.cause,
    )
