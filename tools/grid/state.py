"""A hypothesis laid over a grid: a private copy of the net with outages and actions in force."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.apply_actions import canonical_action, carry_out
from tools.grid.case import case_label
from tools.grid.elements import resolve_element
from tools.grid.grid import Grid
from tools.grid.outages import take_out
from tools.grid.schema.actions import Action, Redispatch
from tools.grid.slack import move_lost_slack
from tools.grid.soundness import require_known_buses

if TYPE_CHECKING:
    from pandapower import pandapowerNet

# What can be out of service; order is the order of preference where a name fits several kinds.
OUTAGE_KINDS = (
    ElementKind.LINE,
    ElementKind.TRAFO,
    ElementKind.TRAFO3W,
    ElementKind.IMPEDANCE,
    ElementKind.DCLINE,
    ElementKind.GEN,
    ElementKind.SGEN,
    ElementKind.EXT_GRID,
    ElementKind.LOAD,
    ElementKind.SHUNT,
    ElementKind.STORAGE,
    ElementKind.WARD,
    ElementKind.XWARD,
    ElementKind.MOTOR,
    ElementKind.BUS,
    ElementKind.SWITCH,
)


@dataclass(frozen=True, eq=False)
class State:
    """One state of a grid, not yet solved.

    Attributes:
        grid: The grid as loaded; its net stays as it was.
        net: Private copy with the hypothesis applied.
        case: Label that every value of this state carries.
        outages: Elements out of service in the hypothesis, each once.
        actions: Actions in force, their elements in canonical form.
        moved_slack: Unit that was made slack because the hypothesis loses the slack; None otherwise.
    """

    grid: Grid
    net: pandapowerNet
    case: str
    outages: tuple[ElementRef, ...] = ()
    actions: tuple[Action, ...] = ()
    moved_slack: ElementRef | None = None


def hypothesis_net(grid: Grid, outages: Sequence[str] = (), actions: Sequence[Action] = ()) -> State:
    """Lay outages and actions over a private copy of the grid; outages first, then actions in their order.

    Args:
        grid: The grid as loaded; not changed.
        outages: Elements by canonical form or name; the same one twice counts once.
        actions: Any of the six actions.

    Raises:
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
        InvalidArgumentError: for an outage or an action that cannot be carried out in this state.
        GridUnavailableError: when elements name buses that the model does not have.
    """
    require_known_buses(grid)
    net = deepcopy(grid.net)
    out = _resolved(net, outages)
    for ref in out:
        take_out(net, ref)
    canonical = _canonical(net, actions)
    carry_out(net, canonical)
    moved = move_lost_slack(net, grid.net) if out or canonical else None
    done = tuple(action for action, _ in canonical)
    _refuse_dispatched_slack(moved, canonical)
    return State(grid, net, case_label(out, done), out, done, moved)


def _resolved(net: pandapowerNet, outages: Sequence[str]) -> tuple[ElementRef, ...]:
    refs = {str(ref): ref for ref in (resolve_element(net, text, OUTAGE_KINDS) for text in outages)}
    return tuple(sorted(refs.values(), key=lambda ref: (ref.kind, ref.index)))


def _canonical(net: pandapowerNet, actions: Sequence[Action]) -> tuple[tuple[Action, ElementRef], ...]:
    """Canonical actions; switching and tap positions that are asked for twice count once, amounts of power add up."""
    done: list[tuple[Action, ElementRef]] = []
    for action in actions:
        pair = canonical_action(net, action)
        if pair not in done or hasattr(action, "p_mw") or isinstance(action, Redispatch):
            done.append(pair)
    return tuple(done)


def _refuse_dispatched_slack(moved: ElementRef | None, actions: Sequence[tuple[Action, ElementRef]]) -> None:
    if moved is not None and any(isinstance(action, Redispatch) and ref == moved for action, ref in actions):
        raise InvalidArgumentError(
            f"actions: {moved} takes the balance because the slack is lost in this state, it cannot be dispatched"
        )
