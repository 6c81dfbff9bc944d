"""A model as canonical data: numbers and names only, so that reading one back runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import AwareDatetime, Field, model_validator

from tools.detection.streaming.limits import Chart, Limit
from tools.detection.streaming.model import VERSION, LeftOutSensor, NormalModel
from tools.detection.streaming.wandering import Wandering
from tools.result import Result, digest
from tools.telemetry.moments import from_us, to_us


class LimitRecord(Result):
    """Limit of one chart."""

    chart: Chart
    freedom: float = Field(gt=0)
    tests: int = Field(ge=1)
    rate: float = Field(gt=0, lt=1)
    scale: float = Field(gt=0)
    stretch: float = Field(ge=1)


class SensorRecord(Result):
    """What is normal for one sensor, in its own unit; wandering in squared training deviations."""

    name: str
    column: int = Field(ge=0, description="Where it stands in the rows")
    centre: float
    scale: float = Field(gt=0)
    wandering_factor: float = Field(ge=0)
    wandering_power: float = Field(ge=0, lt=2)
    least_variance: float = Field(ge=0)
    weights: tuple[float, ...] = Field(description="Of the points of the training window")
    within: float = Field(description="Weighted mean of distances to the power, between points")
    level: float = Field(description="Predicted, in training deviations from the centre")
    longest_gap_rows: int = Field(ge=0)
    precision: tuple[float, ...] = Field(description="Its row of the inverse covariance of steps")


class LeftOutRecord(Result):
    """A column that is not judged."""

    name: str
    reason: str


class ModelRecord(Result):
    """A trained model; the same numbers to the last bit as the model that it was made of."""

    version: int = Field(description="Of what a record holds and how it is used")
    trained_from: AwareDatetime
    trained_until: AwareDatetime
    rows: int = Field(ge=1)
    point_back_rows: tuple[float, ...] = Field(
        min_length=1, description="From each point of the window to its last row"
    )
    step_us: int = Field(ge=1, description="Usual distance of two rows, microseconds")
    held_out_alarms: float = Field(ge=0, le=1, description="Share of held-out rows beyond the limits of theory")
    sensors: tuple[SensorRecord, ...] = Field(min_length=1)
    limits: tuple[LimitRecord, ...]
    left_out: tuple[LeftOutRecord, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.version != VERSION:
            raise ValueError(f"version {self.version}: this program reads version {VERSION}; train the model anew")
        if {item.chart for item in self.limits} != set(Chart) or len(self.limits) != len(Chart):
            raise ValueError(f"limits: right is one for each of {', '.join(Chart)}")
        if any(len(sensor.precision) != len(self.sensors) for sensor in self.sensors):
            raise ValueError(f"precision: right is a row of {len(self.sensors)} numbers for each sensor")
        if any(len(sensor.weights) != len(self.point_back_rows) for sensor in self.sensors):
            raise ValueError(f"weights: right is one for each of {len(self.point_back_rows)} points")
        columns = sorted(sensor.column for sensor in self.sensors)
        if len(set(columns)) != len(columns) or columns[-1] >= len(self.sensors) + len(self.left_out):
            raise ValueError("column: right is a different column for each sensor, within the rows")
        return self

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON."""
        return digest(self)


def to_record(model: NormalModel) -> ModelRecord:
    """A model as data."""
    wandering = model.wandering
    return ModelRecord(
        version=VERSION,
        trained_from=from_us(model.from_us),
        trained_until=from_us(model.until_us),
        rows=model.rows,
        point_back_rows=tuple(wandering.back.tolist()),
        step_us=model.step_us,
        held_out_alarms=model.held_out_alarms,
        sensors=tuple(
            SensorRecord(
                name=name,
                column=model.columns[at],
                centre=float(model.centre[at]),
                scale=float(model.scale[at]),
                wandering_factor=float(wandering.factor[at]),
                wandering_power=float(wandering.power[at]),
                least_variance=float(wandering.least[at]),
                weights=tuple(wandering.weights[:, at].tolist()),
                within=float(wandering.within[at]),
                level=float(wandering.level[at]),
                longest_gap_rows=model.longest_gap[at],
                precision=tuple(model.precision[at].tolist()),
            )
            for at, name in enumerate(model.sensors)
        ),
        limits=tuple(
            LimitRecord(
                chart=chart,
                freedom=limit.freedom,
                tests=limit.tests,
                rate=limit.rate,
                scale=limit.scale,
                stretch=limit.stretch,
            )
            for chart, limit in model.limits.items()
        ),
        left_out=tuple(LeftOutRecord(name=item.name, reason=item.reason) for item in model.left_out),
    )


def from_record(record: ModelRecord) -> NormalModel:
    """The model that a record was made of."""
    sensors = record.sensors
    return NormalModel(
        sensors=tuple(sensor.name for sensor in sensors),
        columns=tuple(sensor.column for sensor in sensors),
        centre=_array([sensor.centre for sensor in sensors]),
        scale=_array([sensor.scale for sensor in sensors]),
        wandering=Wandering(
            factor=_array([sensor.wandering_factor for sensor in sensors]),
            power=_array([sensor.wandering_power for sensor in sensors]),
            least=_array([sensor.least_variance for sensor in sensors]),
            back=_array(record.point_back_rows),
            weights=np.array([sensor.weights for sensor in sensors], dtype=np.float64).T.copy(),
            within=_array([sensor.within for sensor in sensors]),
            level=_array([sensor.level for sensor in sensors]),
        ),
        precision=np.array([sensor.precision for sensor in sensors], dtype=np.float64),
        limits={
            item.chart: Limit(item.freedom, item.tests, item.rate, item.scale, item.stretch) for item in record.limits
        },
        longest_gap=tuple(sensor.longest_gap_rows for sensor in sensors),
        from_us=to_us(record.trained_from),
        until_us=to_us(record.trained_until),
        step_us=record.step_us,
        rows=record.rows,
        held_out_alarms=record.held_out_alarms,
        left_out=tuple(LeftOutSensor(item.name, item.reason) for item in record.left_out),
    )


def _array(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)
