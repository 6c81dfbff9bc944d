"""Which tool finds which kind of trouble, and what it calls it: the measure of incidents that are drawn at random."""

from __future__ import annotations

from orchestrator.scenarios.schema.troubles import TroubleKind

_SWINGS = ("forced", "natural_after_disturbance", "natural_ambient", "unclear")
DETECTED_BY: dict[TroubleKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    TroubleKind.DRIFT: (("check_data_quality",), ("drifting_sensor",)),
    TroubleKind.STEP: (("detect_anomalies",), ("level_shift", "false_data")),
    TroubleKind.OSCILLATION: (("detect_oscillations",), _SWINGS),
    TroubleKind.DROPOUT: (("check_data_quality",), ("dropping_sensor", "stale_sensor")),
    TroubleKind.SPIKE: (("detect_anomalies",), ("outlier",)),
    TroubleKind.STUCK: (("check_data_quality",), ("stuck_sensor",)),
    TroubleKind.COOLING_LOSS: (("assess_transformer",), ("cooling_loss",)),
    TroubleKind.OVERLOAD: (
        ("detect_anomalies", "check_limits", "assess_overload_risk"),
        ("unusual_demand", "overload"),
    ),
    TroubleKind.LINE_TRIP: (("detect_anomalies", "detect_outages"), ("outage", "supply_lost")),
    TroubleKind.BREAKER_FAILURE: (("detect_outages", "detect_anomalies"), ("supply_lost", "outage")),
    TroubleKind.FALSE_DATA: (("detect_anomalies", "assess_bad_data"), ("false_data", "false_data_injection")),
    TroubleKind.COORDINATED: (("assess_bad_data",), ("false_data_injection",)),
    TroubleKind.REPLAY: (("assess_bad_data", "detect_anomalies"), ("replay", "false_data")),
    TroubleKind.GUESSING: (("review_access_events",), ("password_guessing", "success_after_guessing")),
    TroubleKind.COMMAND_SEQUENCE: (("review_commands",), ("unusual_commands", "command_after_guessing")),
    TroubleKind.PROTOCOL_SCAN: (("check_protocol",), ("scan",)),
}
"""Tools, any of which may find it, and the names that say its type right."""
