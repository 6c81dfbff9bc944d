"""What to inspect where a verdict is open: the readings and positions that would decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.causal.schema.causes import CauseKind, Check
from tools.element import ElementKind, parse_canonical
from tools.vocabulary import CauseVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.causal.candidate import Candidate
    from tools.causal.evidence import Evidence
    from tools.element import ElementRef

MOST = 5
POSITION = "position of its breakers, and what its protection recorded"
POWER = "its own meter, and what its operator or its controller did"
FANS = "fans and pumps, their supply and their control"
INSTRUMENT = "the sensor, its transformer and its link, against a second instrument"
THERMOMETER = "the thermometer against a second one, then fans and pumps"
SESSION = "sessions of this machine and of the accounts that it used"
NEIGHBOUR = "what its protection and its disturbance recorder say of that moment"
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO})
_OF_KIND = {
    CauseKind.BRANCH_OPENED: POSITION,
    CauseKind.POWER_STEPPED: POWER,
    CauseKind.POWER_SWUNG: POWER,
    CauseKind.COOLING_LOST: FANS,
    CauseKind.INTRUDER: SESSION,
    CauseKind.SENSOR_FAULT: INSTRUMENT,
    CauseKind.FALSE_DATA: INSTRUMENT,
    CauseKind.SILENT_SENSOR: INSTRUMENT,
}


def checks_of(evidence: Evidence, candidate: Candidate, verdict: CauseVerdict) -> tuple[Check, ...]:
    """What would decide, the likeliest first; the fans of a transformer always, for nobody measures them."""
    if verdict is CauseVerdict.CONFIRMED and candidate.kind is not CauseKind.COOLING_LOST:
        return ()
    if candidate.kind is CauseKind.NOT_SEEN:
        return tuple(_around(evidence, candidate))
    thermometer = candidate.kind is CauseKind.SENSOR_FAULT and candidate.row is None
    what = THERMOMETER if thermometer else _OF_KIND[candidate.kind]
    return (Check(element=candidate.element, subject=candidate.subject, what=what),)


def _around(evidence: Evidence, candidate: Candidate) -> Iterator[Check]:
    """What nobody measures, by how far it moves the flow that departed; then that flow's own recorder."""
    hidden = evidence.power.hidden if evidence.power is not None else ()
    for element in sorted(hidden, key=lambda one: -_reach(evidence, candidate, one))[:MOST]:
        yield Check(element=element, what=POSITION if element.kind in _BRANCHES else POWER)
    yield Check(element=candidate.element, subject=candidate.subject, what=NEIGHBOUR)


def _reach(evidence: Evidence, candidate: Candidate, hidden: ElementRef) -> float:
    """How far a megawatt there moves the flow that departed; of an opening, each megawatt that it carried."""
    place, known = parse_canonical(str(candidate.element)), evidence.sensitivities
    if place is None or known is None:
        return 0.0
    side = "from" if place[0] is ElementKind.LINE else "hv"
    target = (place[0], place[1], side)
    source = (hidden.kind, hidden.index)
    factor = known.of_opening(target, source) if hidden.kind in _BRANCHES else known.of_injection(target, source)
    return float(np.abs(factor)) if factor is not None else 0.0
