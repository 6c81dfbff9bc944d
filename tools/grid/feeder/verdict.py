"""The verdict of rule 4 on the switchings, as ``simulate_actions`` gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.grid.schema.simulation import SecuritySummary, SimulateActionsArguments
from tools.grid.simulation import simulate
from tools.vocabulary import ActionVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.grid.feeder.model import Feeder
    from tools.grid.schema.actions import Action
    from tools.grid.schema.reconfiguration import ReconfigureFeederArguments
    from tools.limits import LimitTable

MOST_ALONE = 40
"""Outages of a feeder with several sources are solved one by one: of more than these the verdict is given without."""

_NOTHING = "nothing improves"


@dataclass(frozen=True)
class Judged:
    """A verdict with what it rests on; absent where there is nothing to judge."""

    verdict: ActionVerdict | None = None
    reasons: tuple[str, ...] = ()
    security_before: SecuritySummary | None = None
    security_after: SecuritySummary | None = None


def judged(
    feeder: Feeder,
    limits: LimitTable,
    args: ReconfigureFeederArguments,
    actions: Sequence[Action],
    *,
    saves: bool,
) -> Judged:
    """Prove the switchings like any other actions; lower losses count as an improvement here.

    Args:
        feeder: The feeder as it is.
        limits: The limits.
        args: What was asked.
        actions: Those of the hypothesis and the switchings.
        saves: Whether losses fall.
    """
    in_force = feeder.state.actions
    if tuple(actions[: len(in_force)]) != in_force:
        return Judged(reasons=("the switchings take back an action of the hypothesis",))
    proposed = tuple(actions[len(in_force) :])
    if not proposed:
        return Judged()
    found = simulate(
        feeder.state.grid,
        limits,
        SimulateActionsArguments(
            outages=args.outages, actions=args.actions, proposed=proposed, with_security=_screens(feeder, args)
        ),
    )
    verdict, reasons = found.verdict, found.reasons
    if saves and reasons and reasons[0] == _NOTHING:
        verdict, reasons = ActionVerdict.BEST_AVAILABLE, ("losses are lower", *reasons[1:])
    return Judged(verdict, reasons, found.security_before, found.security_after)


def _screens(feeder: Feeder, args: ReconfigureFeederArguments) -> bool:
    alone = len(feeder.arrays.reference) > 1
    return args.with_security and not (alone and len(feeder.arrays.circuits) > MOST_ALONE)
