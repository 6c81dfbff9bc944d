"""Training what is normal for a grid's sensors anew; incidents that people judged decide what is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from agents.incident import FeedbackVerdict
from orchestrator.grids import load_grid
from orchestrator.home import utc_now
from orchestrator.runs.feedback import FeedbackStore
from orchestrator.sources import open_run_sources
from orchestrator.store.trained_models import TrainedModels
from tools.detection.group_history import model_name
from tools.detection.rows import rows_of
from tools.detection.statistical import MOST_GROUPS, groups_of
from tools.detection.streaming.fitting import LEAST_ROWS, fit_model
from tools.detection.streaming.record import ModelRecord, to_record
from tools.detection.streaming.retraining import Choice, Incident
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.selection import choose_sensors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agents.incident import Incident as Recorded
    from agents.incident import IncidentFeedback
    from orchestrator.home import Home
    from tools.detection.rows import Rows
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.sources import TelemetrySource

_AROUND_ROWS = 60
"""Before and after an incident: the averages settle on them, and what is told of them is a false alarm."""
_NOBODY_KNOWS = "no judged incident of these sensors lies outside both training times: which is better is not known"
_LONE = "judged alone, by their own past each time: no model of theirs is stored"
_MORE = "more sensors than one call judges: no model of theirs would be used"


@dataclass(frozen=True)
class Retrained:
    """One group of sensors that a model judges side by side.

    Attributes:
        sensors: Their names.
        fingerprint: Of the new model.
        replaces: Whether the new one is used from now on: the first one, or a better one.
        incidents: Held out, judged by people.
        choice: How both do on them; None when they were not compared.
        why: Why they were not; empty when they were.
    """

    sensors: tuple[str, ...]
    fingerprint: str
    replaces: bool
    incidents: int
    choice: Choice | None
    why: str = ""


@dataclass(frozen=True)
class Retraining:
    """All groups of a grid, and what was left out with the reason."""

    groups: tuple[Retrained, ...]
    left_out: tuple[str, ...]


def retrain(home: Home, grid: str, start: datetime, end: datetime) -> Retraining:
    """Learn what is normal from a time in which nothing was wrong; the better model of each group is used.

    Held out are incidents that people judged: a confirmed one must be told, a false alarm must not. Models are those
    of the groups that ``detect_anomalies`` judges when it is asked about all sensors.

    Args:
        home: Holds readings, incidents and models.
        grid: Name of the grid.
        start: Begin of the time to learn from.
        end: Its end.

    Raises:
        GridUnavailableError: when there is no such grid.
        SourceMissingError: when nothing is measured there.
        InvalidArgumentError: for a time that ends before it begins, holds a confirmed incident, or teaches nothing.
    """
    if end <= start:
        raise InvalidArgumentError(f"--to {end.isoformat()}: a time after --from {start.isoformat()} would be right")
    name = load_grid(grid, home.grids).name
    telemetry = open_run_sources(home.engine, name, utc_now()).stored.telemetry
    if telemetry is None:
        raise SourceMissingError("telemetry")
    judged = FeedbackStore(home.engine, utc_now).judged(name)
    models = TrainedModels(home.engine, utc_now)
    groups: list[_Group] = []
    left_out: list[str] = []
    for period_s, sensors in groups_of(choose_sensors(telemetry.sensors())):
        if period_s is None or len(sensors) == 1:
            left_out += [f"{sensor.name}: {_LONE}" for sensor in sensors]
        elif len(groups) == MOST_GROUPS:
            left_out.append(f"{len(sensors)} sensors from {sensors[0].name} on: {_MORE}")
        else:
            groups.append(_Group(telemetry, sensors, period_s, judged))
    if not groups:
        raise InvalidArgumentError(f"--grid {name!r}: no two of its sensors have one period, so no model can be stored")
    # Before any is stored: all groups are trained, or none.
    for group in groups:
        group.refuse(start, end)
    found = tuple(group.trained(models, (start, end)) for group in groups)
    return Retraining(found, (*left_out, *(item for group in groups for item in group.left_out)))


class _Group:
    """Sensors of one model, and the judged incidents that concern them."""

    def __init__(
        self,
        telemetry: TelemetrySource,
        sensors: tuple[Sensor, ...],
        period_s: float,
        judged: Sequence[tuple[Recorded, IncidentFeedback]],
    ) -> None:
        self._telemetry, self._sensors, self._period_s = telemetry, sensors, period_s
        mine = {str(ref) for sensor in sensors for ref in (sensor.ref, sensor.element) if ref is not None}
        self._judged = [item for item in judged if mine & {str(asset) for asset in item[0].assets}]
        self.left_out: list[str] = []

    def trained(self, models: TrainedModels, time: tuple[datetime, datetime]) -> Retrained:
        """Fit, compare, and store what is better."""
        names = tuple(sensor.name for sensor in self._sensors)
        rows, stored_as = self._rows(*time), model_name(names)
        record = to_record(fit_model(names, rows.at_us, rows.value))
        old = models.in_use(stored_as)
        if old is None:
            models.save(stored_as, record)
            return Retrained(names, record.fingerprint, True, 0, None, "it is the first one of these sensors")
        held_out = list(self._held_out(record, old))
        if not held_out:
            return Retrained(names, record.fingerprint, False, 0, None, _NOBODY_KNOWS)
        choice = models.retrain(stored_as, record, held_out)
        return Retrained(names, record.fingerprint, choice is None or choice.replaced, len(held_out), choice)

    def refuse(self, start: datetime, end: datetime) -> None:
        """Refuse a time that holds an incident, or too few readings to learn from.

        Raises:
            InvalidArgumentError: with what would be right.
        """
        for incident, said in self._judged:
            over = incident.end is not None and incident.end < start
            if said.verdict is not FeedbackVerdict.FALSE_ALARM and not over and incident.start <= end:
                raise InvalidArgumentError(
                    f"--from {start.isoformat()} --to {end.isoformat()} holds {incident.id}, which people say was an "
                    "incident; a time in which nothing was wrong would be right"
                )
        rows = len(self._rows(start, end).at_us)
        if rows < LEAST_ROWS:
            names = [sensor.name for sensor in self._sensors]
            stored = self._telemetry.extent(names)
            held = " to ".join(moment.isoformat() for moment in stored) if stored else "nothing"
            raise InvalidArgumentError(
                f"--from {start.isoformat()} --to {end.isoformat()} holds readings of {names[0]} and others at {rows} "
                f"moments; {LEAST_ROWS} or more would be right; stored is {held}"
            )

    def _held_out(self, *models: ModelRecord) -> Iterator[Incident]:
        """Incidents whose rows neither model was trained on."""
        around = timedelta(seconds=_AROUND_ROWS * self._period_s)
        for incident, said in self._judged:
            if incident.end is None:
                self.left_out.append(f"{incident.id}: lasts, so nobody knows which readings belong to it")
                continue
            rows = self._rows(incident.start - around, incident.end + around)
            if not len(rows.at_us):
                self.left_out.append(f"{incident.id}: no reading around it")
            elif any(_overlaps(rows, model) for model in models):
                self.left_out.append(f"{incident.id}: a model was trained on the readings around it")
            else:
                inside = (rows.at_us >= to_us(incident.start)) & (rows.at_us <= to_us(incident.end))
                truly = said.verdict is not FeedbackVerdict.FALSE_ALARM
                yield Incident(rows.at_us, rows.value, inside & truly)

    def _rows(self, start: datetime, end: datetime) -> Rows:
        names = [sensor.name for sensor in self._sensors]
        return rows_of(self._telemetry.series(names, start, end), self._sensors, self._period_s)


def _overlaps(rows: Rows, model: ModelRecord) -> bool:
    first, last = from_us(int(rows.at_us[0])), from_us(int(rows.at_us[-1]))
    return first <= model.trained_until and last >= model.trained_from
