"""A sensor: what it measures, where, in which unit and sign, and when its word is stale."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectKind, SubjectRef
from tools.units import SUFFIXES


class Side(StrEnum):
    """End of a branch at which a sensor sits."""

    FROM = "from"
    TO = "to"
    HV = "hv"
    LV = "lv"


class Sensor(Result):
    """One measuring point.

    A reading times ``sign`` is in pandapower's convention for the element's result table: loads positive when they
    draw, units positive when they feed, branch flows positive into the branch at ``side``.
    """

    name: str = Field(min_length=1, max_length=200, description="Unique within its store")
    grid: str | None = Field(default=None, description="Registered grid that it belongs to; None for any")
    element: ElementRef | None = Field(default=None, description="None for a quantity of the whole grid or of an asset")
    asset: str | None = Field(default=None, description="Asset that it belongs to, by name")
    quantity: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="p, q, vm, i, loading, top_oil_temperature, …")
    unit: str = Field(default="", description="Suffix of tools.units; empty for a plain figure")
    sign: Literal[1, -1] = 1
    side: Side | None = None
    period_s: float | None = Field(default=None, gt=0, description="Usual time between readings")
    stale_after_s: float = Field(default=300.0, gt=0, description="Age at which a reading is stale")
    lowest: float | None = Field(default=None, description="Plausible range, in the sensor's unit")
    highest: float | None = None
    noise: float | None = Field(default=None, gt=0, description="Declared standard error, in the sensor's unit")
    simulated: bool = Field(default=False, description="Its readings were made up, and every answer says so")

    @field_validator("unit")
    @classmethod
    def _known(cls, unit: str) -> str:
        if unit and unit not in SUFFIXES:
            raise ValueError(f"unit {unit!r} is not known; right would be one of {', '.join(SUFFIXES)}")
        return unit

    @property
    def ref(self) -> SubjectRef:
        """How findings and answers name it."""
        return SubjectRef(kind=SubjectKind.SENSOR, name=self.name)
