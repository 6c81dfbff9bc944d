"""The rows of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.amount import Amount
from tools.causal.candidate import SENSOR_KINDS
from tools.causal.inspecting import checks_of
from tools.causal.schema.causes import Cause, CauseKind, CausePart, Counterfactual, RankedBy
from tools.causal.verdict import Judged, verdict_of
from tools.causal.witnesses import witnesses_of

if TYPE_CHECKING:
    from tools.causal.evidence import Evidence

_SHOWN = 10
_PARTS = 8


def cause_row(evidence: Evidence, judged: Judged) -> Cause:
    """One candidate as a row, with its verdict."""
    candidate, share = judged.candidate, judged.share
    verdict, reason = verdict_of(judged)
    shown = witnesses_of(evidence, candidate)
    names_culprit = candidate.kind in SENSOR_KINDS | {CauseKind.INTRUDER, CauseKind.COOLING_LOST}
    return Cause(
        kind=candidate.kind,
        subject=candidate.subject if names_culprit else None,
        element=None if candidate.kind is CauseKind.NOT_SEEN else candidate.element,
        verdict=verdict,
        ranked_by=RankedBy.RULE if share is None else RankedBy.CAUSAL_MODEL,
        observed=candidate.observed,
        start=candidate.start,
        end=candidate.end,
        strength=candidate.strength,
        share_percent=None if share is None else 100 * min(1.0, share),
        severity=candidate.severity,
        explains=shown[:_SHOWN],
        explains_omitted=max(0, len(shown) - _SHOWN),
        parts=_parts(judged),
        counterfactual=_counterfactual(judged),
        refutations=judged.refutations,
        logged=candidate.logged,
        reason=reason,
        inspect=checks_of(evidence, candidate, verdict),
    )


def _parts(judged: Judged) -> tuple[CausePart, ...]:
    if judged.attribution is None or judged.explained is None:
        return ()
    shares = sorted(judged.attribution.share.items(), key=lambda item: (-item[1], item[0]))
    roles = judged.explained.roles
    return tuple(
        CausePart(
            element=roles[node].element,
            subject=roles[node].subject,
            role=roles[node].what,
            share_percent=100 * min(1.0, share),
        )
        for node, share in shares[:_PARTS]
        if node in roles
    )


def _counterfactual(judged: Judged) -> Counterfactual | None:
    """What the explained sensor would have said; by the causal model where physics does not tell it at once."""
    explained, attribution = judged.explained, judged.attribution
    if explained is None or attribution is None:
        return None
    without = explained.without
    if without is None:
        departed = float(explained.mechanism.departed[explained.mechanism.target].mean())
        moved = (departed - attribution.without[explained.node]) * explained.factor
        without = explained.value - moved
    unit = explained.target.unit
    return Counterfactual(
        subject=explained.target.ref,
        quantity=explained.target.quantity,
        at=explained.at,
        value=Amount(value=explained.value, unit=unit),
        without=Amount(value=without, unit=unit),
    )
