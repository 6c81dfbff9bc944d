"""Hours of incidents that people judged, from what is stored of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from agents.incident import FeedbackVerdict
from orchestrator.risk.samples import Row
from tools.context import Clock
from tools.detection.risk.features import WINDOW, figures_at
from tools.errors import ToolError

if TYPE_CHECKING:
    from datetime import datetime

    from agents.incident import Incident, IncidentFeedback
    from tools.context import ToolContext

MOST_HOURS = 6
"""Of one incident, so that a long one does not outweigh all others."""


def judged_rows(
    judged: Sequence[tuple[Incident, IncidentFeedback]], context: ToolContext, first_day: int
) -> tuple[list[Row], tuple[str, ...]]:
    """The hours of incidents, with what people said of them; one without readings is left out, with the reason.

    Args:
        judged: Incidents with the newest word on each.
        context: Of their grid; its clock says up to when readings are known.
        first_day: Number of the first incident's day: hours of one incident are not independent.
    """
    rows: list[Row] = []
    left_out: list[str] = []
    for number, (incident, said) in enumerate(judged):
        truly = said.verdict is not FeedbackVerdict.FALSE_ALARM
        for end in _ends(incident, context.clock.as_of):
            at = replace(context, clock=Clock(as_of=end, known_until=context.clock.known_until))
            try:
                figures = figures_at(at, end)
            except ToolError as error:
                left_out.append(f"{incident.id}: {error}")
                break
            if np.isfinite(figures.value[1:7]).any():
                rows.append(Row(figures.value, truly, str(said.verdict), first_day + number))
            else:
                left_out.append(f"{incident.id}: no reading in the hour before {end.isoformat()}")
    return rows, tuple(left_out)


def _ends(incident: Incident, now: datetime) -> Iterator[datetime]:
    """Ends of hours from the incident's begin on."""
    last = min(incident.end or now, now)
    for number in range(MOST_HOURS):
        end = incident.start + WINDOW * (number + 0.5)
        if number and end > last + WINDOW / 2:
            return
        yield min(end, now)
