"""What was not checked, and why: left-out elements, calls that failed, sources that are missing."""

from collections.abc import Iterator

from agents.statement import Draft, Statement, Token, TokenKind
from orchestrator.compose.board import Board, Exhibit, R
from orchestrator.compose.phrases import Piece, Say, draft, listed
from tools.coverage import Coverage
from tools.detection.schema.anomalies import AnomalyReport
from tools.detection.schema.quality import DataQuality
from tools.grid.schema.cascade import CascadeSimulation
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.power_flow import PowerFlow


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
    for check in board.every(LimitCheck):
        for place in ("buses", "branches", "units"):
            yield from _left_out(check, getattr(check.result, place), place)
    for screening in board.every(ContingencyScreening):
        yield from _left_out(screening, screening.result.coverage, "coverage")
        if screening.result.diverged_outages:
            yield draft(screening.ref("diverged_outages"), " outages: their power flow diverged.")
    for flow in board.every(PowerFlow):
        yield from _left_out(flow, flow.result.branches_covered, "branches_covered")
    yield from _uncovered(board)


def _uncovered(board: Board) -> Iterator[Draft]:
    """What tools with one coverage alone left out."""
    for cascade in board.every(CascadeSimulation):
        yield from _left_out(cascade, cascade.result.coverage, "coverage")
    for quality in board.every(DataQuality):
        yield from _left_out(quality, quality.result.coverage, "coverage")
    for report in board.every(AnomalyReport):
        yield from _left_out(report, report.result.coverage, "coverage")


def _left_out(exhibit: Exhibit[R], coverage: Coverage, place: str) -> Iterator[Draft]:
    for position in range(len(coverage.left_out)):
        here = (place, "left_out", position)
        state: Piece = "" if exhibit.is_base else [" (", exhibit.ref("case"), ")"]
        yield draft(
            exhibit.ref(*here, "count"), " ", exhibit.ref(*here, "what"), state, ": ", exhibit.ref(*here, "reason")
        )
