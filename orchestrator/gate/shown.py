"""How one number is printed: its unit's digits, never a digit that the stored value does not support."""

from decimal import ROUND_HALF_EVEN, Decimal

from tools.units import SUFFIXES, Unit

# Operators read branch currents in ampere, whatever the model stores.
_SHOWN_AS: dict[str, tuple[Unit, int]] = {"ka": (Unit("A", 1), 3)}
_PLAIN = Unit("", 2)
# A feeder works in kilowatts: powers below ten show one digit more.
_POWERS = frozenset({"mw", "mvar", "mva"})
_SMALL_POWER = 10
# Small values keep two significant digits down to this many extra digits; below that they are noise of the solver.
_EXTRA_DIGITS = 3
_WHOLE = Decimal(100)


def shown(value: float, suffix: str | None) -> str:
    """A number with its unit, within half a unit of its last shown digit of the stored value.

    Args:
        value: As stored, in the unit of ``suffix``.
        suffix: pandapower's suffix (``mw``, ``ka``), None for a count or a plain figure.

    >>> shown(2.443803, "mw"), shown(0.0931, "mw"), shown(43.6411, "mw"), shown(680.0, "mw")
    ('2.444 MW', '0.093 MW', '43.64 MW', '680 MW')
    >>> shown(111.8312, "percent"), shown(0.0812, "ka"), shown(10, None), shown(0.9996, "pu")
    ('111.8 %', '81.2 A', '10', '1.000 pu')
    >>> shown(99.9556, "percent"), shown(100.04, "percent"), shown(100.0, "percent")
    ('99.96 %', '100.04 %', '100 %')
    """
    unit, power = _SHOWN_AS.get(suffix or "", (SUFFIXES[suffix] if suffix else _PLAIN, 0))
    exact = Decimal(repr(value)).scaleb(power)
    if suffix in _POWERS and abs(exact) < _SMALL_POWER:
        return _with_symbol(_digits(exact, unit.decimals + 1), unit.symbol)
    return _with_symbol(_digits(exact, unit.decimals + _apart(exact, suffix, unit.decimals)), unit.symbol)


def _apart(exact: Decimal, suffix: str | None, decimals: int) -> int:
    """Extra digits without which a share just off the whole would read as the whole, or as its limit."""
    extra = 0
    while (
        suffix == "percent"
        and exact != _WHOLE
        and _rounded(exact, decimals + extra) == _WHOLE
        and extra < _EXTRA_DIGITS
    ):
        extra += 1
    return extra


def _digits(exact: Decimal, decimals: int) -> str:
    places = decimals
    rounded = _rounded(exact, places)
    while exact and abs(rounded) < Decimal(1).scaleb(1 - places) and places < decimals + _EXTRA_DIGITS:
        places += 1
        rounded = _rounded(exact, places)
    if not rounded:
        rounded = abs(_rounded(exact, decimals))  # noise: no sign, no row of zeros
    if rounded == exact:
        rounded = rounded.normalize()  # zeros are dropped only when they say nothing
    return f"{rounded:f}"


def _rounded(exact: Decimal, places: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def _with_symbol(digits: str, symbol: str) -> str:
    if not symbol:
        return digits
    return f"{digits}°" if symbol == "°" else f"{digits} {symbol}"
