"""Units by pandapower's name suffixes: the suffix of a field is its unit, the rest its quantity."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """How a unit is shown.

    Attributes:
        symbol: As printed after the number; empty for a plain count.
        decimals: Digits after the point that are worth showing.
    """

    symbol: str
    decimals: int


SUFFIXES: dict[str, Unit] = {
    "pu": Unit("pu", 3),
    "percent": Unit("%", 1),
    "kv": Unit("kV", 1),
    "ka": Unit("kA", 3),
    "mw": Unit("MW", 2),
    "mvar": Unit("Mvar", 2),
    "mva": Unit("MVA", 2),
    "kw": Unit("kW", 3),
    "degree": Unit("°", 2),
    "km": Unit("km", 2),
    "ohm": Unit("Ω", 4),
    "ms": Unit("ms", 1),
    "s": Unit("s", 1),
    "min": Unit("min", 1),
    "h": Unit("h", 1),
    "10min": Unit("per 10 min", 2),
    "hz": Unit("Hz", 3),
    "hzps": Unit("Hz/s", 3),
    "mws": Unit("MW s", 0),
    "kelvin": Unit("K", 1),
    "celsius": Unit("°C", 1),
}


def split_name(field: str) -> tuple[str, str | None]:
    """Quantity and unit suffix of a field name; the suffix is None for a count, a text or an enum.

    >>> split_name("loading_percent")
    ('loading', 'percent')
    >>> split_name("omitted")
    ('omitted', None)
    """
    quantity, _, suffix = field.rpartition("_")
    return (quantity, suffix) if quantity and suffix in SUFFIXES else (field, None)
