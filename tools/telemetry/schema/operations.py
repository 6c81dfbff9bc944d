"""Records of operation: outages with their customers, permits to work, assets with their nameplates."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.element import ElementRef
from tools.result import Result


class OutageKind(StrEnum):
    """Whether an outage was planned."""

    PLANNED = "planned"
    FORCED = "forced"


class OutageRecord(Result):
    """One outage of an element, and whom it left without supply."""

    id: str
    element: ElementRef | None = None
    kind: OutageKind
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    expected_end: AwareDatetime | None = None
    customers: int = Field(default=0, ge=0, description="Customers interrupted")
    customer_minutes: float | None = Field(
        default=None, ge=0, description="As recorded; duration times customers when absent"
    )
    cause: str = Field(default="", max_length=500, description="As recorded; untrusted text")
    simulated: bool = False


class Permit(Result):
    """A permit to work: people are at the equipment."""

    id: str
    element: ElementRef | None = None
    work: str = Field(max_length=500)
    holder: str = Field(max_length=200)
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="Planned end; None when open")
    closed_at: AwareDatetime | None = Field(default=None, description="Handed back; None while people are at work")
    simulated: bool = False


class TransformerNameplate(Result):
    """What the thermal model of IEC 60076-7 needs; what is None is not known and never assumed in silence."""

    rated_power_mva: float | None = Field(default=None, gt=0)
    cooling: str | None = Field(default=None, description="ONAN, ONAF, OFAF, ODAF")
    top_oil_rise_kelvin: float | None = Field(default=None, gt=0, description="At rated load, steady state")
    hot_spot_rise_kelvin: float | None = Field(default=None, gt=0, description="Hot spot above top oil at rated load")
    loss_ratio: float | None = Field(default=None, gt=0, description="Load losses to no-load losses at rated load, R")
    oil_exponent: float | None = Field(default=None, gt=0, description="x of IEC 60076-7")
    winding_exponent: float | None = Field(default=None, gt=0, description="y of IEC 60076-7")
    oil_time_constant_min: float | None = Field(default=None, gt=0)
    winding_time_constant_min: float | None = Field(default=None, gt=0)
    k11: float | None = Field(default=None, gt=0)
    k21: float | None = Field(default=None, gt=0)
    k22: float | None = Field(default=None, gt=0)
    insulation: str | None = Field(default=None, description="normal or thermally_upgraded")


class Asset(Result):
    """A piece of equipment with what is known of it."""

    name: str = Field(min_length=1, max_length=200)
    kind: str = Field(description="transformer, cable, breaker, …")
    grid: str | None = None
    element: ElementRef | None = None
    nameplate: TransformerNameplate | None = None
    simulated: bool = False
