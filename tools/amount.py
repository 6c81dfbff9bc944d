"""A value whose unit is data, because the field that holds it serves many quantities."""

from pydantic import Field, JsonValue, field_validator

from tools.result import Result
from tools.units import SUFFIXES

_KEYS = frozenset({"value", "unit"})


class Amount(Result):
    """One value with its unit; a field of evidence like any other, its quantity is told by the row around it.

    >>> Amount(value=38.2, unit="celsius").unit
    'celsius'
    """

    value: float
    unit: str = Field(description="pandapower's suffix, such as mw, pu or celsius; empty for a plain figure")

    @field_validator("unit")
    @classmethod
    def _known(cls, unit: str) -> str:
        if unit and unit not in SUFFIXES:
            raise ValueError(f"unit {unit!r} is not known; right would be one of {', '.join(SUFFIXES)}")
        return unit


def is_amount(value: JsonValue) -> bool:
    """Whether a JSON value is a stored ``Amount``."""
    return isinstance(value, dict) and value.keys() == _KEYS
