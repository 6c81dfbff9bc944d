"""How an element of a grid is named everywhere: kind, pandapower index, name."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import Field

from tools.result import Result


class ElementKind(StrEnum):
    """pandapower's element tables that can be named in a question or an answer."""

    BUS = "bus"
    LINE = "line"
    TRAFO = "trafo"
    TRAFO3W = "trafo3w"
    IMPEDANCE = "impedance"
    DCLINE = "dcline"
    SWITCH = "switch"
    LOAD = "load"
    GEN = "gen"
    SGEN = "sgen"
    EXT_GRID = "ext_grid"
    SHUNT = "shunt"
    STORAGE = "storage"
    WARD = "ward"
    XWARD = "xward"
    MOTOR = "motor"


CANONICAL = re.compile(rf"({'|'.join(kind.value for kind in ElementKind)}):(\d+)")


class ElementRef(Result):
    """One element of the run's grid; the canonical form is ``kind:index``.

    >>> str(ElementRef(kind=ElementKind.LINE, index=14, name="Line 10-11"))
    'line:14'
    """

    kind: ElementKind
    index: int = Field(ge=0, description="Index in the pandapower table")
    name: str = Field(default="", description="Name in the grid model; may be empty; untrusted text")

    def __str__(self) -> str:
        return f"{self.kind}:{self.index}"


def parse_canonical(text: str) -> tuple[ElementKind, int] | None:
    """Kind and index of a canonical form such as ``line:14``; None for any other text.

    >>> parse_canonical("trafo:3")
    (<ElementKind.TRAFO: 'trafo'>, 3)
    """
    match = CANONICAL.fullmatch(text.strip().lower())
    return (ElementKind(match[1]), int(match[2])) if match else None
