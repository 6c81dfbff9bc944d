"""What is wrong with a transformer, from its course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from tools.assets.excess import MODEL_KELVIN, Excess, find_excesses
from tools.assets.faint import find_faint
from tools.assets.limits import LIMITS, broken_limit
from tools.assets.schema.transformer import TransformerIssue, TransformerIssueKind
from tools.assets.signals import runs, spread
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.assets.course import Course

    Values = NDArray[np.float64]

COOLING = "top oil runs above what load and ambient explain, as when fans or pumps stand still"
FAINT = "top oil follows the course of lost cooling, by less than the thermal model may miss"
HOT = "loading and ambient temperature heat the transformer beyond the limit of {stage}"
IMPOSSIBLE = "the reading lies outside what oil in a transformer can have"
FROZEN = "the reading does not move while load and ambient do"

_LEAST_MIN = 5
_FROZEN_MIN = 180
_MOVED_KELVIN = 2.0
_POSSIBLE_CELSIUS = (-60.0, 200.0)
_CLEAR = 1.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def issues_of(
    course: Course, lag_min: float | None, noise: float | None, transformers: int = 1
) -> tuple[TransformerIssue, ...]:
    """All issues, the most severe first.

    Args:
        course: Of the transformer.
        lag_min: Time constant of its oil, minutes; None without a nameplate.
        noise: Declared standard error of the top-oil sensor, kelvin.
        transformers: How many are judged side by side.
    """
    if course.measured is None:
        return tuple(_over_temperature(course))
    implausible = list(_implausible(course, course.measured))
    deviation = course.deviation
    cooling = []
    if deviation is not None and lag_min is not None and not implausible and np.isfinite(deviation).any():
        error = max(noise or 0.0, spread(course.measured))
        found = find_excesses(deviation, lag_min, course.clock.step_min, error)
        cooling = [_cooling(course, item, deviation) for item in found]
        if not found and course.load is not None and course.expected is not None:
            known = course.measured, course.expected, course.load
            faint = find_faint(known, lag_min, course.clock.step_min, error, transformers)
            cooling = [_faint(course, faint)] if faint else []
    found_issues = [*implausible, *cooling, *_over_temperature(course)]
    return tuple(sorted(found_issues, key=lambda item: (-item.severity.rank, item.start)))


def moment(course: Course, step: int) -> datetime:
    """Time of a step of the course's clock."""
    return _EPOCH + timedelta(microseconds=int(course.clock.at_us[step]))


def _cooling(course: Course, excess: Excess, deviation: Values) -> TransformerIssue:
    inside = slice(excess.begin, None if excess.end is None else excess.end + 1)
    limit = broken_limit(_highest(course.measured, inside), _highest(course.hot_spot, inside))
    high = float(deviation[excess.worst])
    sure = high >= _CLEAR * MODEL_KELVIN and not excess.from_begin
    return TransformerIssue(
        kind=TransformerIssueKind.COOLING_LOSS,
        severity=max(Severity.CRITICAL, limit.severity, key=attrgetter("rank")) if limit else Severity.WARNING,
        start=moment(course, excess.begin),
        end=None if excess.end is None else moment(course, excess.end),
        cause=COOLING,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        **_values(course, excess.worst),
    )


def _faint(course: Course, excess: Excess) -> TransformerIssue:
    """Less than the model may miss: for the record, and for who looks after the cooling next."""
    return TransformerIssue(
        kind=TransformerIssueKind.COOLING_LOSS,
        severity=Severity.INFORMATION,
        start=moment(course, excess.begin),
        end=None if excess.end is None else moment(course, excess.end),
        not_before=None if excess.earliest is None else moment(course, excess.earliest),
        cause=FAINT,
        confidence=Confidence.LOW,
        **_values(course, excess.worst),
    )


def _over_temperature(course: Course) -> list[TransformerIssue]:
    """Times above the limit of normal cyclic loading, each with the most severe limit that it broke."""
    lowest = LIMITS[0]
    oil = course.measured if course.measured is not None else course.expected
    if oil is None:
        return []
    above = np.nan_to_num(oil, nan=-np.inf) > lowest.top_oil_celsius
    if course.hot_spot is not None:
        above |= np.nan_to_num(course.hot_spot, nan=-np.inf) > lowest.hot_spot_celsius
    found = []
    for begin, end in runs(above):
        if (end - begin) * course.clock.step_min < _LEAST_MIN:
            continue
        inside = slice(begin, end)
        limit = broken_limit(_highest(oil, inside), _highest(course.hot_spot, inside)) or lowest
        worst = begin + int(np.nanargmax((course.hot_spot if course.hot_spot is not None else oil)[inside]))
        found.append(
            TransformerIssue(
                kind=TransformerIssueKind.OVER_TEMPERATURE,
                severity=limit.severity,
                start=moment(course, begin),
                end=None if end == course.clock.count else moment(course, end - 1),
                cause=HOT.format(stage=limit.stage),
                confidence=Confidence.HIGH if course.measured is not None else Confidence.MEDIUM,
                **_values(course, worst),
            )
        )
    return found


def _implausible(course: Course, measured: Values) -> list[TransformerIssue]:
    known = np.isfinite(measured)
    low, high = _POSSIBLE_CELSIUS
    outside = known & ((measured < low) | (measured > high))
    found = [(begin, end, IMPOSSIBLE, Confidence.HIGH) for begin, end in runs(outside)]
    still = np.concatenate([[False], np.abs(np.diff(measured)) < 1e-9])  # noqa: PLR2004 - equal but for rounding
    for begin, end in runs(still):
        if (end - begin) * course.clock.step_min >= _FROZEN_MIN and _should_move(course, begin, end):
            found.append((begin, end, FROZEN, Confidence.MEDIUM))
    return [
        TransformerIssue(
            kind=TransformerIssueKind.SENSOR_IMPLAUSIBLE,
            severity=Severity.WARNING,
            start=moment(course, begin),
            end=None if end == course.clock.count else moment(course, end - 1),
            cause=cause,
            confidence=confidence,
            **_values(course, begin),
        )
        for begin, end, cause, confidence in found
    ]


def _should_move(course: Course, begin: int, end: int) -> bool:
    """Whether the expected temperature moves meanwhile; without one a still reading may be true."""
    if course.expected is None or not np.isfinite(course.expected[begin:end]).any():
        return False
    return float(np.ptp(course.expected[begin:end][np.isfinite(course.expected[begin:end])])) > _MOVED_KELVIN


def _values(course: Course, step: int) -> dict[str, float | None]:
    oil = course.measured if course.measured is not None else course.expected
    expected = None if course.expected is None else float(course.expected[step])
    top = float(oil[step]) if oil is not None else float("nan")
    if expected is None or not isfinite(expected):
        return {"top_oil_celsius": top}
    return {"top_oil_celsius": top, "expected_celsius": expected, "deviation_kelvin": top - expected}


def _highest(values: Values | None, inside: slice) -> float | None:
    if values is None or not np.isfinite(values[inside]).any():
        return None
    return float(np.nanmax(values[inside]))
