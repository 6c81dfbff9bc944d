"""Enumerations that tools, agents and reports share; a status is always one of these, never free text."""

from enum import StrEnum


class Effect(StrEnum):
    """What a tool may do; no member reaches the grid: this service advises, a person switches."""

    READ = "read"
    SIMULATE = "simulate"
    PROPOSE = "propose"


class Severity(StrEnum):
    """How urgent a finding is, from least to most."""

    INFORMATION = "information"
    WARNING = "warning"
    CRITICAL = "critical"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """From 0 for the least urgent."""
        return _SEVERITIES.index(self)


_SEVERITIES = tuple(Severity)


class Confidence(StrEnum):
    """Derived by code from the evidence, never typed."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OutageOutcome(StrEnum):
    """What became of a grid after an outage; ``islanding`` takes precedence over ``insecure``."""

    SECURE = "secure"
    INSECURE = "insecure"
    ISLANDING = "islanding"
    DIVERGED = "diverged"


class ActionVerdict(StrEnum):
    """How far an action is proven (rule 4 of the design)."""

    VERIFIED = "verified"
    BEST_AVAILABLE = "best_available"
    REJECTED = "rejected"
    PROCEDURAL = "procedural"


class CauseVerdict(StrEnum):
    """How far a cause is established (rule 10 of the design)."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    INCONCLUSIVE = "inconclusive"


class ReadingQuality(StrEnum):
    """Trust in one telemetered value."""

    GOOD = "good"
    SUSPECT = "suspect"
    BAD = "bad"
    SUBSTITUTED = "substituted"
    MISSING = "missing"
