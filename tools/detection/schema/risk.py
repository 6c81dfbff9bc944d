"""Arguments and result of ``classify_risk``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.arguments import Arguments
from tools.coverage import Coverage
from tools.result import Result
from tools.vocabulary import Confidence


class ClassifyRiskArguments(Arguments):
    """Up to which moment, how many hours back, and how frequent incidents are where it is asked."""

    at: AwareDatetime | None = Field(default=None, description="End of the newest hour; the run's as_of when absent")
    hours: int = Field(default=1, ge=1, le=24, description="Hours that are judged, one after the other, back from at")
    incident_rate_percent: float | None = Field(
        default=None, gt=0, lt=100, description="Share of hours with an incident here; that of the training when absent"
    )


class RiskLevel(StrEnum):
    """A probability in a word, against the share of hours with an incident that it is for."""

    LOW = "low"  # below that share: likelier to be quiet than an average hour
    ELEVATED = "elevated"
    HIGH = "high"  # more likely than not, and at least twice the odds of an average hour


class RiskFactor(Result):
    """What one figure of the hour adds to its risk: its Shapley value."""

    figure: str = Field(description="What it is, in a few words")
    value: float = Field(description="In the unit that the figure's name ends with, if any")
    name: str = Field(description="Name of the figure, with its unit")
    adds: float = Field(description="To the log-odds, against an average training hour")


class HourRisk(Result):
    """The risk that an incident touches one hour; it is no forecast of the hours after it."""

    start: AwareDatetime
    end: AwareDatetime
    level: RiskLevel
    probability_percent: float = Field(ge=0, le=100, description="Calibrated on days that the model had not seen")
    lowest_percent: float = Field(ge=0, le=100, description="Twentieth part of models of resampled days lies below")
    highest_percent: float = Field(ge=0, le=100, description="Twentieth part of them lies above")
    average_log_odds: float = Field(description="Of an average training hour")
    log_odds: float = Field(description="Of this hour: the average, the factors and the others together")
    factors: tuple[RiskFactor, ...] = Field(max_length=5, description="The largest first")
    others_add: float = Field(description="All further figures together, to the log-odds")
    others: int = Field(ge=0, description="Further figures")
    confidence: Confidence


class RiskModelUsed(Result):
    """The model behind the probabilities, and how it does on hours that it has never seen."""

    fingerprint: str
    version: int
    trained_on: str
    days: int = Field(ge=1)
    training_hours: int = Field(ge=1)
    confirmed_hours: int = Field(ge=0, description="Training hours that people judged")
    incident_share_percent: float = Field(ge=0, le=100, description="Of the training hours")
    held_out_hours: int = Field(ge=1)
    roc_auc: float = Field(ge=0, le=1)
    brier: float = Field(ge=0, le=1)
    calibration_error_percent: float = Field(ge=0, le=100)
    rival: str = Field(description="The best judge on the same figures that saw no label")
    rival_roc_auc: float = Field(ge=0, le=1)
    rival_brier: float = Field(ge=0, le=1)
    beats_rival: bool


class IncidentRisk(Result):
    """How likely it is that an incident is under way."""

    at: AwareDatetime
    hours: tuple[HourRisk, ...] = Field(description="The newest first")
    highest: HourRisk = Field(description="The hour with the highest probability")
    assumed_rate_percent: float = Field(ge=0, le=100, description="Share of hours with an incident that it is for")
    model: RiskModelUsed
    method: str
    coverage: Coverage = Field(description="checked: figures of the newest hour; left_out: those without a source")
    simulated: bool = False
