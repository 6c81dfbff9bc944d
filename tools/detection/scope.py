"""How far a look at sensors went, for the coverage of its result."""

from __future__ import annotations

from collections.abc import Collection

from tools.coverage import Coverage, LeftOut
from tools.detection.diagnosis import Diagnosis
from tools.detection.judging import is_crowd
from tools.telemetry.trust import present

_DOUBTS_SHOWN = 5


def coverage_of(diagnosis: Diagnosis, names: Collection[str]) -> Coverage:
    """What was looked at among the sensors asked for.

    ``checked`` counts sensors with readings, ``solved`` those that the other measurements imply as well.
    """
    rows = [row for row, sensor in enumerate(diagnosis.frame.sensors) if sensor.name in names]
    empty = [row for row in rows if not present(diagnosis.series[diagnosis.frame.sensors[row].name]).any()]
    alone = [row for row in rows if row not in empty and not diagnosis.verdicts.redundant[row]]
    left_out = []
    if empty:
        left_out.append(LeftOut(what="sensors", count=len(empty), reason="no reading in the time"))
    if alone:
        reason = (
            "no grid model to compare them with"
            if diagnosis.model is None
            else "no other measurement implies their value: only their own course was looked at"
        )
        left_out.append(LeftOut(what="sensors", count=len(alone), reason=reason))
    if diagnosis.frame.thinned:
        reason = "the time is long: of several readings in a step only the last was compared"
        left_out.append(LeftOut(what="readings within a step", count=1, reason=reason))
    if is_crowd(diagnosis):
        reason = "so many sensors contradict each other that the grid model or the clocks may be wrong instead"
        left_out.append(
            LeftOut(what="attribution to single sensors", count=len(diagnosis.verdicts.wrong), reason=reason)
        )
    doubted = diagnosis.verdicts.doubted
    left_out += [
        LeftOut(what=f"{name} {place}", count=1, reason="the measurements contradict the grid model here")
        for name, place in doubted[:_DOUBTS_SHOWN]
    ]
    if len(doubted) > _DOUBTS_SHOWN:
        reason = "the measurements contradict the grid model there"
        left_out.append(LeftOut(what="further equations", count=len(doubted) - _DOUBTS_SHOWN, reason=reason))
    return Coverage(
        checked=len(rows) - len(empty), solved=len(rows) - len(empty) - len(alone), left_out=tuple(left_out)
    )
