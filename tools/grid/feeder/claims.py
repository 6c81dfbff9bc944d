"""How sure the result is: what the proof rests on, and what was searched and what was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind
from tools.grid.feeder.figures import DEPTH
from tools.grid.feeder.ranking import EQUAL_POINTS
from tools.grid.ratings import placeholder_branches
from tools.grid.schema.reconfiguration import SearchMethod

if TYPE_CHECKING:
    from tools.grid.feeder.model import Feeder
    from tools.grid.feeder.network import Aim
    from tools.grid.feeder.search import Found

DEVIATION_KW = 1e-3
"""Most that losses of the search may differ from those of pandapower where a proof is claimed."""


@dataclass(frozen=True)
class Claim:
    """Whether the optimum is proven, in words without numbers."""

    proven: bool
    proof: str


def proof_of(found: Found, aim: Aim, deviation_kw: float) -> Claim:
    """The claim that a search allows."""
    counts = found.best.counts
    if found.method is SearchMethod.BRANCH_EXCHANGE:
        return Claim(False, "branch exchange: no single exchange improves it, a better configuration may exist")
    if counts.unsolved:
        return Claim(False, "some configurations were neither solved nor excluded by the bound")
    if not found.complete:
        return Claim(False, "fewer configurations were enumerated than exist by Kirchhoff's theorem")
    if deviation_kw > DEVIATION_KW:
        return Claim(False, "the search and pandapower differ in the losses of the result")
    how = "every radial configuration was solved by AC power flow"
    if counts.excluded:
        how += " or excluded by a lower bound on its losses"
    if aim.keep_limits and found.best.figures[0, DEPTH] > EQUAL_POINTS:
        how += "; none keeps all limits, this one breaks them least"
    return Claim(True, how)


def coverage_of(feeder: Feeder, found: Found) -> Coverage:
    """Configurations looked at, and what of the grid and of its configurations was left out."""
    counts = found.best.counts
    unseen = feeder.loops.configurations - counts.radial
    meshed = feeder.meshed.net
    placeholders = sum(
        bool(meshed[kind.value].at[index, "in_service"])
        for kind, index in placeholder_branches(meshed)
        if kind in {ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W}
    )
    left_out = (
        ("configurations excluded", counts.excluded, "they lose more than the best ones by a lower bound"),
        ("configurations not allowed", counts.beyond, "they need more switchings than allowed"),
        ("loadings not checked", placeholders, "the rating is missing or a placeholder"),
    )
    rows = [LeftOut(what=what, count=count, reason=reason) for what, count, reason in left_out if count]
    if found.method is SearchMethod.BRANCH_EXCHANGE and unseen > 0:
        rows.append(LeftOut(what="configurations not searched", count=unseen, reason="there are too many of them"))
    return Coverage(
        checked=counts.solved + counts.excluded + counts.unsolved,
        solved=counts.solved,
        diverged=counts.unsolved,
        left_out=(*rows, *feeder.left_out),
    )
