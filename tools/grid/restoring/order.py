"""Which units are needed before load can come back, and which can wait for it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.grid.restoring.subject import Subject

# Losses of the restored grid as a share of its load; case39 and case118 lose 0.7 and 3.1 % with all load back.
_LOSS_SHARE = 0.05


def needed_first(subject: Subject, most_share: float) -> frozenset[int]:
    """Units that are started before ordinary load, by position.

    Those that deliver in the intended state, the largest first, until the capacity is enough for all load that can be
    reached. Who delivers nothing there, as a synchronous condenser, waits until load is back or low voltage asks for
    it: its cranking power and its path cost time that brings no load.

    Args:
        subject: What is restored.
        most_share: Share of the online capacity that may be used.
    """
    units = subject.units
    load_mw = sum(load.p_mw for load in subject.loads if load.bus >= 0)
    missing = load_mw * (1.0 + _LOSS_SHARE) / most_share - sum(units[at].most_mw for at in subject.first)
    missing -= subject.live.capacity_mw if subject.live.anchors else 0.0
    delivering = [
        at
        for at, unit in enumerate(units)
        if at not in subject.first and unit.bus >= 0 and unit.planned_mw > 0 and isfinite(unit.most_mw)
    ]
    found: set[int] = set()
    for at in sorted(delivering, key=lambda one: (-units[one].most_mw, one)):
        if missing <= 0:
            break
        found.add(at)
        missing -= units[at].most_mw
    # who can no longer start later must not wait
    return frozenset(found) | {at for at, unit in enumerate(units) if isfinite(unit.latest_min) and unit.bus >= 0}
