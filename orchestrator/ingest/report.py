"""What became of a file."""

from pydantic import AwareDatetime, Field

from orchestrator.ingest.rejects import Reason
from tools.result import Result


class Gap(Result):
    """Time in which a sensor has no reading."""

    sensor: str
    start: AwareDatetime = Field(description="Last reading before")
    end: AwareDatetime = Field(description="First reading after")
    missing: int = Field(ge=1, description="Readings that would have come, at the sensor's period")


class SensorCount(Result):
    """What the file gave of one sensor."""

    sensor: str
    new: bool = Field(description="It was not in the store before")
    readings: int = Field(ge=1, description="Taken or there already")
    first: AwareDatetime
    last: AwareDatetime
    gaps: int = Field(ge=0)


class IngestReport(Result):
    """What became of a file: ``values`` = ``taken`` + ``duplicates`` + ``rejected`` + ``empty``, always."""

    file: str
    format: str
    grid: str | None = None
    rows: int = Field(ge=0, description="Rows or lines of the file, without its header and blank ones")
    values: int = Field(ge=0, description="What the rows hold: one each, or in a wide table one for each mapped column")
    taken: int = Field(ge=0)
    duplicates: int = Field(ge=0, description="In the store already, or twice in the file")
    rejected: int = Field(ge=0)
    empty: int = Field(default=0, ge=0, description="Cells without a value")
    conflicts: int = Field(default=0, ge=0, description="Of the rejected: another value is stored for this time")
    out_of_range: int = Field(default=0, ge=0, description="Of the taken and duplicates: outside the declared range")
    reasons: tuple[Reason, ...] = ()
    reject_file: str | None = None
    sensors: tuple[SensorCount, ...] = ()
    sensors_made: int = Field(default=0, ge=0)
    assets: int = Field(default=0, ge=0, description="Assets that the mapping declares")
    gap_count: int = Field(default=0, ge=0)
    gaps: tuple[Gap, ...] = Field(default=(), description="The longest")
    notes: tuple[str, ...] = ()
