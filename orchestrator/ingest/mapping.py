"""The mapping file: what the columns of a file are, and how its times and numbers are written."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BeforeValidator, Field, field_validator, model_validator

from orchestrator.ingest.units import conversion
from tools.element import ElementRef, parse_canonical
from tools.errors import InvalidArgumentError
from tools.result import Result
from tools.telemetry.schema.operations import Asset, OutageKind, TransformerNameplate
from tools.telemetry.schema.sensor import Sensor, Side
from tools.units import SUFFIXES
from tools.vocabulary import ReadingQuality


def _element(value: object) -> object:
    """``line:14`` is how people write an element."""
    if not isinstance(value, str):
        return value
    found = parse_canonical(value)
    if found is None:
        raise ValueError(f"element {value!r} is not understood; line:14 would be")
    return ElementRef(kind=found[0], index=found[1])


RELATIVE = "relative_s"
"""Format of times in seconds from an origin."""

Element = Annotated[ElementRef | None, BeforeValidator(_element)]


class Fold(StrEnum):
    """Which of the two an hour is that the clock shows twice."""

    ORDER = "order"
    EARLIER = "earlier"
    LATER = "later"
    REJECT = "reject"


class TimeMapping(Result):
    """How times are written."""

    columns: tuple[str, ...] = Field(default=(), description="One column, or date and time apart, joined by a space")
    format: str = Field(default="iso", description="iso, epoch_s, epoch_ms, epoch_us, relative_s, or a strptime format")
    origin: AwareDatetime | None = Field(default=None, description="What relative_s counts from; with step_s, row one")
    step_s: float | None = Field(default=None, gt=0, description="Between rows of a file that has no times")
    zone: str | None = Field(default=None, description="IANA zone of times that carry no offset of their own")
    fold: Fold = Field(default=Fold.ORDER, description="The hour that the clock shows twice in autumn")

    @model_validator(mode="before")
    @classmethod
    def _one_column(cls, value: object) -> object:
        if isinstance(value, dict) and "column" in value:
            rest = {key: item for key, item in value.items() if key != "column"}
            return {**rest, "columns": [value["column"], *rest.get("columns", [])]}
        return value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return None if value is None else known_zone(value)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.columns) == (self.step_s is not None):
            raise ValueError("times stand in columns, or rows follow each other by step_s; right would be one of both")
        if (self.step_s is not None or self.format == RELATIVE) != (self.origin is not None):
            raise ValueError("origin belongs to step_s and to the format relative_s, as 2018-12-14T17:15:49Z would")
        return self


class SensorMapping(Result):
    """What one column, or one tag, measures."""

    sensor: str | None = Field(default=None, max_length=200, description="Name; that of the column when absent")
    quantity: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    unit: str = Field(default="", description="Suffix of ours that readings are kept in")
    file_unit: str | None = Field(default=None, description="Unit in the file where it is another one: kW, degF, ...")
    scale: float = Field(default=1.0, description="Times this, before the unit is converted: a transducer's ratio")
    element: Element = None
    asset: str | None = None
    sign: Literal[1, -1] = 1
    side: Side | None = None
    lowest: float | None = Field(default=None, description="Plausible range in our unit; outside, quality is bad")
    highest: float | None = None
    noise: float | None = Field(default=None, gt=0)
    period_s: float | None = Field(default=None, gt=0)
    stale_after_s: float = Field(default=300.0, gt=0)
    simulated: bool = False

    def declared(self, key: str, grid: str | None) -> Sensor:
        """The sensor as it is stored."""
        same = self.model_dump(exclude={"sensor", "file_unit", "scale"})
        return Sensor.model_validate({**same, "name": self.sensor or key, "grid": grid})

    @model_validator(mode="after")
    def _convertible(self) -> Self:
        if self.unit and self.unit not in SUFFIXES:
            raise ValueError(f"unit {self.unit!r} is not known; right would be one of {', '.join(SUFFIXES)}")
        try:
            conversion(self.file_unit, self.unit)
        except InvalidArgumentError as error:
            raise ValueError(str(error)) from error
        if self.lowest is not None and self.highest is not None and self.lowest >= self.highest:
            raise ValueError(f"lowest {self.lowest:g} is not below highest {self.highest:g}")
        return self


class AssetMapping(Result):
    """A piece of equipment that sensors belong to."""

    name: str = Field(min_length=1, max_length=200)
    kind: str
    element: Element = None
    nameplate: TransformerNameplate | None = None
    simulated: bool = False

    def declared(self, grid: str | None) -> Asset:
        """The asset as it is stored."""
        return Asset.model_validate({**self.model_dump(), "grid": grid})


class FileMapping(Result):
    """How the file is written, whatever is in it."""

    grid: str | None = Field(default=None, description="Grid that the data belong to; any when absent")
    encoding: str = Field(default="utf-8", description="As Python names it; a byte order mark may stand in front")


class Written(StrEnum):
    """In what a table is written."""

    CSV = "csv"
    JSON_LINES = "json_lines"
    PARQUET = "parquet"


_OF_CSV = frozenset({"delimiter", "quoting", "decimal", "header", "skip_lines"})


class TableMapping(FileMapping):
    """How a table of separated values, of JSON lines or of Parquet is written."""

    written: Written = Field(default=Written.CSV, description="csv, json_lines or parquet")
    explode: str | None = Field(
        default=None, description="Of JSON lines: dotted name of the list whose entries are rows; its fields follow it"
    )
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quoting: bool = Field(default=True, description="Whether quotation marks enclose fields")
    decimal: Literal[".", ","] = "."
    header: tuple[str, ...] | None = Field(default=None, description="Names of the columns where the file has none")
    skip_lines: int = Field(default=0, ge=0, description="Lines before the header")
    ignore: tuple[str, ...] = Field(default=(), description="Columns that are known and not wanted")
    missing: tuple[str, ...] = Field(default=("",), description="Texts that stand for no value")
    time: TimeMapping
    arrived: Literal["now", "with_reading"] = Field(
        default="now", description="with_reading: the archive had each reading at its time, so a past run may see it"
    )

    @model_validator(mode="after")
    def _as_written(self) -> Self:
        if self.written is not Written.CSV:
            told = sorted(_OF_CSV & self.model_fields_set)
            if told:
                raise ValueError(f"{told[0]} is of separated values only; written: {self.written} has none")
        if self.explode is not None and self.written is not Written.JSON_LINES:
            raise ValueError(f"explode = {self.explode!r} is of JSON lines only; written: json_lines would be right")
        return self


class TimedMapping(TableMapping):
    """A table whose rows carry their times."""

    @field_validator("time")
    @classmethod
    def _with_columns(cls, value: TimeMapping) -> TimeMapping:
        if not value.columns:
            raise ValueError("the times need columns; step_s is for captures, whose rows follow each other")
        return value


class ReadingsMapping(TimedMapping):
    """What wide and long tables of readings share."""

    assets: tuple[AssetMapping, ...] = ()

    def measured(self) -> dict[str, SensorMapping]:
        """Columns or tags, and what they measure."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [item.sensor or key for key, item in self.measured().items()]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"sensor {twice[0]!r} is named twice; a sensor has one column")
        known = {asset.name for asset in self.assets}
        for key, item in self.measured().items():
            if item.asset is not None and item.asset not in known:
                raise ValueError(f"asset {item.asset!r} of {key!r} is not under assets; there is {sorted(known)}")
        return self


