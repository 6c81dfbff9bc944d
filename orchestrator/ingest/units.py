"""Units as files write them, and how their numbers become ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.errors import InvalidArgumentError
from tools.units import SUFFIXES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FREEZING_KELVIN = 273.15


@dataclass(frozen=True)
class Conversion:
    """How a number becomes one in a unit of ours: ``(number - zero) * times / over``.

    Two whole numbers instead of one factor, because 230.1 / 1000 is the number nearest to 0.2301 and
    230.1 * 0.001 is not.
    """

    times: float = 1
    over: float = 1
    zero: float = 0

    def apply(self, number: NDArray[np.float64]) -> NDArray[np.float64]:
        """The numbers in our unit."""
        return (number - self.zero) * self.times / self.over


_SAME = Conversion()
_THOUSANDTH = Conversion(over=1000)
_MILLIONTH = Conversion(over=1_000_000)
_THOUSAND = Conversion(times=1000)

# By our suffix; spelled as files spell them. Case counts: mW is not MW.
_SPELLINGS: dict[str, dict[str, Conversion]] = {
    "mw": {"W": _MILLIONTH, "kW": _THOUSANDTH, "kw": _THOUSANDTH, "MW": _SAME, "GW": _THOUSAND},
    "kw": {"W": _THOUSANDTH, "kW": _SAME, "MW": _THOUSAND, "mw": _THOUSAND},
    "mvar": {"var": _MILLIONTH, "kvar": _THOUSANDTH, "kVAr": _THOUSANDTH, "Mvar": _SAME, "MVAr": _SAME},
    "mva": {"VA": _MILLIONTH, "kVA": _THOUSANDTH, "MVA": _SAME},
    "kv": {"V": _THOUSANDTH, "kV": _SAME},
    "ka": {"A": _THOUSANDTH, "kA": _SAME},
    "hz": {"Hz": _SAME, "mHz": _THOUSANDTH},
    "percent": {"%": _SAME, "fraction": Conversion(times=100)},
    "pu": {"p.u.": _SAME, "%": Conversion(over=100)},
    "celsius": {
        "degC": _SAME,
        "°C": _SAME,
        "degF": Conversion(times=5, over=9, zero=32),
        "°F": Conversion(times=5, over=9, zero=32),
        "K": Conversion(zero=_FREEZING_KELVIN),
    },
    "kelvin": {"K": _SAME},
    "km": {"m": _THOUSANDTH, "km": _SAME},
    "ms": {"s": _THOUSAND},
    "s": {"ms": _THOUSANDTH, "min": Conversion(times=60)},
    "min": {"s": Conversion(over=60), "h": Conversion(times=60)},
    "h": {"min": Conversion(over=60)},
}


def conversion(written: str | None, unit: str) -> Conversion:
    """From a unit as written in a file to one of ours; None means that the file is in our unit already.

    Raises:
        InvalidArgumentError: naming the spellings that can be converted.

    >>> conversion("kW", "mw")
    Conversion(times=1, over=1000, zero=0)
    """
    if written is None or written == unit:
        return _SAME
    known = _SPELLINGS.get(unit, {})
    if written not in known:
        right = ", ".join(dict.fromkeys([*([unit] if unit in SUFFIXES else []), *known])) or "none: leave it out"
        raise InvalidArgumentError(f"unit {written!r} cannot be converted to {unit!r}; right would be one of: {right}")
    return known[written]
