"""The anomaly detector: what is out of the ordinary, and which sensors cannot be trusted."""

from agents.spec import AgentSpec

ANOMALY_DETECTOR = AgentSpec(
    name="anomaly_detector",
    role="Anomaly detector",
    goal="Say which readings do not fit, which sensors cannot be trusted and why, and what was not looked at",
    prompt="anomaly_detector.v1",
    tools=(
        "read_telemetry",
        "check_data_quality",
        "detect_anomalies",
        "detect_oscillations",
        "assess_power_quality",
        "attribute_root_cause",
        "classify_risk",
        "summarize_alarms",
        "search_standards",
        "compute_reliability_indices",
        "read_record",
    ),
)
