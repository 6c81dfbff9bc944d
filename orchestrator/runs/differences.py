"""Where two JSON values differ, leaf by leaf, at stated tolerances."""

from collections.abc import Iterator
from math import isclose

from pydantic import Field, JsonValue

from orchestrator.runs.leaves import leaves
from tools.result import Result
from tools.units import split_name

RELATIVE = 1e-6
"""Of the larger value; the solvers stop at 1e-8 per unit, and another processor rounds differently."""

ABSOLUTE = {"mw": 1e-6, "mvar": 1e-6, "mva": 1e-6, "kw": 1e-6, "percent": 1e-6, "degree": 1e-6}
ABSOLUTE_ELSEWHERE = 1e-9
"""By unit suffix: below one watt, or a millionth of a percent, a value near zero is the solver's noise."""

ABSENT = "(absent)"


class Difference(Result):
    """One place where what is stored is not what was found."""

    place: str = Field(description="JSON pointer into the record")
    stored: JsonValue
    found: JsonValue
    what: str = Field(default="", description="Which check found it, and what stands at the place")


def differences(stored: JsonValue, found: JsonValue, *, tolerant: bool = False, root: str = "") -> Iterator[Difference]:
    """Each leaf that differs or is only in one of the values.

    Args:
        stored: What the record holds.
        found: What is compared with it.
        tolerant: Whether floats may differ by rounding; everything else is compared exactly.
        root: Pointer of both values in the record.
    """
    ours, theirs = dict(leaves(stored, root)), dict(leaves(found, root))
    for place in ours | theirs:
        was, now = ours.get(place, ABSENT), theirs.get(place, ABSENT)
        if not _same(place, was, now, tolerant=tolerant):
            yield Difference(place=place, stored=was, found=now)


def _same(place: str, was: JsonValue, now: JsonValue, *, tolerant: bool) -> bool:
    if tolerant and isinstance(was, float) and isinstance(now, float):
        _, unit = split_name(_field(place))
        return isclose(was, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE.get(unit or "", ABSOLUTE_ELSEWHERE))
    return type(was) is type(now) and was == now


def _field(place: str) -> str:
    """The name nearest to a leaf: a list's items have their list's."""
    names = [part for part in place.split("/") if part and not part.isdigit()]
    return names[-1] if names else ""
