"""What a search may use, at what price, and how far it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.grid.remedies.levers import Lever, LeverKind, load_levers, shunt_levers, tap_levers, tie_levers, unit_levers
from tools.grid.schema.actions import Action, Redispatch

if TYPE_CHECKING:
    from tools.grid.schema.remedies import LoadTie
    from tools.grid.screening.resident import Resident

UNITS = frozenset({LeverKind.REDISPATCH, LeverKind.TRANSFER_LOAD})
STEPS = frozenset({LeverKind.SET_TAP, LeverKind.SWITCH_SHUNT})
LOADS = frozenset({LeverKind.SHED_LOAD})
SWITCH = "switch_branch"
# Prices of the search in MW moved: a step is worth some MW, load is shed only where nothing else helps.
STEP_PRICE, SHED_PRICE, LEAST_PRICE = 3.0, 50.0, 1e-3


@dataclass(frozen=True)
class Effort:
    """How far a search goes.

    Attributes:
        switchings: Switched branches that are planned on.
        closings: Open branches that are tried closed.
        simulations: Sets without load shedding that are simulated at most.
        with_shedding: The same of sets with it.
        outages: Outages whose limits a plan looks at, those with least room first; all are solved.
        every: Whether to go on to load shedding and partial remedies when a remedy without them is verified, and to
            plan again with a wider margin where a plan does harm.
    """

    switchings: int
    closings: int
    simulations: int
    with_shedding: int
    outages: int
    every: bool = False


QUICK = Effort(switchings=1, closings=2, simulations=4, with_shedding=3, outages=25)
"""For advice beside an answer or in a report."""
THOROUGH = Effort(switchings=3, closings=12, simulations=16, with_shedding=8, outages=50, every=True)


@dataclass(frozen=True)
class Means:
    """What may be used.

    Attributes:
        allowed: Types of action.
        barred: Elements that may not be touched, canonical.
        price_per_mw: Price of a MW of a unit or load, by element; what has none is as dear as the dearest.
        ties: Ties through which load can be transferred.
        ramp_mw: Most that units move in the time there is; None where time does not bind.
    """

    allowed: frozenset[str] = frozenset({SWITCH, *LeverKind})
    barred: frozenset[str] = frozenset()
    price_per_mw: Mapping[str, float] = field(default_factory=dict)
    ties: tuple[LoadTie, ...] = ()
    ramp_mw: Mapping[str, float] | None = None

    def price_of(self, lever: Lever) -> float:
        """Price of one MW or step, the dearest MW of a unit being one; load is dearer than any unit."""
        if lever.kind in {LeverKind.SET_TAP, LeverKind.SWITCH_SHUNT}:
            return STEP_PRICE
        dearest = max(self.price_per_mw.values(), default=0.0) or 1.0
        share = max(self.price_per_mw.get(lever.element, dearest) / dearest, LEAST_PRICE)
        return SHED_PRICE * (1.0 + share) if lever.kind is LeverKind.SHED_LOAD else share

    def levers(self, state: Resident, kinds: frozenset[LeverKind]) -> tuple[Lever, ...]:
        """What may be moved in a state, of the wanted kinds."""
        makers: tuple[tuple[LeverKind, Callable[[], tuple[Lever, ...]]], ...] = (
            (LeverKind.REDISPATCH, lambda: unit_levers(state, self.ramp_mw)),
            (LeverKind.SET_TAP, lambda: tap_levers(state)),
            (LeverKind.SWITCH_SHUNT, lambda: shunt_levers(state)),
            (LeverKind.TRANSFER_LOAD, lambda: tie_levers(state, self.ties)),
            (LeverKind.SHED_LOAD, lambda: load_levers(state)),
        )
        wanted = kinds & self.allowed
        return tuple(
            lever for kind, make in makers if kind in wanted for lever in make() if lever.element not in self.barred
        )

    def cost(self, actions: Sequence[Action]) -> float:
        """Price of the MW in a set of actions."""
        return sum(abs(mw_of(one)) * self.price_per_mw.get(one.element, 0.0) for one in actions)


def mw_of(action: Action) -> float:
    """Active power that an action moves; zero for a step or a switch."""
    return action.delta_p_mw if isinstance(action, Redispatch) else getattr(action, "p_mw", 0.0)
