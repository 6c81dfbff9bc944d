"""Magnitudes as a scenario writes them: a number, or the two ends of a range that the seed draws from."""

from typing import Annotated

from annotated_types import Ge, Gt, Le
from pydantic import BeforeValidator

_ENDS = 2


def _ends(value: object) -> object:
    """A number stands for a range of itself."""
    if isinstance(value, bool):
        raise ValueError("a number such as 5, or a range such as [3, 8], would be right")  # noqa: TRY004 - pydantic's
    if isinstance(value, int | float):
        return (value, value)
    if isinstance(value, list | tuple) and len(value) == _ENDS and all(isinstance(end, int | float) for end in value):
        low, high = value
        if low > high:
            raise ValueError(f"the range [{low}, {high}] falls; [{high}, {low}] would be right")
        return (low, high)
    raise ValueError("a number such as 5, or a range such as [3, 8], would be right")


Span = Annotated[tuple[float, float], BeforeValidator(_ends)]
Positive = Annotated[tuple[Annotated[float, Gt(0)], Annotated[float, Gt(0)]], BeforeValidator(_ends)]
NotNegative = Annotated[tuple[Annotated[float, Ge(0)], Annotated[float, Ge(0)]], BeforeValidator(_ends)]
Percent = Annotated[
    tuple[Annotated[float, Gt(0), Le(100)], Annotated[float, Gt(0), Le(100)]],
    BeforeValidator(_ends),
]
Count = Annotated[tuple[Annotated[int, Gt(0)], Annotated[int, Gt(0)]], BeforeValidator(_ends)]
