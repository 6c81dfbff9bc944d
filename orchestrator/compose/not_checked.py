"""What was not checked, and why: left-out elements, calls that failed, sources that are missing."""

from collections.abc import Iterator

from agents.statement import Draft, Statement, Token, TokenKind
from orchestrator.compose.answers.security import of_a_group
from orchestrator.compose.board import Board, Exhibit, R
from orchestrator.compose.phrases import Piece, Say, draft, listed
from tools.causal.schema.causes import RootCauses
from tools.coverage import Coverage
from tools.detection.schema.anomalies import AnomalyReport
from tools.detection.schema.oscillations import OscillationReport
from tools.detection.schema.power_quality import PowerQuality
from tools.detection.schema.quality import DataQuality
from tools.detection.schema.risk import IncidentRisk
from tools.grid.schema.cascade import CascadeSimulation
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.estimation import StateEstimation
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.losses import LossBreakdown
from tools.grid.schema.optimal_dispatch import OptimalDispatch
from tools.grid.schema.outage_detection import OutageDetection
from tools.grid.schema.power_flow import PowerFlow
from tools.grid.schema.reconfiguration import FeederReconfiguration
from tools.grid.schema.remedies import RemedySearch
from tools.grid.schema.restoration import RestorationPlan
from tools.grid.schema.shedding import LoadSheddingPlan
from tools.grid.schema.short_circuit import ShortCircuit
from tools.result import Result
from tools.security.schema.bad_data import BadDataAssessment

_COVERED: tuple[tuple[type[Result], tuple[str, ...]], ...] = (
    (LimitCheck, ("buses", "branches", "units")),
    (ContingencyScreening, ("coverage",)),
    (PowerFlow, ("branches_covered",)),
    (OutageDetection, ("coverage",)),
    (StateEstimation, ("measurements_covered", "buses_covered", "branches_covered")),
    (LossBreakdown, ("coverage",)),
    (ShortCircuit, ("coverage",)),
    (CascadeSimulation, ("coverage",)),
    (RestorationPlan, ("coverage",)),
    (FeederReconfiguration, ("coverage",)),
    (RemedySearch, ("coverage",)),
    (LoadSheddingPlan, ("coverage",)),
    (OptimalDispatch, ("limits_covered",)),
    (DataQuality, ("coverage",)),
    (AnomalyReport, ("coverage",)),
    (OscillationReport, ("coverage",)),
    (PowerQuality, ("coverage",)),
    (BadDataAssessment, ("coverage",)),
    (IncidentRisk, ("coverage",)),
    (RootCauses, ("coverage",)),
)
"""Results that say what they left out, and where."""


def list_not_checked(board: Board, say: Say) -> tuple[Statement, ...]:
    """One sentence for each gap; what several tools left out is said once."""
    said = (say(sentence) for sentence in _gaps(board))
    return tuple({item.text: item for item in said}.values())


def reason_of(board: Board, tool: str, source: str) -> Piece:
    """Why a tool has no result, as it said it; that the source is missing where it was not even called."""
    for call in board.failed:
        if call.tool == tool:
            return Token(kind=TokenKind.QUOTE, text=call.reason.removeprefix("not checked: "))
    return f"no {source}"


def failures(board: Board) -> Iterator[Draft]:
    """Planned calls without a result; what several of them say is said once, for all of them."""
    tools: dict[str, list[str]] = {}
    for call in board.failed:
        tools.setdefault(call.reason, []).append(call.tool)
    for reason, names in tools.items():
        who: list[Piece] = [Token(kind=TokenKind.IDENTIFIER, text=name) for name in dict.fromkeys(names)]
        yield draft(Token(kind=TokenKind.QUOTE, text=reason), " (no result: ", listed(who), ")")


def _gaps(board: Board) -> Iterator[Draft]:
    yield from failures(board)
    for studied, places in _COVERED:
        for exhibit in board.every(studied):
            yield from _uncovered(exhibit, places)
    for dispatch in board.every(OptimalDispatch):
        if dispatch.result.security is not None:
            yield from _left_out(dispatch, dispatch.result.security.outages_covered, "security/outages_covered")
    for screening in board.every(ContingencyScreening):
        if screening.result.diverged_outages:
            yield draft(screening.ref("diverged_outages"), " outages: their power flow diverged.")


def _uncovered(exhibit: Exhibit[R], places: tuple[str, ...]) -> Iterator[Draft]:
    if of_a_group(exhibit):
        return  # the outages that it leaves out are screened beside it
    for place in places:
        yield from _left_out(exhibit, getattr(exhibit.result, place), place)


def _left_out(exhibit: Exhibit[R], coverage: Coverage, place: str) -> Iterator[Draft]:
    for position in range(len(coverage.left_out)):
        here = (place, "left_out", position)
        state: Piece = "" if exhibit.is_base else [" (", exhibit.ref("case"), ")"]
        yield draft(
            exhibit.ref(*here, "count"), " ", exhibit.ref(*here, "what"), state, ": ", exhibit.ref(*here, "reason")
        )
