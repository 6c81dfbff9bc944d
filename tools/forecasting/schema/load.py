"""Arguments and result of ``forecast_load``."""

from pydantic import AwareDatetime, Field

from tools.arguments import Arguments
from tools.result import Result
from tools.subject import SubjectRef


class ForecastLoadArguments(Arguments):
    """Which load, from when, how far."""

    at: AwareDatetime | None = Field(
        default=None, description="Origin: readings after it are not used; as_of if absent"
    )
    horizon_h: int = Field(default=24, ge=1, le=72, description="Hours ahead")
    sensor: str | None = Field(default=None, description="Load sensor; the system load when absent")
    time_zone: str | None = Field(default=None, description="IANA zone that people live by; UTC when absent")
    country: str | None = Field(default=None, description="Whose public holidays count, such as AT or AU-VIC")


class ForecastHour(Result):
    """The mean load of one hour."""

    at: AwareDatetime = Field(description="Begin of the hour")
    p10_mw: float
    p50_mw: float
    p90_mw: float
    measured_mw: float | None = Field(default=None, description="Where the hour is over and known: for comparison")
    capacity_mw: float | None = Field(default=None, description="Generation that the model can give; None if unknown")
    margin_mw: float | None = Field(default=None, description="Capacity minus P90")


class LoadForecast(Result):
    """Load ahead with its uncertainty, and what it rests on."""

    subject: SubjectRef | None = Field(default=None, description="The sensor; None when loads were added up")
    at: AwareDatetime = Field(description="Origin")
    horizon_h: int
    method: str
    history_days: float = Field(ge=0, description="History that it was fitted on")
    uses_temperature: bool
    rows: tuple[ForecastHour, ...]
    peak: ForecastHour
    thinnest: ForecastHour | None = Field(default=None, description="Hour of least margin; None without a capacity")
    mae_mw: float | None = Field(default=None, ge=0, description="Mean error on the last week of the history, held out")
    mape_percent: float | None = Field(default=None, ge=0)
    yesterday_mape_percent: float | None = Field(default=None, ge=0, description="Of saying: as yesterday")
    last_week_mape_percent: float | None = Field(default=None, ge=0, description="Of saying: as a week ago")
    coverage_percent: float | None = Field(default=None, description="Held-out hours inside P10..P90")
    worst_deviation_mw: float | None = Field(default=None, description="Measured minus P50 where it is largest")
    worst_deviation_at: AwareDatetime | None = None
    simulated: bool = False
