"""How a defect is written down: its weight, its words, its elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref, table
from tools.grid.schema.model_check import Defect, DefectKind
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from pandapower import pandapowerNet

Key = tuple[ElementKind, int]
_NAMED = 10
_KIND_ORDER = {kind: place for place, kind in enumerate(ElementKind)}


@dataclass(frozen=True)
class _Wording:
    severity: Severity
    explanation: str
    meaningless: tuple[str, ...] = ()


# The worst first: an answer lists its defects in this order. No numbers: explanations are prose of reports.
_WORDINGS: Mapping[DefectKind, _Wording] = {
    DefectKind.NOT_SOLVABLE: _Wording(
        Severity.CRITICAL,
        "The AC power flow of the base case has no solution that could be found, from DC angles or from a flat start.",
        ("vm", "va", "loading", "p", "q", "loss_p"),
    ),
    DefectKind.NO_SLACK: _Wording(
        Severity.CRITICAL, "No external grid and no slack unit is in service, so nothing balances the power."
    ),
    DefectKind.INVALID_VALUE: _Wording(
        Severity.CRITICAL,
        "A value that the equations need is missing or cannot be, a named bus does not exist, or two limits cross.",
    ),
    DefectKind.SUSPECT_TAP_SIDE: _Wording(
        Severity.CRITICAL,
        "With the taps at the other side of these transformers the voltages come far nearer to nominal; "
        "the model most likely has them at the wrong side.",
        ("vm", "q", "loss_p"),
    ),
    DefectKind.SLACK_BEYOND_LIMIT: _Wording(
        Severity.WARNING, "The base case needs more or less from the slack than its own limits allow."
    ),
    DefectKind.UNIT_BEYOND_LIMIT: _Wording(
        Severity.WARNING, "The base case drives these units beyond their own active or reactive limits."
    ),
    DefectKind.PLACEHOLDER_RATING: _Wording(
        Severity.WARNING,
        "The ratings are fill values or beyond anything built at these voltages; a loading against them means nothing.",
        ("loading",),
    ),
    DefectKind.MISSING_RATING: _Wording(
        Severity.WARNING, "The branches have no thermal rating, so they have no loading.", ("loading",)
    ),
    DefectKind.ISOLATED_ELEMENT: _Wording(
        Severity.WARNING, "The elements are in service, but no source reaches them in the base case."
    ),
    DefectKind.ZERO_IMPEDANCE: _Wording(
        Severity.WARNING,
        "The branches have no impedance; they should be closed switches, and the flows through them are arbitrary.",
    ),
    DefectKind.MISSING_TAP_RANGE: _Wording(
        Severity.INFORMATION,
        "The lowest or highest tap position is not given, so a new position cannot be proven possible.",
    ),
    DefectKind.MISSING_VOLTAGE_LIMIT: _Wording(
        Severity.INFORMATION, "The buses state no voltage limits of their own; the limits of the standards apply."
    ),
    DefectKind.MISSING_UNIT_LIMIT: _Wording(
        Severity.INFORMATION,
        "A limit of active or reactive output is not given, so an excess over it cannot be seen.",
    ),
    DefectKind.DUPLICATE_NAME: _Wording(
        Severity.INFORMATION, "Elements of the same kind share a name; only kind and index tell them apart."
    ),
}
RANK = {kind: place for place, kind in enumerate(_WORDINGS)}
"""Order of defects in an answer, the worst first."""


def defect(net: pandapowerNet, kind: DefectKind, keys: Iterable[Key], checked: int) -> Defect | None:
    """One defect with the first of its elements; None when no element has it."""
    found = sorted(set(keys), key=lambda key: (_KIND_ORDER[key[0]], key[1]))
    if not found:
        return None
    named = tuple(element_ref(net, *key) for key in found[:_NAMED])
    return _worded(kind, len(found), max(checked, len(found)), named)


def defect_of_whole(kind: DefectKind) -> Defect:
    """A defect of the grid as a whole."""
    return _worded(kind, 1, 1, ())


def _worded(kind: DefectKind, count: int, checked: int, elements: tuple[ElementRef, ...]) -> Defect:
    wording = _WORDINGS[kind]
    return Defect(
        kind=kind,
        severity=wording.severity,
        count=count,
        checked=checked,
        elements=elements,
        explanation=wording.explanation,
        meaningless=wording.meaningless,
    )


def count(net: pandapowerNet, kinds: Iterable[ElementKind]) -> int:
    """How many elements of these kinds the model has."""
    return sum(len(table(net, kind)) for kind in kinds)
