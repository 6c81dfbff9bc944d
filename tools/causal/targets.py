"""What is to be explained: a sensor, an element or an asset, and which candidates reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.causal.witnesses import witnesses_of
from tools.telemetry.selection import choose_sensors

if TYPE_CHECKING:
    from tools.causal.candidate import Candidate
    from tools.causal.evidence import Evidence
    from tools.context import ToolContext

from tools.element import parse_canonical
from tools.errors import UnknownElementError
from tools.grid.elements import element_ref


@dataclass(frozen=True)
class Target:
    """What is to be explained.

    Attributes:
        names: Canonical forms of the target itself and of its sensors.
        text: As it was named.
    """

    names: frozenset[str]
    text: str


def target_of(ctx: ToolContext, text: str | None) -> Target | None:
    """The target; None when everything is to be explained.

    Raises:
        UnknownElementError, AmbiguousElementError: for a name that is not there, or that fits several.
    """
    if text is None:
        return None
    known = ctx.telemetry.sensors() if ctx.telemetry is not None else ()
    wanted = text.strip()
    canonical = parse_canonical(wanted)
    if canonical is not None:
        element = element_ref(ctx.loaded_grid().net, *canonical)
        own = [str(sensor.ref) for sensor in known if str(sensor.element) == str(element)]
        return Target(frozenset({str(element), *own}), text)
    if any(sensor.name == wanted.removeprefix("sensor:") for sensor in known):
        return Target(frozenset({f"sensor:{wanted.removeprefix('sensor:')}"}), text)
    try:
        measuring = choose_sensors(known, elements=(wanted,))
    except UnknownElementError:
        names = {sensor.name for sensor in known} | {sensor.asset for sensor in known if sensor.asset}
        raise UnknownElementError("sensor, element or asset", wanted, names) from None
    return Target(
        frozenset(
            {str(sensor.ref) for sensor in measuring}
            | {str(sensor.element) for sensor in measuring if sensor.element is not None}
            | {f"asset:{sensor.asset}" for sensor in measuring if sensor.asset}
        ),
        text,
    )


def concerns(evidence: Evidence, target: Target | None, candidate: Candidate) -> bool:
    """Whether a candidate is at the target, or is shown by a sensor of it."""
    if target is None:
        return True
    own = {str(candidate.element), str(candidate.subject)}
    if own & target.names:
        return True
    return any(str(ref) in target.names for ref in witnesses_of(evidence, candidate))
