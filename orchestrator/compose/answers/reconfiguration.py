"""Answers on the configuration of a feeder: the switchings, what they save, and how sure it is."""

from collections.abc import Iterator

from agents.finding import Recommendation
from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, Say, bus, draft, listed, reasons, state_name
from orchestrator.compose.proof import past_state, verdict_sentence
from tools.grid.schema.reconfiguration import FeederReconfiguration

Found = Exhibit[FeederReconfiguration]


def recommended(board: Board, say: Say) -> Iterator[Recommendation]:
    """The switchings as advice with their verdict; none where nothing is to be switched."""
    for found in board.every(FeederReconfiguration):
        result = found.result
        if result.verdict is None or not result.after.solved:
            continue
        before: list[Piece] = ["Unserved load: ", found.ref("before", "supply", "unserved_p_mw")]
        if result.before.loss_p_kw is not None:
            before += ["; losses: ", found.ref("before", "loss_p_kw")]
        yield Recommendation(
            id="",
            action=tuple(step.action for step in result.switchings),
            title=say(draft(past_state(found), _switchings(found))),
            verdict=result.verdict,
            before=say(draft(*before, ".")),
            after=say(
                draft(
                    "Unserved load: ",
                    found.ref("after", "supply", "unserved_p_mw"),
                    "; losses: ",
                    found.ref("after", "loss_p_kw"),
                    "; broken limits: ",
                    found.ref("after", "violation_count"),
                    ".",
                )
            ),
            rationale=say(verdict_sentence(found, len(result.reasons))),
            evidence=(found.evidence.id,),
        )


def answer_reconfiguration(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Switchings and losses in one line; then verdict, voltages, proof, order, alternatives, what was not searched."""
    found = board.current(FeederReconfiguration)
    if found is None:
        return
    yield _first(found, resolved)
    yield from _verdict(found)
    yield from _supply(found)
    yield from _voltages(found)
    yield _proof(found)
    yield from _order(found)
    yield from _paths(found)
    yield from _fewer(found)
    yield from _agent(found)


def _first(found: Found, resolved: Resolved) -> Draft:
    result = found.result
    state = state_name(found, resolved.hypothesis)
    if not result.switchings:
        return draft(state, ", nothing is to be switched: the present configuration is the best one found.")
    pieces: list[Piece] = [state, ": ", _switchings(found)]
    if result.after.loss_p_kw is not None:
        pieces += ["; losses then: ", found.ref("after", "loss_p_kw")]
        if result.loss_reduction_kw is not None and result.before.loss_p_kw is not None:
            pieces += [", before: ", found.ref("before", "loss_p_kw")]
    return draft(*pieces, ".")


def _switchings(found: Found) -> Piece:
    """``close line:32 and line:34, open line:10``."""
    steps = list(enumerate(found.result.switchings))
    parts: list[Piece] = []
    for closed, word in ((True, "close "), (False, "open ")):
        named = [found.ref("switchings", at, "element") for at, step in steps if step.action.closed is closed]
        if named:
            parts.append([word, listed(named)])
    return listed(parts, last=", ")


def _supply(found: Found) -> Iterator[Draft]:
    before, after = found.result.before, found.result.after
    if before.supply.dead_buses or after.supply.dead_buses:
        yield draft(
            "Unserved load before: ",
            found.ref("before", "supply", "unserved_p_mw"),
            ", after: ",
            found.ref("after", "supply", "unserved_p_mw"),
            ".",
        )


def _voltages(found: Found) -> Iterator[Draft]:
    before, after = found.result.before.lowest_voltage, found.result.after.lowest_voltage
    if after is None:
        return
    pieces: list[Piece] = ["Lowest voltage after: ", bus(found, after, "after", "lowest_voltage")]
    if before is not None:
        pieces += ["; before: ", bus(found, before, "before", "lowest_voltage")]
    pieces += ["; broken limits before: ", found.ref("before", "violation_count")]
    yield draft(*pieces, ", after: ", found.ref("after", "violation_count"), ".")


def _proof(found: Found) -> Draft:
    result = found.result
    pieces: list[Piece] = ["Best configuration proven: ", found.ref("proven"), " (", found.ref("proof"), ")"]
    if result.max_switchings is not None:
        pieces += ["; most switchings allowed: ", found.ref("max_switchings")]
    if result.configurations is not None:
        pieces += ["; radial configurations that exist: ", found.ref("configurations")]
    pieces += [", searched: ", found.ref("searched"), ", of these excluded by the bound: ", found.ref("excluded")]
    if result.gap_percent is not None and not result.proven:
        pieces += ["; a better one could save at most ", found.ref("gap_percent")]
    return draft(*pieces, ".")


def _verdict(found: Found) -> Iterator[Draft]:
    if found.result.verdict is not None:
        yield draft("Verdict on the switchings: ", found.ref("verdict"), reasons(found, len(found.result.reasons)), ".")


def _order(found: Found) -> Iterator[Draft]:
    steps = found.result.switchings
    if not steps:
        return
    named: list[Piece] = []
    for at, step in enumerate(steps):
        word = "close " if step.action.closed else "open "
        named.append([word, found.ref("switchings", at, "element"), " (loop)" if step.makes_loop else ""])
    yield draft("In this order: ", listed(named, last=", then ", comma=", then "), ".")
    worst = max(range(len(steps)), key=lambda at: steps[at].unserved_p_mw)
    yield draft("Most load without supply after any step: ", found.ref("switchings", worst, "unserved_p_mw"), ".")


def _paths(found: Found) -> Iterator[Draft]:
    asked = found.evidence.arguments.get("paths_to")
    for at, path in enumerate(found.result.after.paths if asked else ()):
        keys = ("after", "paths", at)
        branches = [found.ref(*keys, "steps", step) for step in range(len(path.steps))]
        yield draft(
            "Path to ",
            found.ref(*keys, "element"),
            " after: ",
            listed(branches, last=", "),
            "; losses on it: ",
            found.ref(*keys, "loss_p_kw"),
            ".",
        )


def _fewer(found: Found) -> Iterator[Draft]:
    for at, row in enumerate(found.result.fewer_switchings[:2]):
        keys = ("fewer_switchings", at)
        parts: list[Piece] = []
        for field, word in (("closing", "close "), ("opening", "open ")):
            if count := len(getattr(row, field)):
                parts.append([word, listed([found.ref(*keys, field, place) for place in range(count)])])
        yield draft(
            "With fewer switchings, ",
            found.ref(*keys, "switchings"),
            ": ",
            listed(parts, last=", "),
            "; losses: ",
            found.ref(*keys, "loss_p_kw"),
            ".",
        )


def _agent(found: Found) -> Iterator[Draft]:
    agent = found.result.agent
    if agent is not None and agent.solved and agent.above_best_percent is not None:
        yield draft(
            "For comparison, the learning agent ends at ",
            found.ref("agent", "objective_kw"),
            ", above the best by ",
            found.ref("agent", "above_best_percent"),
            ".",
        )
