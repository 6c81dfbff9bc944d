"""What the state estimation says of the worst moments: an independent look at the same readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.errors import ToolError
from tools.grid.schema.estimation import EstimateStateArguments
from tools.grid.state_estimation import estimate_state
from tools.security.schema.bad_data import BadDataKind, Discriminator, Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tools.context import ToolContext
    from tools.security.schema.bad_data import BadDataIssue

MOST = 3
"""Moments that are estimated: each costs as much as all else together."""
_BAD = frozenset({BadDataKind.INJECTION, BadDataKind.REPLAY, BadDataKind.SENSOR_FAULT, BadDataKind.UNDECIDED})


def with_estimates(
    ctx: ToolContext, issues: Sequence[BadDataIssue], worst: Mapping[int, datetime]
) -> tuple[list[BadDataIssue], int, tuple[str, ...]]:
    """Issues with what the state estimation of their worst moment says; how many were estimated; why others were not.

    Args:
        ctx: Sources.
        issues: Most severe first.
        worst: Moment to estimate by the position of an issue; issues without one are not estimated.
    """
    made = list(issues)
    done, reasons = 0, dict[str, None]()
    for place in list(worst)[:MOST]:
        issue = issues[place]
        try:
            found = estimate_state(ctx, EstimateStateArguments(at=worst[place], limit=1))
        except ToolError as error:
            reasons[f"state estimation: {error}"] = None
            continue
        done += 1
        rejected = {sensor.name for item in found.rejected for sensor in (*item.sensors, *item.indistinguishable)}
        mine = {sensor.name for sensor in issue.sensors}
        hit = bool(rejected & mine)
        word = Discriminator.ESTIMATE_REJECTS if hit else Discriminator.ESTIMATE_KEEPS
        for_kind = issue.kind if hit == (issue.kind in _BAD) else BadDataKind.UNDECIDED
        more = Evidence(discriminator=word, speaks_for=for_kind)
        made[place] = issue.model_copy(update={"evidence": (*issue.evidence, more)})
    return made, done, tuple(reasons)
