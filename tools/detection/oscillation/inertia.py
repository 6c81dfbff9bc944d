"""Kinetic energy of a system: from the inertia constants of its units, and from the rate that a known loss caused.

At the first moment after a loss of ``dP`` only the rotating masses give: ``df/dt = - f0 dP / (2 E)``, with ``E`` the
kinetic energy at nominal frequency (P. Kundur, "Power System Stability and Control", 1994, 11.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.coverage import LeftOut
from tools.detection.schema.oscillations import FrequencyEvent, InertiaBasis, SystemInertia, UnitInertia
from tools.element import ElementKind, parse_canonical
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandapower import pandapowerNet

_UNITS = (ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID)
COLUMN = "h_s"
"""Column of a unit table of the grid model that holds inertia constants in seconds, where somebody added one."""


def from_units(net: pandapowerNet | None, stated: Sequence[UnitInertia]) -> tuple[SystemInertia | None, list[LeftOut]]:
    """Inertia of the units in service whose constant is stated or stands in the model, and what is not known of it.

    Raises:
        InvalidArgumentError: for a stated unit that the grid does not have, or that has no rating.
    """
    if net is None:
        return None, [LeftOut(what="inertia", count=1, reason="no grid model with units")]
    known, unknown = _ratings(net, stated)
    if not known:
        reason = "the inertia constants of the units are not known"
        return None, [LeftOut(what="inertia of units", count=unknown, reason=reason)]
    energy = sum(h_s * rated for h_s, rated in known)
    rated = sum(rated for _, rated in known)
    left = [LeftOut(what="inertia of units", count=unknown, reason="their constants are not known")] if unknown else []
    found = SystemInertia(
        basis=InertiaBasis.GENERATION_MIX,
        kinetic_energy_mws=energy,
        h_s=energy / rated,
        rated_mva=rated,
        units=len(known),
        units_unknown=unknown,
    )
    return found, left


def from_event(event: FrequencyEvent | None, lost_mw: float | None, nominal_hz: float) -> SystemInertia | LeftOut:
    """Inertia from the largest event and the loss that caused it, or why it cannot be said."""
    if event is None:
        return LeftOut(what="inertia from an event", count=1, reason="no frequency event in the time")
    if lost_mw is None:
        return LeftOut(what="inertia from an event", count=1, reason="the power that was lost is not known")
    rate, error = event.rate_hzps, event.rate_error_hzps
    if rate * lost_mw >= 0:
        reason = "the frequency went the other way than the loss that is stated"
        return LeftOut(what="inertia from an event", count=1, reason=reason)
    if abs(rate) <= error:
        reason = "the rate of change of frequency is not surely different from zero"
        return LeftOut(what="inertia from an event", count=1, reason=reason)
    half = nominal_hz * abs(lost_mw) / 2.0
    return SystemInertia(
        basis=InertiaBasis.FREQUENCY_EVENT,
        kinetic_energy_mws=half / abs(rate),
        low_mws=half / (abs(rate) + error),
        high_mws=half / (abs(rate) - error),
    )


def _ratings(net: pandapowerNet, stated: Sequence[UnitInertia]) -> tuple[list[tuple[float, float]], int]:
    """Constant and rating of each unit that has both, and how many units in service have not."""
    given = {_key(item): item for item in stated}
    for (kind, index), item in given.items():
        if index not in net[kind].index:
            raise InvalidArgumentError(f"inertia: unit {item.unit!r} is not in the grid")
    known, unknown = [], 0
    for kind in _UNITS:
        table = net[kind]
        for index, row in table[table.in_service].iterrows():
            said = given.get((kind, int(index)))
            h_s = said.h_s if said else row.get(COLUMN)
            rated = said.sn_mva if said and said.sn_mva else row.get("sn_mva")
            if h_s is not None and h_s > 0 and rated is not None and rated > 0:
                known.append((float(h_s), float(rated)))
            elif said is not None:
                raise InvalidArgumentError(f"inertia: {said.unit} has no rating in the grid; sn_mva would be right")
            else:
                unknown += 1
    return known, unknown


def _key(item: UnitInertia) -> tuple[ElementKind, int]:
    parsed = parse_canonical(item.unit)
    if parsed is None or parsed[0] not in _UNITS:
        right = ", ".join(f"{kind}:0" for kind in _UNITS)
        raise InvalidArgumentError(f"inertia: unit = {item.unit!r}; right would be {right}")
    return parsed
