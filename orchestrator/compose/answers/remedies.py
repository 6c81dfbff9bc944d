"""Answers on remedies: the best that was proven, for the state or after each outage, and what has none."""

from collections.abc import Iterator

from agents.finding import Recommendation
from agents.question import RemedyWish, Resolved
from agents.statement import Draft
from orchestrator.compose.answers.simulation import described_actions
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import N_MINUS_ONE, Piece, Say, branch, draft, identifier, listed, reasons, state_name
from orchestrator.compose.proof import past_state, verdict_sentence
from orchestrator.compose.rest import rest
from tools.grid.schema.remedies import ActionType, Remedy, RemedySearch
from tools.vocabulary import ActionVerdict

Found = Exhibit[RemedySearch]

_MEANS: dict[ActionType, str] = {
    "switch_branch": "switching of branches",
    "redispatch": "redispatch",
    "set_tap": "tap changers",
    "switch_shunt": "shunts",
    "transfer_load": "load transfers",
    "shed_load": "load shedding",
}
_OUTAGES_TOLD = 4
_SHOWN = 3


def recommended(board: Board, say: Say) -> Iterator[Recommendation]:
    """Every remedy with its verdict, in the order of the search; rejected ones where nothing else was found."""
    for found in board.every(RemedySearch):
        for place in ("remedies", "tried"):
            for position, row in enumerate(getattr(found.result, place)):
                yield _recommendation(found, row, say, place, position)


def _recommendation(found: Found, row: Remedy, say: Say, *keys: str | int) -> Recommendation:
    after: Piece = ["After the outage of ", found.ref(*keys, "contingency"), ": "] if row.contingency else ""
    return Recommendation(
        id="",
        action=row.actions,
        title=say(draft(past_state(found), after, _actions(found, row, *keys))),
        verdict=row.verdict,
        before=say(draft("Broken limits: ", found.ref(*keys, "violations_before"), ".")),
        after=say(draft(_limits(found, *keys), " ", _supply(found, *keys))),
        security=say(draft(_security(found, row, *keys))) if row.insecure_after is not None else None,
        rationale=say(verdict_sentence(found, len(row.reasons), *keys)),
        evidence=(found.evidence.id,),
    )


