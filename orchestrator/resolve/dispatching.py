"""What an optimal dispatch is asked to be: the objective, the equations, outages to secure, a reserve."""

from __future__ import annotations

import re

from agents.question import DispatchWish
from tools.grid.schema.optimal_dispatch import DispatchObjective
from tools.grid.schema.power_flow import FlowModel

_LOSSES = re.compile(r"\bloss(es)?\b")
_REDISPATCH = re.compile(
    r"\b(least|minimum|minimal|smallest|fewest) (possible )?(redispatch|changes?|moves?)\b|\bas little redispatch\b"
)
_LINEAR = re.compile(r"\bdc\b|\blinear\b")
_SECURED = re.compile(r"\bn-?1\b|\bn-1\b|\bsecur\w+|\bscopf\b|\b(every|each|any|all) (single )?outages?\b")
_RESERVE = re.compile(
    r"\b(\d+(?:\.\d+)?)\s*mw (?:of )?(?:spinning )?reserve\b|\breserve (?:of |at least |is )*(\d+(?:\.\d+)?)\s*mw\b"
)


def dispatch_wish(text: str) -> DispatchWish:
    """The wish in a normalised question; least cost by the AC equations where nothing else is said.

    >>> dispatch_wish("dc dispatch of least losses").model
    <FlowModel.DC: 'dc'>
    """
    reserve = _RESERVE.search(text)
    return DispatchWish(
        model=FlowModel.DC if _LINEAR.search(text) else FlowModel.AC,
        objective=_objective(text),
        secure_all_outages=bool(_SECURED.search(text)),
        reserve_mw=float(reserve[1] or reserve[2]) if reserve else None,
    )


def reserve_asked(text: str) -> frozenset[str]:
    """The digits of a reserve that a question asks for."""
    found = _RESERVE.search(text)
    return frozenset({found[1] or found[2]}) if found else frozenset()


def _objective(text: str) -> DispatchObjective:
    if _REDISPATCH.search(text):
        return DispatchObjective.LEAST_REDISPATCH
    return DispatchObjective.LEAST_LOSSES if _LOSSES.search(text) else DispatchObjective.LEAST_COST
