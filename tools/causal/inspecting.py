"""What to inspect where a verdict is open: the readings and positions that would decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.causal.contrasts import Swing
from tools.causal.schema.causes import CauseKind, Check
from tools.detection.branch_model import FEEDING
from tools.element import ElementKind
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
    """What nobody measures, by how well it would explain where the flows departed; then the flow's own recorder."""
    for element in likeliest(evidence, candidate)[:MOST]:
        yield Check(element=element, what=POSITION if element.kind in _BRANCHES else POWER)
    yield Check(element=candidate.element, subject=candidate.subject, what=NEIGHBOUR)


def likeliest(evidence: Evidence, candidate: Candidate) -> list[ElementRef]:
    """Hidden elements, that whose signature over all measured flows is most like what departed first.

    A signature is what a megawatt of the element does to each flow by the linear power flow, and of an opening what
    each megawatt that the branch carried does. Units come before loads that look the same, when something swings.
    """
    powers, known, contrast = evidence.power, evidence.sensitivities, candidate.contrast
    if powers is None or known is None or contrast is None:
        return []
    swings = isinstance(contrast, Swing)
    seen = [power for power in powers.ends.values() if power.row is not None]
    departed = np.array([contrast.over(power.value)[candidate.moment] / power.sigma for power in seen])
    found = []
    for element in powers.hidden:
        opening = element.kind in _BRANCHES
        if element.kind is ElementKind.EXT_GRID or (opening and swings):
            continue
        source = (element.kind, element.index)
        factor = known.of_opening if opening else known.of_injection
        signature = np.array([(factor(power.place, source) or 0.0) / power.sigma for power in seen])
        length = float(np.linalg.norm(signature) * np.linalg.norm(departed))
        alike = abs(float(signature @ departed)) / length if length > 0 else 0.0
        found.append((-round(alike, 2), swings and element.kind not in FEEDING, str(element), element))
    found.sort(key=lambda item: item[:3])
    return [element for *_, element in found]
