"""Movements of the grid as issues: whether all measurements agree, who else moved, and who tells of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.security.bad_data.localise import localise
from tools.security.bad_data.places import places
from tools.security.bad_data.rows import RowMaker, Shown
from tools.security.bad_data.verdict import of_movement
from tools.telemetry.moments import from_us
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from tools.context import ToolContext
    from tools.detection.diagnosis import Diagnosis
    from tools.security.bad_data.equations import Equations
    from tools.security.bad_data.movements import Movement
    from tools.security.schema.bad_data import BadDataIssue

_NEAR = timedelta(minutes=5)
_TELLING = (LogKind.SWITCHING, LogKind.ALARM)


def events(
    ctx: ToolContext, diagnosis: Diagnosis, equations: Equations | None, make: RowMaker, found: Sequence[Movement]
) -> Iterator[BadDataIssue]:
    """Each movement as an issue."""
    frame = diagnosis.frame
    candidates = places(frame.sensors, diagnosis.model) if equations is not None else ()
    for movement in found:
        rows = tuple(dict.fromkeys((movement.leader, *movement.moved)))
        span = make.span(movement.first, movement.stop, lasting=movement.stop >= frame.value.shape[1])
        consistent = False
        if equations is not None and diagnosis.verdicts.redundant[movement.leader]:
            # a step is judged by the readings after it, for it has no length of its own
            stop = max(movement.stop, min(movement.first + frame.columns(15), frame.value.shape[1]))
            located = localise(equations.contrast(movement.first, stop), candidates)
            consistent = not any(set(one.place.rows) & set(rows) for one in located)
        named = {str(frame.sensors[row].element) for row in (rows[:1] if movement.opened else rows)}
        told = _told(ctx, from_us(span.start_us), named)
        verdict = of_movement(len(rows), consistent, told, make.hand(rows, span))
        value = float(frame.value[movement.leader, movement.first])
        shown = Shown(value=value if np.isfinite(value) else None, strength=movement.strength)
        row = make.row(rows, span, verdict, shown)
        if row is not None:
            yield row


def _told(ctx: ToolContext, at: datetime, named: Collection[str]) -> bool:
    """Whether a switching log, an alarm or an outage record names one of these elements at that time."""
    start, end = at - _NEAR, at + _NEAR
    logs = ctx.logs
    if logs is not None:
        for kind in _TELLING:
            if kind in logs.kinds() and any(str(entry.element) in named for entry in logs.entries(kind, start, end)):
                return True
    if ctx.outages is None:
        return False
    return any(
        str(record.element) in named and (start <= record.start <= end or (record.end and start <= record.end <= end))
        for record in ctx.outages.outages(start, end)
    )
