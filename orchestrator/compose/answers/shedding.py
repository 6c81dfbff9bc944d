"""Answers on the least load to be shed: how much, where, whether it restores the limits, how near the least it is."""

from collections.abc import Iterator
from functools import partial

from agents.finding import Recommendation
from agents.question import Resolved, SheddingWish
from agents.statement import Draft
from orchestrator.compose.answers.limits import violation_words
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, Say, draft, identifier, listed, reasons, state_name
from orchestrator.compose.proof import past_state, verdict_sentence
from tools.grid.schema.shedding import LoadSheddingPlan

Found = Exhibit[LoadSheddingPlan]

_LOADS_TOLD, _CLASSES_TOLD, _REMAINING_TOLD = 5, 5, 2


def recommended(board: Board, say: Say) -> Iterator[Recommendation]:
    """The plan as advice with its verdict; none where nothing is to be shed."""
    for found in board.every(LoadSheddingPlan):
        result = found.result
        if result.verdict is None or not result.actions:
            continue
        yield Recommendation(
            id="",
            action=result.actions,
            title=say(draft(past_state(found), "Shedding ", found.ref("shed_p_mw"), " in all: ", *_loads(found))),
            verdict=result.verdict,
            before=say(draft("Broken limits: ", found.ref("violations_before"), ".")),
            after=say(draft("Broken limits: ", found.ref("violations_after"), ".")),
            rationale=say(verdict_sentence(found, len(result.reasons))),
            evidence=(found.evidence.id,),
        )


def answer_shedding(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """How much in one line; then from which loads, what it restores, the least there is, and what was asked for."""
    found = board.current(LoadSheddingPlan)
    if found is None:
        return
    yield from _first(found, resolved)
    if found.result.actions:
        yield draft("Shed: ", *_loads(found), ".")
        yield from _classes(found)
        yield from _effect(found)
        yield from _least(found)
    yield from _asked(resolved.shedding)


def _first(found: Found, resolved: Resolved) -> Iterator[Draft]:
    state, result = state_name(found, resolved.hypothesis), found.result
    if not result.needed:
        yield draft(state, ", no load has to be shed: limits that are broken: ", found.ref("violations_before"), ".")
        return
    if not result.actions:
        yield draft(
            state,
            ", no plan was found that sheds load and helps; limits that are broken: ",
            found.ref("violations_before"),
            ".",
        )
        return
    yield draft(
        state,
        ", the least load found that has to be shed is " if result.restored else ", the plan that helps most sheds ",
        found.ref("shed_p_mw"),
        " of ",
        found.ref("demand_p_mw"),
        "; limits restored by it: ",
        found.ref("restored"),
        ".",
    )


def _loads(found: Found) -> list[Piece]:
    """``12 MW of 94.2 MW at load:3 (class 5)``, the first of them."""
    rows = found.result.rows
    said: list[Piece] = [
        [
            found.ref("rows", place, "shed_p_mw"),
            " of ",
            found.ref("rows", place, "demand_p_mw"),
            " at ",
            found.ref("rows", place, "element"),
        ]
        for place in range(min(len(rows), _LOADS_TOLD))
    ]
    more: Piece = "; and at others" if len(rows) > _LOADS_TOLD or found.result.omitted else ""
    return [listed(said, last="; ", comma="; "), more]


def _classes(found: Found) -> Iterator[Draft]:
    """By class, where there is more than one."""
    classes = found.result.by_priority
    if len(classes) > 1:
        said: list[Piece] = [
            ["class ", found.ref("by_priority", place, "priority"), ": ", found.ref("by_priority", place, "shed_p_mw")]
            for place in range(min(len(classes), _CLASSES_TOLD))
        ]
        yield draft("By class, what goes first ahead: ", listed(said, last="; ", comma="; "), ".")


def _effect(found: Found) -> Iterator[Draft]:
    result = found.result
    pieces: list[Piece] = ["Broken limits before: ", found.ref("violations_before"), ", after: "]
    pieces.append(found.ref("violations_after"))
    if result.insecure_before is not None and result.insecure_after is not None:
        pieces += ["; outages that break a limit, before: ", found.ref("insecure_before")]
        pieces += [", after: ", found.ref("insecure_after")]
    yield draft(*pieces, "; verdict: ", found.ref("verdict"), reasons(found, len(found.result.reasons)), ".")
    for place, row in enumerate(result.remaining[:_REMAINING_TOLD]):
        yield draft("What stays: ", violation_words(row, partial(found.ref, "remaining", place)), ".")


def _least(found: Found) -> Iterator[Draft]:
    if found.result.lower_bound_p_mw is not None:
        yield draft(
            "By the linear equations at this plan, without classes and margins, nothing below ",
            found.ref("lower_bound_p_mw"),
            " would do.",
        )


def _asked(wish: SheddingWish | None) -> Iterator[Draft]:
    """What the question says of single loads."""
    if wish is None:
        return
    told = ((wish.first, "first "), (wish.last, "last "), (wish.barred, "not at all "))
    said: list[Piece] = [[words, listed([identifier(ref) for ref in refs])] for refs, words in told if refs]
    if said:
        yield draft("Shed, as asked: ", listed(said, last="; ", comma="; "), ".")
