"""Everything that stands out in the readings of a time, each judged once: the strongest explanation takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.episodes import Course
from tools.detection.judging import is_slight
from tools.detection.lone import find_jumps
from tools.detection.schema.quality import QualityKind
from tools.security.bad_data.contradictions import Contradiction
from tools.security.bad_data.places import Reach
from tools.security.bad_data.rows import RowMaker, Shown, Span
from tools.security.bad_data.verdict import of_lone, of_repetition, of_shape, of_station, of_step
from tools.security.schema.bad_data import BadDataIssue, FaultShape, Repetition
from tools.telemetry.moments import from_us, to_us

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.detection.diagnosis import Diagnosis
    from tools.detection.schema.quality import QualityIssue
    from tools.detection.stuck import StuckRun
    from tools.security.bad_data.repetition import Repeat
    from tools.security.bad_data.verdict import Verdict

_CLEAR_SIGMA = 5.0
_BACK_MIN = 5.0
_SHAPE_OF = {Course.DRIFT: FaultShape.DRIFT, Course.SPIKE: FaultShape.SPIKE, Course.STEP: FaultShape.STEP}


@dataclass(eq=False)
class Look:
    """Takes one explanation after the other, the surest first, and remembers which readings are explained.

    Attributes:
        issues: Rows made so far.
        wrong: Row and columns (first, stop) of readings that are explained as wrong.
    """

    diagnosis: Diagnosis
    make: RowMaker
    issues: list[BadDataIssue] = field(default_factory=list)
    wrong: list[tuple[int, int, int]] = field(default_factory=list)

    def repetitions(self, groups: Iterable[Sequence[Repeat]], contradicted: Sequence[Contradiction]) -> None:
        """Readings that repeat earlier ones; what contradicts them in that time is explained by it."""
        row_of = {sensor.name: row for row, sensor in enumerate(self.diagnosis.frame.sensors)}
        for group in groups:
            first = group[0]
            rows = [row_of[one.sensor] for one in group]
            start_us, end_us = min(one.start_us for one in group), max(one.end_us for one in group)
            columns = self._columns(start_us, end_us)
            against = any(set(one.rows) & set(rows) and _touch(one, columns) for one in contradicted)
            last_us = int(self.diagnosis.frame.at_us[-1])
            span = Span(start_us, end_us, end_us >= last_us - self._step_us)
            verdict = of_repetition(len(set(rows)), against, self.make.hand(rows, span))
            repetition = Repetition(
                start=from_us(first.from_us),
                end=from_us(first.to_us),
                delay_s=first.delay_us / 1e6,
                readings=first.readings,
            )
            self._add(rows, span, verdict, Shown(repetition=repetition))
            self.wrong += [(row, *columns) for row in rows]

    def stuck(self, contradicted: Sequence[Contradiction]) -> None:
        """Values that are held."""
        for row, runs in self.diagnosis.stuck.items():
            for run in runs:
                self._stuck(row, run, contradicted)

    def _stuck(self, row: int, run: StuckRun, contradicted: Sequence[Contradiction]) -> None:
        columns = self._columns(run.start_us, run.end_us)
        if self.explained([row], columns):
            return
        implied = self.diagnosis.implied(row, *columns)
        error = None if implied is None else run.value - implied[1]
        noise = float(self.diagnosis.frame.noise[row])
        against = any(row in one.rows and _touch(one, columns) for one in contradicted)
        against |= error is not None and abs(error) > _CLEAR_SIGMA * noise
        span = Span(run.start_us, run.end_us, run.lasting)
        verdict = of_shape(FaultShape.STUCK, run.exact or against, against, self.make.hand([row], span))
        self._add([row], span, verdict, Shown(value=run.value, error=error, shape=FaultShape.STUCK))
        self.wrong.append((row, *columns))

    def dropouts(self, issues: Iterable[QualityIssue]) -> None:
        """Readings that are missing."""
        row_of = {sensor.name: row for row, sensor in enumerate(self.diagnosis.frame.sensors)}
        for issue in issues:
            if issue.kind not in {QualityKind.DROPOUT, QualityKind.STALE}:
                continue
            row = row_of[issue.subject.name]
            span = Span(to_us(issue.start), to_us(issue.end or self.diagnosis.end), issue.end is None)
            verdict = of_shape(FaultShape.DROPOUT, True, False, self.make.hand([row], span))
            self._add([row], span, verdict, Shown(shape=FaultShape.DROPOUT, missing=issue.readings))

    def contradictions(self, found: Sequence[Contradiction]) -> None:
        """What physics contradicts and nothing else explains yet."""
        frame = self.diagnosis.frame
        for one in found:
            episode = one.episode
            columns = episode.first, episode.stop
            if self.explained(one.rows[:1], columns):
                continue
            span = self.make.span(*columns, lasting=episode.lasting)
            shape, hand = _SHAPE_OF[episode.course], self.make.hand(one.rows, span)
            clear = abs(episode.error) >= _CLEAR_SIGMA * float(frame.noise[one.leader]) and not one.alike
            if one.place.reach is Reach.STATION and len(one.rows) > 1:
                verdict = of_station(one.adds_up, one.one_factor, hand)
            elif shape is FaultShape.STEP:
                verdict = of_step(one.place.reach, hand)
            else:
                verdict = of_shape(shape, clear, True, hand)
            value = float(frame.value[one.leader, episode.worst])
            shown = Shown(
                value=value if np.isfinite(value) else None,
                error=episode.error,
                strength=episode.strength,
                shape=shape,
                slight=is_slight(self.diagnosis, one.leader, episode),
            )
            self._add(one.rows, span, verdict, shown)
            self.wrong += [(row, *columns) for row in one.rows]

    def lone(self, moving: Sequence[tuple[int, int]]) -> None:
        """Jumps that no other measurement can judge, but where the grid moved at that time anyway."""
        frame, redundant = self.diagnosis.frame, self.diagnosis.verdicts.redundant
        alone = [row for row in range(len(frame.sensors)) if not redundant[row]]
        for row in alone:
            for jump in find_jumps(frame, row, len(alone)) if row not in self.diagnosis.stuck else ():
                columns = jump.first, jump.stop
                near = max(0, jump.first - frame.columns(_BACK_MIN)), jump.stop
                if self.explained([row], near) or any(
                    first < jump.stop and jump.first < stop for first, stop in moving
                ):
                    continue  # what is wrong jumps back as well
                span = self.make.span(*columns, lasting=jump.lasting)
                shape = FaultShape.SPIKE if jump.spike else FaultShape.STEP
                value = float(frame.value[row, jump.worst])
                verdict = of_lone(jump.spike, self.make.hand([row], span))
                self._add([row], span, verdict, Shown(value, jump.error, jump.strength, shape))
                self.wrong.append((row, *columns))

    def explained(self, rows: Sequence[int], columns: tuple[int, int]) -> bool:
        """Whether readings are explained already."""
        return any(row in rows and first < columns[1] and columns[0] < stop for row, first, stop in self.wrong)

    @property
    def _step_us(self) -> int:
        return int(timedelta(seconds=self.diagnosis.frame.step_s) / timedelta(microseconds=1))

    def _columns(self, start_us: int, end_us: int) -> tuple[int, int]:
        at_us = self.diagnosis.frame.at_us + self._step_us // 2
        first, last = np.searchsorted(at_us, [start_us, end_us])
        return int(first), min(int(last) + 1, len(at_us))

    def _add(self, rows: Sequence[int], span: Span, verdict: Verdict, shown: Shown) -> None:
        made = self.make.row(rows, span, verdict, shown)
        if made is not None:
            self.issues.append(made)


def _touch(one: Contradiction, columns: tuple[int, int]) -> bool:
    return one.episode.first < columns[1] and columns[0] < one.episode.stop