def answer_remedies(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The best remedy of the state, or of each outage that was asked about; then what was left out of the search."""
    found = board.first(RemedySearch)
    if found is None:
        return
    rows, tried = found.result.remedies, found.result.tried
    if found.result.mode == "corrective":
        yield from _after_outages(found)
    elif rows:
        yield from _best(found, rows[0], _whose(found, resolved), "remedies", 0)
    elif tried:
        whose = _whose(found, resolved)
        yield draft(
            whose,
            "every action that was simulated is ",
            found.ref("tried", 0, "verdict"),
            reasons(found, len(tried[0].reasons), "tried", 0),
            ".",
        )
    else:
        yield _nothing_tried(found, resolved)
    yield from _count(found)
    yield from _unused(resolved.remedies)


def _whose(found: Found, resolved: Resolved) -> Piece:
    """The state or the outages that the remedies are for; nothing where the base case itself is meant."""
    if resolved.remedies is not None and resolved.remedies.contingencies:
        return ["Before the outage of ", listed([identifier(ref) for ref in resolved.remedies.contingencies]), ", "]
    return "" if found.is_base else [state_name(found, resolved.hypothesis), ", "]


def _best(found: Found, row: Remedy, whose: Piece, *keys: str | int) -> Iterator[Draft]:
    first = "best of the simulated actions: " if whose else "Best of the simulated actions: "
    verdict: Piece = [found.ref(*keys, "verdict"), reasons(found, len(row.reasons), *keys)]
    yield draft(whose, first, _actions(found, row, *keys), ": ", verdict, ".")
    yield draft(_supply(found, *keys))
    yield draft(_limits(found, *keys))
    if row.insecure_after is not None:
        yield draft(_security(found, row, *keys))


def _after_outages(found: Found) -> Iterator[Draft]:
    """The best remedy after each outage, then the outages that cannot wait for one, and those without any."""
    result = found.result
    best = [(place, row) for place, row in enumerate(result.remedies) if row.rank == 1]
    whole = len(best) == 1
    for place, row in best[:_OUTAGES_TOLD]:
        after: Piece = ["After the outage of ", found.ref("remedies", place, "contingency"), ", "]
        yield from list(_best(found, row, after, "remedies", place))[: None if whole else 1]
    for place, item in enumerate(result.beyond_emergency[:_SHOWN]):
        pieces: list[Piece] = [found.ref("beyond_emergency", place, "element"), " cannot wait for a corrective action"]
        if item.worst is not None:
            pieces += [": ", branch(found, item.worst, "beyond_emergency", place, "worst")]
        elif not item.solved:
            pieces.append(": the power flow after its outage does not solve")
        yield draft(*pieces, ".")
    urgent = range(_SHOWN, len(result.beyond_emergency))
    yield from rest(found, "outages that cannot wait for a corrective action", "beyond_emergency", urgent, None)
    if result.unrelieved:
        named = [found.ref("unrelieved", place) for place in range(min(len(result.unrelieved), _OUTAGES_TOLD))]
        more: Piece = " and others" if len(result.unrelieved) > _OUTAGES_TOLD else ""
        yield draft("Every action that was simulated is rejected after the outage of ", listed(named), more, ".")
    if not (best or result.beyond_emergency or result.unrelieved):
        yield draft(
            "Nothing was simulated: outages asked about that break a limit or do not solve: ",
            found.ref("insecure_outages"),
            ".",
        )


def _nothing_tried(found: Found, resolved: Resolved) -> Draft:
    broken: Piece = ["Broken limits: ", found.ref("violations"), ", outages that break a limit: "]
    broken = [broken, found.ref("insecure_outages")]
    state: Piece = "" if found.is_base else [state_name(found, resolved.hypothesis), ": "]
    return draft(state, "No action was simulated: no kind of grid action promises to help here. ", broken, ".")


def _count(found: Found) -> Iterator[Draft]:
    """How many sets ended how; what is not zero."""
    result = found.result
    counted: list[Piece] = [
        [f"{words} ", found.ref(field)]
        for field, words in (
            (ActionVerdict.VERIFIED.value, "proven"),
            (ActionVerdict.BEST_AVAILABLE.value, "best available"),
            (ActionVerdict.REJECTED.value, "turned down"),
        )
        if getattr(result, field)
    ]
    if counted:
        yield draft("Sets of actions that were simulated: ", listed(counted, last=", "), ".")


def _unused(wish: RemedyWish | None) -> Iterator[Draft]:
    """What the question keeps out of the search."""
    if wish is None:
        return
    kept_out: list[Piece] = [_MEANS[kind] for kind in wish.without]
    kept_out += [identifier(ref) for ref in wish.barred]
    if kept_out:
        yield draft("Kept out of the search, as asked: ", listed(kept_out), ".")


def _actions(found: Found, row: Remedy, *keys: str | int) -> Piece:
    return described_actions(found, row.actions, *keys, "actions")


def _supply(found: Found, *keys: str | int) -> Piece:
    """Load without supply before and after, and what the actions shed on purpose."""
    before, after = found.ref(*keys, "unserved_before_p_mw"), found.ref(*keys, "unserved_after_p_mw")
    return ["Unserved load before: ", before, ", after: ", after, "; shed: ", found.ref(*keys, "shed_p_mw"), "."]


def _limits(found: Found, *keys: str | int) -> Piece:
    pieces: list[Piece] = ["Broken limits before: ", found.ref(*keys, "violations_before"), ", after: "]
    pieces += [found.ref(*keys, "violations_after"), ", of these new: ", found.ref(*keys, "new_violations")]
    return [*pieces, "."]


def _security(found: Found, row: Remedy, *keys: str | int) -> Piece:
    """Outages that break a limit or do not solve, before and after, and how many become worse."""
    pieces: list[Piece] = ["Outages that break a limit"]
    if row.insecure_before is not None:
        pieces += [", before: ", found.ref(*keys, "insecure_before")]
    pieces += [", after: ", found.ref(*keys, "insecure_after")]
    if row.worse_outages is not None:
        pieces += ["; outages made worse: ", found.ref(*keys, "worse_outages")]
    if row.secure_after is not None:
        return [*pieces, "; by the ", N_MINUS_ONE, " criterion after: ", found.ref(*keys, "secure_after"), "."]
    return [*pieces, "; the ", N_MINUS_ONE, " criterion is not checked in full after the action."]
