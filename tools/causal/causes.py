"""The tool ``attribute_root_cause``: from what was found to what caused it, how sure that is, and what would decide.

Candidates come from the deterministic tools (sensors, transformers, logs) and from what loads, units and branches did
by their own readings. Each is put into a causal model made from the grid's topology and equations; DoWhy attributes
the departure of what it explains, answers what would have been without it, and tries to refute the effect. Rules give
the verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from threadpoolctl import threadpool_limits

from tools.causal.evidence import Evidence, gather
from tools.causal.rows import cause_row
from tools.causal.schema.causes import AttributeRootCauseArguments, Cause, CausePart, Check, Event, RootCauses
from tools.causal.sequence import sequence_of
from tools.causal.targets import Target, concerns, target_of
from tools.causal.weighing import MOST_MODELS, candidates_of, weigh
from tools.coverage import Coverage, LeftOut
from tools.errors import GridUnavailableError
from tools.grid.elements import element_ref
from tools.vocabulary import CauseVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tools.causal.candidate import Candidate
    from tools.context import ToolContext
    from tools.element import ElementRef

_EVENTS, _HIDDEN = 40, 20
_Row = TypeVar("_Row", Cause, CausePart, Check, Event)
_ORDER = {CauseVerdict.CONFIRMED: 0, CauseVerdict.LIKELY: 1, CauseVerdict.INCONCLUSIVE: 2}


def attribute_root_cause(ctx: ToolContext, args: AttributeRootCauseArguments) -> RootCauses:
    """Name the causes of what departed in a time, with proof, or say that it is inconclusive and what to inspect.

    Raises:
        SourceMissingError: when there is neither telemetry nor any log.
        UnknownElementError, AmbiguousElementError: for a target that is not there.
    """
    start, end = args.span(ctx.clock)
    target = target_of(ctx, args.target)
    with threadpool_limits(limits=1, user_api="blas"):
        evidence = gather(ctx, start, end)
        found = [one for one in candidates_of(evidence) if concerns(evidence, target, one) and _within(one, start, end)]
        judged, without = weigh(ctx, evidence, found)
        rows = sorted((cause_row(evidence, one) for one in judged), key=_order)
    page = rows[args.offset : args.offset + args.limit]
    events = sequence_of([one.candidate for one in judged], evidence.log)
    hidden = evidence.power.hidden if evidence.power is not None else ()
    return RootCauses(
        start=start,
        end=end,
        verdict=rows[0].verdict if rows else CauseVerdict.INCONCLUSIVE,
        causes=tuple(_named(ctx, row) for row in page),
        omitted=len(rows) - len(page),
        sequence=tuple(_named(ctx, event) for event in events[:_EVENTS]),
        sequence_omitted=max(0, len(events) - _EVENTS),
        hidden=tuple(_ref(ctx, one) for one in hidden[:_HIDDEN]),
        hidden_omitted=max(0, len(hidden) - _HIDDEN),
        coverage=_coverage(evidence, target, rows, without),
        simulated=evidence.simulated,
    )


def _within(candidate: Candidate, start: datetime, end: datetime) -> bool:
    """Whether a candidate touches the time asked about."""
    return candidate.start <= end and (candidate.end is None or candidate.end >= start)


def _order(cause: Cause) -> tuple[int, int, float, str]:
    return _ORDER[cause.verdict], -cause.severity.rank, -cause.strength, str(cause.element or cause.subject)


def _named(ctx: ToolContext, row: _Row) -> _Row:
    """With the elements' names in the grid model, in the row and in what it holds."""
    changed: dict[str, object] = {}
    if row.element is not None:
        changed["element"] = _ref(ctx, row.element)
    if isinstance(row, Cause):
        changed["parts"] = tuple(_named(ctx, part) for part in row.parts)
        changed["inspect"] = tuple(_named(ctx, check) for check in row.inspect)
    return row.model_copy(update=changed)


def _ref(ctx: ToolContext, element: ElementRef) -> ElementRef:
    try:
        return element_ref(ctx.loaded_grid().net, element.kind, element.index)
    except GridUnavailableError:
        return element


def _coverage(evidence: Evidence, target: Target | None, rows: Sequence[Cause], without: int) -> Coverage:
    """What was looked at; that nothing concerns a target is said."""
    left_out = list(evidence.left_out)
    if target is not None and not rows:
        reason = "nothing that was found concerns it, nor does any of its sensors show a disturbance"
        left_out.append(LeftOut(what=f"cause of {target.text}", count=1, reason=reason))
    if without:
        reason = f"only the {MOST_MODELS} strongest candidates get a causal model; a shorter time would be right"
        left_out.append(LeftOut(what="causal models", count=without, reason=reason))
    under = evidence.coverage
    return Coverage(
        checked=under.checked if under is not None else 0,
        solved=under.solved if under is not None else 0,
        left_out=(*(under.left_out if under is not None else ()), *left_out),
    )
