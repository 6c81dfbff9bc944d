"""Arguments and result of ``compute_reliability_indices``."""

from pydantic import AwareDatetime, Field

from tools.arguments import Page
from tools.element import ElementRef
from tools.result import Result
from tools.telemetry.schema.operations import OutageKind
from tools.window import WindowArguments


class ComputeReliabilityIndicesArguments(WindowArguments, Page):
    """Over which span; IEEE 1366 counts sustained interruptions, by default those of more than five minutes."""

    sustained_min: float = Field(default=5.0, ge=0, le=60, description="Interruptions longer than this are sustained")


class OutageRow(Result):
    """One outage that touches the span."""

    id: str
    element: ElementRef | None = None
    kind: OutageKind
    start: AwareDatetime
    end: AwareDatetime | None = None
    expected_end: AwareDatetime | None = None
    lasts: bool = Field(description="Not over at the end of the span")
    overdue: bool = Field(description="It lasts, and its expected return is past")
    duration_min: float = Field(ge=0, description="Inside the span")
    customers: int = Field(ge=0)
    customer_minutes: float = Field(ge=0, description="Inside the span")
    momentary: bool
    cause: str = Field(default="", description="As recorded, quoted as data")


class Indices(Result):
    """IEEE 1366 indices of one set of outages; None where nobody said how many customers there are."""

    interruptions: int = Field(ge=0, description="Sustained outages that left customers without supply")
    customers_interrupted: int = Field(ge=0, description="CI: customers of each sustained outage, added up")
    customer_minutes: float = Field(ge=0, description="CMI")
    saifi: float | None = Field(default=None, ge=0, description="CI / customers served")
    saidi_min: float | None = Field(default=None, ge=0, description="CMI / customers served")
    caidi_min: float | None = Field(default=None, ge=0, description="CMI / CI; None without an interruption")
    asai_percent: float | None = Field(default=None, ge=0, le=100)
    maifi: float | None = Field(default=None, ge=0, description="Momentary customer interruptions / customers served")


class ReliabilityIndices(Result):
    """Outages of a time, and what they mean for customers."""

    start: AwareDatetime
    end: AwareDatetime
    customers_served: int | None = None
    all_outages: Indices
    forced: Indices
    planned: Indices
    outages: int = Field(ge=0)
    standing: int = Field(ge=0, description="Outages that last at the end of the span")
    rows: tuple[OutageRow, ...] = Field(description="Standing ones first, then by customer minutes")
    omitted: int = Field(default=0, ge=0)
    simulated: bool = False
