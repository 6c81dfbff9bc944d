"""Answers on losses: how much, in what, by which cause, and where one more MW would lose most."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.state import supply_lost
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, state_name
from tools.element import ElementKind
from tools.grid.schema.losses import LossBreakdown
from tools.grid.schema.power_flow import PowerFlow

_IN = {
    ElementKind.LINE: "lines",
    ElementKind.TRAFO: "transformers",
    ElementKind.TRAFO3W: "transformers with a tertiary winding",
    ElementKind.IMPEDANCE: "impedances",
    ElementKind.DCLINE: "direct current lines",
}
_SHOWN = 5
_NO_IRON = ", as the model has neither"


def answer_losses(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Losses of the state asked for; the whole first, then its parts."""
    found = board.current(LossBreakdown)
    if found is None:
        return
    state = state_name(found, resolved.hypothesis)
    flow = board.current(PowerFlow)
    if flow is not None:
        yield from supply_lost(flow, state)
    yield from _total(found, state)
    if found.result.loss_p_mw <= 0:
        return
    yield from _causes(found)
    yield from _levels(found)
    yield from _elements(found)
    yield from _marginal(found)


def _total(found: Exhibit[LossBreakdown], state: Piece) -> Iterator[Draft]:
    share: Piece = [" (", found.ref("loss_percent"), " of the generation)"] if found.result.loss_percent else ""
    parts: list[Piece] = []
    for place, row in enumerate(found.result.kinds):
        part: list[Piece] = [found.ref("kinds", place, "kind_loss_p_mw"), f" in {_IN[row.kind]}"]
        if row.kind_share_percent is not None:
            part += [" (", found.ref("kinds", place, "kind_share_percent"), ")"]
        parts.append(part)
    inside: Piece = [": ", listed(parts)] if parts else ""
    yield draft(state, ", losses ", found.ref("loss_p_mw"), share, inside, ".")


def _causes(found: Exhibit[LossBreakdown]) -> Iterator[Draft]:
    result = found.result
    pieces: list[Piece] = [
        ["by current (conductors and windings) ", found.ref("series_loss_p_mw")],
        ["by voltage (iron and leakage) ", found.ref("shunt_loss_p_mw"), "" if result.shunt_loss_p_mw else _NO_IRON],
    ]
    if result.undivided_loss_p_mw:
        pieces.append(["not told apart by the model ", found.ref("undivided_loss_p_mw")])
    yield draft("By cause: ", listed(pieces, last="; ", comma="; "), ".")


def _levels(found: Exhibit[LossBreakdown]) -> Iterator[Draft]:
    rows = found.result.levels
    if len(rows) < 2:  # noqa: PLR2004 - a single level is the whole
        return
    parts: list[Piece] = []
    for place, row in enumerate(rows[:_SHOWN]):
        level: list[Piece] = [found.ref("levels", place, "vn_kv")]
        if row.lower_vn_kv is not None:
            level += [" to ", found.ref("levels", place, "lower_vn_kv")]
        parts.append([*level, ": ", found.ref("levels", place, "level_loss_p_mw")])
    yield draft("By voltage level: ", listed(parts, last="; ", comma="; "), ".")


def _elements(found: Exhibit[LossBreakdown]) -> Iterator[Draft]:
    parts: list[Piece] = []
    for place, row in enumerate(found.result.branches[:_SHOWN]):
        part: list[Piece] = [found.ref("branches", place, "element"), " ", found.ref("branches", place, "loss_p_mw")]
        if row.share_percent is not None:
            part += [" (", found.ref("branches", place, "share_percent"), ")"]
        parts.append(part)
    if parts:
        yield draft("By branch, largest first: ", listed(parts, last="; ", comma="; "), ".")


def _marginal(found: Exhibit[LossBreakdown]) -> Iterator[Draft]:
    if found.result.marginal_losses:
        yield draft(
            "Drawing more power costs the largest further losses at ",
            found.ref("marginal_losses", 0, "element"),
            ": ",
            found.ref("marginal_losses", 0, "marginal_loss_percent"),
            " of what is added.",
        )
