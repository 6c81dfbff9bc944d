"""What the state of a grid rests on: how many readings, how old, what stands in for others, what is out."""

from collections.abc import Iterator

from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed
from tools.grid.schema.power_flow import PowerFlow

_SHOWN = 4


def answer_basis(board: Board) -> Iterator[Draft]:
    """The basis of the first solved state; a state of the model alone has none and says so."""
    flow = board.first(PowerFlow)
    if flow is None:
        return
    basis = flow.result.basis
    if basis is None:
        yield draft("The state is that of the grid model: no measured value is in it.")
        return
    yield draft(
        "State at ",
        flow.ref("basis", "at"),
        ": values from readings ",
        flow.ref("basis", "measured"),
        ", without a reading ",
        flow.ref("basis", "missing"),
        _age(flow),
        " (simulated)" if basis.simulated else "",
        ".",
    )
    if basis.outages:
        out: list[Piece] = [flow.ref("basis", "outages", place) for place in range(min(len(basis.outages), _SHOWN))]
        yield draft("Out of service by log or record: ", listed(out), ".")
    for place in range(min(len(basis.substituted), _SHOWN)):
        yield draft(_substitution(flow, place), ".")
    if basis.substituted_omitted or len(basis.substituted) > _SHOWN:
        yield draft("Further values that are no fresh, good reading stand in the evidence.")


def _age(flow: Exhibit[PowerFlow]) -> Piece:
    if flow.result.basis is None or flow.result.basis.oldest_age_s is None:
        return ""
    return [", the oldest of them ", flow.ref("basis", "oldest_age_s"), " old"]


def _substitution(flow: Exhibit[PowerFlow], place: int) -> Piece:
    here = ("basis", "substituted", place)
    return [
        flow.ref(*here, "element"),
        ", ",
        flow.ref(*here, "quantity"),
        ": the reading is ",
        flow.ref(*here, "reason"),
        ", ",
        flow.ref(*here, "used"),
        " is used",
    ]