class WideMapping(ReadingsMapping):
    """One column for each sensor."""

    format: Literal["wide"]
    columns: dict[str, SensorMapping] = Field(min_length=1, description="By column of the file")

    def measured(self) -> dict[str, SensorMapping]:
        """By column."""
        return self.columns


class LongMapping(ReadingsMapping):
    """One row for each reading; sensors that are in the store already need no entry."""

    format: Literal["long"]
    sensor_column: str
    value_column: str
    unit_column: str | None = Field(default=None, description="Unit of each row, where a file mixes them")
    quality_column: str | None = None
    qualities: dict[str, ReadingQuality] = Field(default={}, description="By code of the file; others are suspect")
    sensors: dict[str, SensorMapping] = Field(default={}, description="By tag of the file")

    def measured(self) -> dict[str, SensorMapping]:
        """By tag."""
        return self.sensors


class SyslogMapping(FileMapping):
    """A log in syslog's traditional form: no year and no zone in its times."""

    format: Literal["syslog"]
    year: int = Field(ge=1970, le=2200, description="Year of the first line")
    zone: str = Field(description="IANA zone of the machine that wrote it")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return known_zone(value)


class OutagesMapping(TimedMapping):
    """One row for each outage; ``time.columns`` names the column of its start."""

    format: Literal["outages"]
    id: str = Field(description="Column")
    end: str | None = Field(default=None, description="Column; empty while it lasts")
    expected_end: str | None = None
    kind: str | None = Field(default=None, description="Column; all forced when absent")
    kinds: dict[str, OutageKind] = Field(default={kind.value: kind for kind in OutageKind})
    element: str | None = None
    customers: str | None = None
    customer_minutes: str | None = None
    cause: str | None = None
    customers_served: int | None = Field(default=None, gt=0, description="Of the whole grid")


class PermitsMapping(TimedMapping):
    """One row for each permit to work; ``time.columns`` names the column of its start."""

    format: Literal["permits"]
    id: str = Field(description="Column")
    work: str
    holder: str
    end: str | None = None
    closed_at: str | None = None
    element: str | None = None


def known_zone(name: str) -> str:
    """The name of a zone that exists."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise ValueError(f"zone {name!r} is no IANA zone; Europe/Berlin or UTC would be one") from error
    return name
