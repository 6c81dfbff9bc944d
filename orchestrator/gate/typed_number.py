"""A number that somebody typed: its value, the digits it claims, and the unit."""

import re
from dataclasses import dataclass
from decimal import Decimal

# Typed unit -> (stored suffix, factor to it); case matters, since mW is not MW.
_UNITS: dict[str, tuple[tuple[str, Decimal], ...]] = {}


def _unit(spellings: str, *meanings: tuple[str, str]) -> None:
    for spelling in spellings.split("|"):
        _UNITS[spelling] = tuple((suffix, Decimal(factor)) for suffix, factor in meanings)


_unit("%|percent|per cent", ("percent", "1"))
_unit("pu|p.u.|per unit", ("pu", "1"))
_unit("kV|kilovolt|kilovolts", ("kv", "1"))
_unit("V|volt|volts", ("kv", "0.001"))
_unit("kA|kiloampere|kiloamperes", ("ka", "1"))
_unit("A|amp|amps|ampere|amperes", ("ka", "0.001"))
_unit("MW|megawatt|megawatts", ("mw", "1"), ("kw", "1000"))
_unit("kW|kilowatt|kilowatts", ("mw", "0.001"), ("kw", "1"))
_unit("GW|gigawatt|gigawatts", ("mw", "1000"), ("kw", "1000000"))
_unit("Mvar|MVAr|MVAR|MVar|megavar", ("mvar", "1"))
_unit("kvar|kVAr|kVAR|kVar", ("mvar", "0.001"))
_unit("MVA", ("mva", "1"))
_unit("kVA", ("mva", "0.001"))
_unit("°|degrees|degree|deg", ("degree", "1"))
_unit("km|kilometres|kilometers", ("km", "1"))
_unit("Ω|ohm|ohms", ("ohm", "1"))
_unit("Hz", ("hz", "1"))
_unit("ms", ("ms", "1"))
_unit("s|seconds", ("s", "1"))
_unit("h|hours", ("h", "1"))

UNIT = "|".join(re.escape(spelling) for spelling in sorted(_UNITS, key=len, reverse=True))


# Below this a stored value is the noise of a solver.
_NOISE = Decimal("1e-9")


@dataclass(frozen=True)
class TypedNumber:
    """A number as it stands in a sentence.

    Attributes:
        value: With its sign.
        decimals: Digits after the point; the claim is half a unit of the last one.
        unit: As typed; None without.
        spelled: Whether it was a number word.
        nothing: Whether it was "no": a zero of any unit.
    """

    value: Decimal
    decimals: int
    unit: str | None
    spelled: bool = False
    nothing: bool = False

    def suffixes(self) -> tuple[str | None, ...]:
        """The stored units that the typed one may stand for; only None for a plain number."""
        return tuple(suffix for suffix, _ in _UNITS[self.unit]) if self.unit else (None,)

    def means(self, stored: float, suffix: str | None) -> bool:
        """Whether a stored value lies within half a unit of the last typed digit; counts must be equal."""
        if self.nothing:
            return stored == 0
        if self.unit is None:
            return suffix is None and self._near(Decimal(repr(stored)), Decimal(1), exact=isinstance(stored, int))
        for known, factor in _UNITS[self.unit]:
            if known == suffix:
                return self._near(Decimal(repr(stored)), factor, exact=False)
        return False

    def _near(self, stored: Decimal, factor: Decimal, *, exact: bool) -> bool:
        if exact:
            return stored == self.value
        if self.value == 0:  # "0.0 kA" beside 23 A would be a rounding that hides the value
            return abs(stored) < _NOISE
        return abs(self.value * factor - stored) <= Decimal("0.5").scaleb(-self.decimals) * factor
