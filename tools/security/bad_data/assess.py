"""``assess_bad_data``: falsified, replayed, faulty, or the truth; with the evidence that tells one from the other.

Physics first: which places explain what contradicts the others, and whether anything moved that nobody contradicts.
Then repetition, which physics need not see. Then the logs, because an added constant and a wrong calibration are the
same to every measurement. What the evidence does not decide is called undecided.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from tools.coverage import Coverage, LeftOut
from tools.detection.diagnosis import diagnose
from tools.detection.quality_look import look_at_quality
from tools.detection.scope import coverage_of
from tools.security.bad_data.contradictions import contradictions
from tools.security.bad_data.equations import Equations
from tools.security.bad_data.estimates import with_estimates
from tools.security.bad_data.events import events
from tools.security.bad_data.look import Look
from tools.security.bad_data.movements import movements
from tools.security.bad_data.repetition import find_repeats, together
from tools.security.bad_data.rows import RowMaker
from tools.security.bad_data.traces import find_traces
from tools.security.risk import NO_TABLE
from tools.security.schema.bad_data import AssessBadDataArguments, BadDataAssessment, BadDataIssue, BadDataKind
from tools.telemetry.moments import to_us
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tools.context import ToolContext
    from tools.detection.diagnosis import Diagnosis
    from tools.security.bad_data.contradictions import Contradiction
    from tools.security.bad_data.traces import Traces
    from tools.telemetry.series import Series

_ROWS = 100
_SURENESS = {confidence: rank for rank, confidence in enumerate(reversed(Confidence))}
_FALSE = frozenset({BadDataKind.INJECTION, BadDataKind.REPLAY, BadDataKind.SENSOR_FAULT})


def assess_bad_data(ctx: ToolContext, args: AssessBadDataArguments) -> BadDataAssessment:
    """Judge what stands out in the readings of a time.

    Raises:
        SourceMissingError: without telemetry.
    """
    telemetry = ctx.need_telemetry()
    start, end = args.span(ctx.clock)
    with threadpool_limits(limits=1, user_api="blas"):
        diagnosis = diagnose(ctx, start, end)
        names = [sensor.name for sensor in diagnosis.frame.sensors]
        held = telemetry.series(names, start - timedelta(hours=args.look_back_h), end)
        return _Assessment(ctx, args, diagnosis, held).build(start, end)


class _Assessment:
    """One look on its way into the result."""

    def __init__(
        self, ctx: ToolContext, args: AssessBadDataArguments, diagnosis: Diagnosis, held: Mapping[str, Series]
    ) -> None:
        self.ctx, self.args, self.diagnosis, self.held = ctx, args, diagnosis, held
        self.equations = Equations.of(diagnosis) if held else None
        self.worst: dict[tuple[str, datetime], datetime] = {}

    def build(self, start: datetime, end: datetime) -> BadDataAssessment:
        """The result."""
        frame = self.diagnosis.frame
        traces = find_traces(self.ctx, start, end, timedelta(hours=self.args.trace_h))
        noise = {sensor.name: float(frame.noise[row]) for row, sensor in enumerate(frame.sensors)}
        repeats, compared = find_repeats(self.held, noise, to_us(start))
        make = RowMaker(frame, self.held, traces, self.ctx.threats)
        contradicted = contradictions(self.diagnosis, self.equations)
        look = Look(self.diagnosis, make)
        look.repetitions(together(repeats), contradicted)
        look.stuck(contradicted)
        look.dropouts(look_at_quality(self.ctx, self.diagnosis).issues[:_ROWS])
        look.contradictions(contradicted)
        moved = movements(frame, look.wrong)
        look.lone([(one.first - frame.columns(5), one.stop + frame.columns(5)) for one in moved])
        issues = [*look.issues, *events(self.ctx, self.diagnosis, self.equations, make, moved)]
        issues.sort(key=_rank)
        page = issues[self.args.offset : self.args.offset + self.args.limit]
        page, estimated, why_not = with_estimates(self.ctx, page, self._moments(page, contradicted))
        kinds = [issue.kind for issue in issues]
        return BadDataAssessment(
            start=start,
            end=end,
            sensors=len(frame.sensors),
            readings=sum(len(series) for series in self.diagnosis.series.values()),
            issues=tuple(page),
            omitted=len(issues) - len(page),
            bad=sum(kind in _FALSE for kind in kinds),
            real=kinds.count(BadDataKind.REAL_EVENT),
            undecided=kinds.count(BadDataKind.UNDECIDED),
            equations=len(self.equations.residual) if self.equations is not None else 0,
            compared_for_repetition=compared,
            estimated=estimated,
            coverage=self._coverage(compared),
            not_seen=self._not_seen(traces, why_not),
            simulated=any(sensor.simulated for sensor in frame.sensors),
        )

    def _moments(self, page: Sequence[BadDataIssue], found: Sequence[Contradiction]) -> dict[int, datetime]:
        """The worst moment of each issue that a contradiction stands behind, and the begin of each movement."""
        frame = self.diagnosis.frame
        worst = {(frame.sensors[one.leader].name, frame.at(one.episode.first)): one.episode.worst for one in found}
        moments = {}
        for place, issue in enumerate(page):
            column = worst.get((issue.subject.name, issue.start))
            if column is not None:
                moments[place] = frame.at(column)
        return moments

    def _coverage(self, compared: int) -> Coverage:
        sensors = self.diagnosis.frame.sensors
        coverage = coverage_of(self.diagnosis, [sensor.name for sensor in sensors])
        left = len(sensors) - compared
        if not left:
            return coverage
        reason = "too coarse, too still or too few readings: a repetition could not be told from chance"
        more = LeftOut(what="sensors compared with their own past", count=left, reason=reason)
        return coverage.model_copy(update={"left_out": (*coverage.left_out, more)})

    def _not_seen(self, traces: Traces, why_not: Sequence[str]) -> tuple[str, ...]:
        gaps = [*traces.missing, *why_not]
        if self.equations is None:
            gaps.append("no two measurements that physics ties together: only repetition and own courses are judged")
        if self.ctx.threats is None:
            gaps.append(NO_TABLE)
        gaps.append("readings that are all falsified to fit another state of the grid fit every test of physics")
        return tuple(gaps)


def _rank(issue: BadDataIssue) -> tuple[object, ...]:
    return (
        -issue.severity.rank,
        _SURENESS[issue.confidence],
        -(issue.strength or 0.0),
        issue.start,
        issue.subject.name,
    )
