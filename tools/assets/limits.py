"""Temperatures that IEC 60076-7 allows above nameplate loading."""

from __future__ import annotations

from dataclasses import dataclass

from tools.limits import ClauseRef
from tools.vocabulary import Severity


@dataclass(frozen=True)
class TemperatureLimit:
    """One stage of loading; what exceeds it has at least its severity."""

    stage: str
    top_oil_celsius: float
    hot_spot_celsius: float
    severity: Severity
    source: ClauseRef


_CLAUSE = ClauseRef(document="IEC 60076-7", edition="2018", clause="Clause 7")

LIMITS = (
    TemperatureLimit("normal cyclic loading", 105.0, 120.0, Severity.WARNING, _CLAUSE),
    TemperatureLimit("long-time emergency loading", 115.0, 140.0, Severity.CRITICAL, _CLAUSE),
    TemperatureLimit("short-time emergency loading", 115.0, 160.0, Severity.EMERGENCY, _CLAUSE),
)
"""From the least to the most severe. Top oil has one limit for both kinds of emergency; the hot spot parts them."""


def broken_limit(top_oil_celsius: float | None, hot_spot_celsius: float | None) -> TemperatureLimit | None:
    """The most severe limit that a temperature exceeds; the emergency one of a short time only by the hot spot."""
    broken = None
    for limit in LIMITS:
        oil = top_oil_celsius is not None and top_oil_celsius > limit.top_oil_celsius
        winding = hot_spot_celsius is not None and hot_spot_celsius > limit.hot_spot_celsius
        if winding or (oil and limit.severity is not Severity.EMERGENCY):
            broken = limit
    return broken
