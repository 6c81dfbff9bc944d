"""Advice: simulated actions as recommendations, best verdict first; procedures where no action is proven."""

from collections.abc import Iterator

from agents.finding import Finding, Recommendation
from agents.question import Resolved
from agents.statement import Draft
from knowledge.schema import StandardsSearch
from orchestrator.compose.answers import reconfiguration, remedies, shedding
from orchestrator.compose.answers.limits import answer_limits
from orchestrator.compose.answers.simulation import (
    described,
    security_words,
    supply_words,
    violations_words,
)
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.membership import own
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.procedures import procedures
from orchestrator.compose.proof import past_state, verdict_sentence
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.simulation import ActionSimulation
from tools.vocabulary import ActionVerdict

_ORDER = (ActionVerdict.VERIFIED, ActionVerdict.BEST_AVAILABLE, ActionVerdict.REJECTED)
_RUNBOOK = "GridCrew runbook"


def ranked(board: Board) -> list[Exhibit[ActionSimulation]]:
    """Simulated actions: verified before best available before rejected, then by what remains broken."""
    return sorted(board.every(ActionSimulation), key=_rank)


def _rank(simulation: Exhibit[ActionSimulation]) -> tuple[int, int, int, float, int]:
    result = simulation.result
    after = result.security_after
    return (
        _ORDER.index(result.verdict),
        result.after.violation_count,
        after.insecure_outages if after else 0,
        result.shed_p_mw,
        len(result.proposed),
    )


def recommend(board: Board, resolved: Resolved, findings: tuple[Finding, ...], say: Say) -> tuple[Recommendation, ...]:
    """All advice of a run: simulated actions, rejected ones shown as such, then what a person should do."""
    if not resolved.intents:
        return ()
    advice = [
        *reconfiguration.recommended(board, say),
        *remedies.recommended(board, say),
        *shedding.recommended(board, say),
        *(_from_simulation(item, say) for item in ranked(board)),
    ]
    proven = any(item.verdict in {ActionVerdict.VERIFIED, ActionVerdict.BEST_AVAILABLE} for item in advice)
    if not proven and _needs_action(board):
        advice += _procedures(board, say)
    advice += procedures(own(board, findings), say)
    return tuple(item.model_copy(update={"id": f"r{number}"}) for number, item in enumerate(advice, start=1))


def _from_simulation(simulation: Exhibit[ActionSimulation], say: Say) -> Recommendation:
    result = simulation.result
    return Recommendation(
        id="",
        action=result.proposed,
        title=say(draft(past_state(simulation), described(simulation))),
        verdict=result.verdict,
        before=say(draft("Broken limits: ", simulation.ref("before", "violation_count"), ".")),
        after=say(draft(violations_words(simulation), " ", supply_words(simulation))) if result.after.solved else None,
        security=say(draft(security_words(simulation))) if result.security_after else None,
        rationale=say(verdict_sentence(simulation, len(result.reasons))),
        evidence=(simulation.evidence.id,),
    )


def _needs_action(board: Board) -> bool:
    """Whether a state that was looked at breaks a limit, lacks supply, or does not bear every single outage."""
    checks = (found.result for found in board.every(LimitCheck))
    screenings = (found.result for found in board.every(ContingencyScreening))
    broken = any(check.violations or check.supply.dead_buses for check in checks)
    return broken or any(screening.secure is False for screening in screenings)


def _procedures(board: Board, say: Say) -> Iterator[Recommendation]:
    """Procedural advice cites a runbook clause; it is never shown as verified."""
    for found in board.every(StandardsSearch):
        for position, hit in enumerate(found.result.hits):
            if hit.document.startswith(_RUNBOOK):
                yield Recommendation(
                    id="",
                    title=say(draft("Follow the procedure ", found.ref("hits", position, "title"))),
                    verdict=ActionVerdict.PROCEDURAL,
                    rationale=say(draft(found.ref("hits", position, "quote"))),
                    evidence=(found.evidence.id,),
                    citations=(hit.id,),
                )
                return


def answer_advice(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The best proven action in one line, or that there is none; then what it is for."""
    yield from remedies.answer_remedies(board, resolved)
    yield from answer_limits(board, resolved)
