"""What a suite needs of a simulated day, and what it adds to it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExtraSensor(_Frozen):
    """A sensor that the day does not have: it measures what another one measures, with noise of its own."""

    name: str
    like: str = Field(description="Sensor of the day whose true value and noise it has")
    asset: str | None = Field(default=None, description="Extra asset that it sits at, in place of the element")
    offset: float = Field(default=0.0, description="What it adds to the truth, in its unit, from offset_from_min on")
    offset_from_min: int = Field(default=0, ge=0, lt=1440, description="Minute of the day")
    until_min: int = Field(default=1440, ge=1, le=1440, description="Minute from which on it sends nothing")


class PlantedTrouble(_Frozen):
    """What a planted sensor does, beside its usual course."""

    kind: Literal["step", "drift", "oscillation"]
    from_min: int = Field(ge=0, lt=1440, description="Minute of the day")
    until_min: int = Field(ge=1, le=1440)
    size: float = Field(description="Height of a step, end of a drift, amplitude of an oscillation, in its unit")
    frequency_hz: float = Field(default=0.0, ge=0)
    told: str | None = Field(default=None, description="Kind of the finding that tells it; its own name when absent")


class PlantedSensor(_Frozen):
    """A sensor of a quantity of its own: level, daily course, white noise."""

    name: str
    quantity: str
    unit: str = ""
    period_s: float = Field(gt=0)
    declares_period: bool = Field(default=True, description="False: nobody misses it when it sends nothing")
    from_min: int = Field(default=0, lt=1440, description="First minute; negative ones lie on the days before")
    until_min: int = Field(default=1440, le=1440)
    level: float
    daily: float = Field(default=0.0, description="Amplitude of the daily course")
    noise: float = Field(gt=0)
    troubles: tuple[PlantedTrouble, ...] = ()


class AlarmBurst(_Frozen):
    """Alarms of one host, evenly spaced."""

    host: str
    text: str
    from_min: int = Field(ge=0, lt=1440)
    count: int = Field(ge=1)
    every_s: float = Field(gt=0)


class MessageTraffic(_Frozen):
    """Normal IEC 60870-5-104 traffic of some hours, the same hours of the day before, and one scan."""

    from_min: int = Field(ge=0, lt=1440)
    until_min: int = Field(ge=1, le=1440)
    scan_min: int = Field(ge=0, lt=1440)
    scanner: str
    scan_messages: int = Field(ge=1)


class DayNeeds(_Frozen):
    """The day of a seed, with extra sensors and assets on top."""

    seed: int = Field(ge=0)
    sensors: tuple[ExtraSensor, ...] = ()
    bare_transformers: tuple[str, ...] = Field(default=(), description="Assets without any nameplate, by name")
    planted: tuple[PlantedSensor, ...] = ()
    alarms: tuple[AlarmBurst, ...] = ()
    traffic: MessageTraffic | None = None
