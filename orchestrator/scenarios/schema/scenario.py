"""A scenario: one file, everything that a simulated time and its judgement need."""

from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from orchestrator.scenarios.schema.expected import Criteria, Expectation
from orchestrator.scenarios.schema.troubles import AnyTrouble, Lasting, Oscillation
from tools.result import Result

MOST_STEPS = 20_000
"""Two weeks by the minute, or two hours and three quarters at half a second: keeps the arrays below a gigabyte."""
_READINGS_A_CYCLE = 2.0


class GridChoice(Result):
    """Which grid, and how heavily it is loaded."""

    case: str = Field(description="demo, or a case such as case39; a file that gridcrew grid takes, too")
    load_percent: float = Field(default=100.0, gt=0, le=150, description="Of the case's loads and units, at the peak")


class Period(Result):
    """Which time, and how often everything is computed and read."""

    start: AwareDatetime = datetime(2026, 3, 10, tzinfo=UTC)
    hours: float = Field(default=24.0, gt=0, le=336)
    step_s: float = Field(default=60.0, ge=0.1, le=900, description="Time between readings, and between power flows")

    @field_validator("start")
    @classmethod
    def _utc(cls, start: datetime) -> datetime:
        return start.astimezone(UTC)

    @property
    def steps(self) -> int:
        """How many readings each sensor is due to give."""
        return max(1, round(self.hours * 3600 / self.step_s))

    @property
    def last(self) -> datetime:
        """Time of the last reading."""
        return self.start + timedelta(seconds=(self.steps - 1) * self.step_s)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.steps > MOST_STEPS:
            raise ValueError(
                f"hours {self.hours:g} at step_s {self.step_s:g} are {self.steps} steps; "
                f"at most {MOST_STEPS} would be right"
            )
        return self


class Profiles(Result):
    """How loads and air move."""

    homes: float = Field(default=0.6, ge=0, description="Share of the customers, relative to the other two")
    offices: float = Field(default=0.25, ge=0)
    works: float = Field(default=0.15, ge=0)
    wander_percent: float = Field(default=0.6, ge=0, le=20, description="Standard deviation of a load round its curve")
    flat: bool = Field(default=False, description="Loads stay at the peak: for times too short for a day's course")

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.homes + self.offices + self.works <= 0:
            raise ValueError("homes, offices and works are all 0; one of them above 0 would be right")
        return self

    @property
    def mix(self) -> tuple[float, float, float]:
        """Shares that add up to one."""
        total = self.homes + self.offices + self.works
        return self.homes / total, self.offices / total, self.works / total


class Measurement(Result):
    """What the sensors make of the truth."""

    noise_percent: float = Field(default=0.3, ge=0, le=20, description="Standard error of powers, of the usual one")
    voltage_noise_pu: float = Field(default=0.001, gt=0, le=0.05)
    temperature_noise_kelvin: float = Field(default=0.2, gt=0, le=10)
    only: tuple[str, ...] = Field(default=(), description="Names of the sensors that exist, * for anything; else all")
    without: tuple[str, ...] = Field(default=(), description="Names of sensors that do not exist, * for anything")


class Scenario(Result):
    """A simulated time with its troubles, and what the tools ought to find in it."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$", description="As its file is called")
    title: str = Field(min_length=1, max_length=200)
    grid: GridChoice
    period: Period = Period()
    seed: int = Field(default=1, ge=0)
    profiles: Profiles = Profiles()
    measurement: Measurement = Measurement()
    logs: bool = Field(default=True, description="Whether access, command, alarm and switching logs are kept")
    troubles: tuple[AnyTrouble, ...] = ()
    expected: tuple[Expectation, ...] = ()
    criteria: Criteria = Criteria()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        labels = [trouble.label for trouble in self.troubles]
        for place, label in enumerate(labels):
            if label in labels[:place]:
                reason = f"two troubles are called {label!r}; an id of its own for each would be right"
                raise _wrong(("troubles", place, "id"), reason)
        for place, expectation in enumerate(self.expected):
            if expectation.trouble not in labels:
                known = ", ".join(labels) or "none: there is no trouble"
                reason = f"there is no trouble {expectation.trouble!r}; right would be {known}"
                raise _wrong(("expected", place, "trouble"), reason)
        for place, trouble in enumerate(self.troubles):
            self._fits(place, trouble)
        return self

    def _fits(self, place: int, trouble: AnyTrouble) -> None:
        minutes, least = self.period.steps * self.period.step_s / 60, self.period.step_s / 60
        if trouble.start_min[1] >= minutes:
            reason = f"{trouble.start_min[1]:g} lies outside the period; below {minutes:g} would be right"
            raise _wrong(("troubles", place, "start_min"), reason)
        if isinstance(trouble, Lasting) and trouble.duration_min[0] < least:
            reason = f"{trouble.duration_min[0]:g} is shorter than a step; {least:g} or more would be right"
            raise _wrong(("troubles", place, "duration_min"), reason)
        slowest = _READINGS_A_CYCLE * self.period.step_s
        if isinstance(trouble, Oscillation) and trouble.cycle_s[0] < slowest:
            reason = (
                f"{trouble.cycle_s[0]:g} is faster than readings every {self.period.step_s:g} s can show; "
                f"{slowest:g} or more would be right"
            )
            raise _wrong(("troubles", place, "cycle_s"), reason)


def _wrong(place: tuple[str | int, ...], reason: str) -> PydanticCustomError:
    """A mistake between fields, with the place at which it is put right."""
    return PydanticCustomError("scenario", "{reason}", {"reason": reason, "place": place})
