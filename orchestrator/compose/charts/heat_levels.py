"""How far a value is from its limit, in the five steps that a heat map shows."""

from enum import IntEnum

from tools.grid.operating_limits import LOADING_TOLERANCE_PERCENT, VOLTAGE_TOLERANCE_PU
from tools.grid.schema.outage_effects import LoadingAfter, VoltageAfter


class Level(IntEnum):
    """From far within limits to far beyond them; a value without a limit is never beyond."""

    FAR_WITHIN = 0
    WITHIN = 1
    NEAR = 2
    BEYOND = 3
    FAR_BEYOND = 4


# Steps of a loading as shares of its limit, and of a voltage as room to the nearer limit, pu; docs/method.md has them.
_LOADINGS = ((1.2, Level.FAR_BEYOND), (1.0, Level.BEYOND), (0.9, Level.NEAR), (0.7, Level.WITHIN))
_ROOMS_PU = ((-0.05, Level.FAR_BEYOND), (0.0, Level.BEYOND), (0.01, Level.NEAR), (0.03, Level.WITHIN))


def loading_level(cell: LoadingAfter) -> Level:
    """The step of a loading; what meets its limit exactly is near it, and not beyond."""
    if cell.loading_percent is None or cell.limit_percent is None:
        return Level.FAR_WITHIN
    loading, limit = cell.loading_percent, cell.limit_percent
    for share, level in _LOADINGS:
        tolerance = LOADING_TOLERANCE_PERCENT if level >= Level.BEYOND else 0.0
        if loading > share * limit + tolerance:
            return level
    return Level.FAR_WITHIN


def voltage_level(cell: VoltageAfter) -> Level:
    """The step of a voltage, by the limit that is nearer or broken."""
    rooms = [
        *([] if cell.limit_min_pu is None or cell.vm_pu is None else [cell.vm_pu - cell.limit_min_pu]),
        *([] if cell.limit_max_pu is None or cell.vm_pu is None else [cell.limit_max_pu - cell.vm_pu]),
    ]
    for room_pu, level in _ROOMS_PU if rooms else ():
        tolerance = VOLTAGE_TOLERANCE_PU if level >= Level.BEYOND else 0.0
        if min(rooms) < room_pu - tolerance:
            return level
    return Level.FAR_WITHIN
