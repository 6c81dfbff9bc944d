"""What a suite needs of a simulated day, and what it adds to it."""

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


class DayNeeds(_Frozen):
    """The day of a seed, with extra sensors and assets on top."""

    seed: int = Field(ge=0)
    sensors: tuple[ExtraSensor, ...] = ()
    bare_transformers: tuple[str, ...] = Field(default=(), description="Assets without any nameplate, by name")
