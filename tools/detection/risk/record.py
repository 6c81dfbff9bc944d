"""A risk model as canonical data: steps of log-odds by figure; reading one back runs nothing."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from tools.detection.risk.features import NAMES
from tools.result import Result, digest

VERSION = 1
"""Of what a record holds and how it is used; a model of another version is not read."""
MODEL_NAME = "incident_risk"


class StepsRecord(Result):
    """What one figure adds to the log-odds: constant between edges, zero on average over the training hours."""

    feature: str
    edges: tuple[float, ...] = Field(description="Ascending; a value equal to an edge lies below it")
    values: tuple[float, ...] = Field(min_length=1, description="One more than edges")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(self.values) != len(self.edges) + 1:
            raise ValueError(f"values: {len(self.values)} given; right is {len(self.edges) + 1}, one more than edges")
        if list(self.edges) != sorted(set(self.edges)):
            raise ValueError("edges: right is an ascending order without repeats")
        return self


class MemberRecord(Result):
    """One calibrated model."""

    base_log_odds: float = Field(description="Mean over the training hours")
    steps: tuple[StepsRecord, ...]


class StandingRecord(Result):
    """How a judge of risk does on hours that it has never seen."""

    name: str
    roc_auc: float = Field(ge=0, le=1, description="Chance that an hour with an incident ranks above one without")
    brier: float = Field(ge=0, le=1, description="Mean squared error of its calibrated probability")
    calibration_error: float = Field(ge=0, le=1, description="Mean distance of probability and share, ten groups")


class RiskModelRecord(Result):
    """A trained risk model, with what it was learnt from and how it did."""

    version: int
    trained_on: str = Field(description="What the hours were, in words without digits")
    seed: int = Field(ge=0)
    days: int = Field(ge=1, description="Days that hours were taken of")
    hours: int = Field(ge=1)
    confirmed_hours: int = Field(ge=0, description="Of incidents and false alarms that people judged")
    incident_share: float = Field(gt=0, lt=1, description="Of the training hours: the rate that a probability is for")
    held_out_hours: int = Field(ge=1)
    standing: StandingRecord
    rival: StandingRecord = Field(description="The best judge on the same figures that never saw a label")
    whole: MemberRecord
    resampled: tuple[MemberRecord, ...] = Field(min_length=2, description="Fitted on days drawn with replacement")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.version != VERSION:
            raise ValueError(f"version {self.version}: this program reads version {VERSION}; train the model anew")
        unknown = {step.feature for member in (self.whole, *self.resampled) for step in member.steps} - set(NAMES)
        if unknown:
            raise ValueError(f"feature {sorted(unknown)[0]!r} is not known; right would be one of {', '.join(NAMES)}")
        return self

    @property
    def beats_rival(self) -> bool:
        """Whether it ranks better and errs less than the rival."""
        return self.standing.roc_auc > self.rival.roc_auc and self.standing.brier < self.rival.brier

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON."""
        return digest(self)
