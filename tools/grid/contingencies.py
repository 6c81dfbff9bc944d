"""``screen_contingencies``: elements out, one at a time or together, and what becomes of the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError
from tools.grid.elements import resolve_element
from tools.grid.insecurity import InsecureSpan, union
from tools.grid.inventory import CIRCUIT_KINDS
from tools.grid.schema.contingencies import ContingencyScreening, ScreenContingenciesArguments
from tools.grid.screening.answer import Answer
from tools.grid.screening.choice import chosen, circuit_of
from tools.grid.screening.doubles import claim_of, doubles_of, study_doubles
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.screen import screen
from tools.grid.screening.security import security, with_units
from tools.grid.screening.sequences import SequenceRows, SequenceStudy, sequences_of
from tools.grid.screening.sets import SetStudy
from tools.grid.screening.study import OutageSet, joined, study_of
from tools.grid.span import Hypothesis, moments_of, span_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tools.context import ToolContext
    from tools.grid.grid import Grid
    from tools.grid.schema.span import SpanCoverage

TIMES_SHOWN = 50


def screen_contingencies(ctx: ToolContext, args: ScreenContingenciesArguments) -> ContingencyScreening:
    """Take elements out, one or two at a time (lines and transformers unless asked otherwise): what does it cost?

    Units that trip are made up for by the slack, or by the other units (``balance``); groups go out together. Unit
    reactive limits are not enforced by the solution; units beyond them are counted. docs/method.md explains the
    outcome, the score and the claim ``secure``.

    Raises:
        NotSolvedError: when the state before the outages does not solve.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for elements that cannot be taken out.
    """
    _check(args)
    grid = ctx.grids.grid(args.at)
    state = resident(grid, args.outages, args.actions, ctx.limits)
    if args.order == 1:
        answer = _singles(ctx, args, state)
    else:
        answer = _doubles(ctx, args, state) if args.sequence == "simultaneous" else _sequences(ctx, args, state, grid)
    answer = answer.model_copy(update={"basis": grid.basis})
    return answer if args.since is None else _with_span(ctx, args, args.since, answer)


def _singles(ctx: ToolContext, args: ScreenContingenciesArguments, state: Resident) -> ContingencyScreening:
    """Order 1: circuits in one batch, then units, then groups."""
    choice = chosen(state, args)
    wanted = [circuit_of(state, text, "overloading") for text in args.overloading]
    screened = screen(state, choice.circuits, wanted)
    claim = security(state, screened, ctx.limits, all_kinds=len(choice.circuits) == len(state.refs))
    study = study_of(state, screened)
    sets = (*choice.units, *choice.groups)
    if sets:
        more = SetStudy(state, shared=args.balance == "units").study(sets, np.array(wanted, dtype=np.int64))
        claim = with_units(claim, more, len(choice.units), choice.left_out)
        study = joined(study, more)
    answer = Answer(state, study, claim, args, None).build()
    return answer.model_copy(update={"balance": args.balance if _units_in(sets) else None})


def _doubles(ctx: ToolContext, args: ScreenContingenciesArguments, state: Resident) -> ContingencyScreening:
    """Order 2: pairs."""
    choice = chosen(state, args)
    doubles = doubles_of(state, choice, chosen(state, args.model_copy(update={"elements": ()})))
    wanted = [circuit_of(state, text, "overloading") for text in args.overloading]
    solved = study_doubles(state, doubles, np.array(wanted, dtype=np.int64), args, ctx.spreading)
    claim = claim_of(state, solved.study, (*choice.left_out, *solved.left_out))
    answer = Answer(state, solved.study, claim, args, None).build()
    balance = args.balance if _units_in(doubles.sets) else None
    return answer.model_copy(update={"order": 2, "screening": solved.report, "balance": balance})


def _sequences(
    ctx: ToolContext, args: ScreenContingenciesArguments, state: Resident, grid: Grid
) -> ContingencyScreening:
    """N-1-1: each second outage in the adjusted state after each first one."""
    choice = chosen(state, args)
    wanted = sequences_of(state, args, choice, chosen(state, args.model_copy(update={"elements": ()})))
    for text in args.overloading:
        circuit_of(state, text, "overloading")
    sequences = SequenceStudy(state, grid, ctx.limits, args, wanted)
    study = sequences.study()
    claim = claim_of(state, study, (*sequences.left_out, *choice.left_out))
    answer = Answer(state, study, claim, args, None, lambda scores: SequenceRows(sequences, study, scores)).build()
    units = _units_in([OutageSet((ref,)) for ref in wanted.second])
    update = {"order": 2, "sequence": "sequential", "balance": args.balance if units else None}
    return answer.model_copy(update=update)


def _units_in(sets: Sequence[OutageSet]) -> bool:
    circuits = set(CIRCUIT_KINDS)
    return any(ref.kind not in circuits for outage in sets for ref in outage.refs)


def _check(args: ScreenContingenciesArguments) -> None:
    """What does not go together: a span is looked through for single outages of lines and transformers only."""
    if args.order > 1 and args.groups:
        raise InvalidArgumentError("groups: they go out beside single outages; leave them out with order 2")
    if (args.order == 1 and args.sequence == "sequential") or (args.sequence == "simultaneous" and args.adjustments):
        raise InvalidArgumentError("adjustments: they come between two outages; ask for order 2, sequence sequential")
    if args.affected and args.sequence == "sequential":
        raise InvalidArgumentError("affected: sequential outages have no common state to compare; leave it out")
    units = set(args.kinds) - {kind.value for kind in CIRCUIT_KINDS}
    if args.since is not None and (units or args.groups or args.order > 1):
        raise InvalidArgumentError(
            "since: a span is looked through for single outages of lines and transformers only; "
            "leave out units, groups and order 2, or ask for one time"
        )


def _with_span(
    ctx: ToolContext, args: ScreenContingenciesArguments, since: datetime, answer: ContingencyScreening
) -> ContingencyScreening:
    """The answer for the end of a span, with the intervals of the whole span."""
    end = args.at or ctx.clock.as_of
    span = span_of(ctx, Hypothesis(args.outages, args.actions), since, end)
    moments = moments_of(span, since, end, args.step_min)
    insecure = InsecureSpan(span, ctx.limits, lambda state: _present(state, args))
    found = insecure.find(moments)
    times, coverage = union(found), span.coverage(since, end, args.step_min)
    page = found[args.offset : args.offset + args.limit]
    return answer.model_copy(
        update={
            "intervals": tuple(insecure.row(item) for item in page),
            "intervals_omitted": len(found) - len(page),
            "insecure_times": tuple(times[:TIMES_SHOWN]),
            "insecure_times_omitted": max(len(times) - TIMES_SHOWN, 0),
            "span": coverage,
            "secure_over_span": _secure_over(answer, coverage, found=bool(times)),
        }
    )


def _secure_over(answer: ContingencyScreening, span: SpanCoverage, *, found: bool) -> bool | None:
    """The claim of the state at the end, for all of the span: what was not looked at is not called secure."""
    if found or answer.secure is False:
        return False
    unseen = span.unmeasured or span.unsolved or span.not_screened
    return None if unseen else answer.secure


def _present(state: Resident, args: ScreenContingenciesArguments) -> list[int]:
    """Circuits asked for; one that is out at some time of a span is passed over at that time."""
    if not args.elements:
        return list(chosen(state, args).circuits)
    refs = {resolve_element(state.solved.net, text, CIRCUIT_KINDS) for text in args.elements}
    return [place for place, ref in enumerate(state.refs) if ref in refs]
