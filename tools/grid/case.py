"""Labels of states: what a value's ``case`` says."""

from __future__ import annotations

from collections.abc import Sequence

from tools.element import ElementRef
from tools.grid.schema.actions import Action

BASE = "base"


def case_label(outages: Sequence[ElementRef], actions: Sequence[Action]) -> str:
    """The label of a hypothesis: outages by kind and index, actions in the order given.

    >>> case_label((), ())
    'base'
    """
    parts = []
    if outages:
        parts.append(f"out {'+'.join(str(ref) for ref in sorted(outages, key=lambda ref: (ref.kind, ref.index)))}")
    if actions:
        parts.append("with " + "+".join(f"{action.type} {action.element}" for action in actions))
    return " and ".join(parts) or BASE


def outage_label(case: str, *refs: ElementRef) -> str:
    """The label of one further outage inside a state, of one element or of several together.

    >>> from tools.element import ElementKind
    >>> outage_label("after", ElementRef(kind=ElementKind.LINE, index=3))
    'after, out line:3'
    """
    out = f"out {'+'.join(map(str, refs))}"
    return out if case == BASE else f"{case}, {out}"
