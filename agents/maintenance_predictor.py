"""The maintenance predictor: which equipment runs hotter or ages faster than it should."""

from agents.spec import AgentSpec

MAINTENANCE_PREDICTOR = AgentSpec(
    name="maintenance_predictor",
    role="Maintenance predictor",
    goal="Say which transformer runs hotter than load and ambient explain, how it ages, and what is not known of it",
    prompt="maintenance_predictor.v1",
    tools=("assess_transformer", "search_standards", "compute_reliability_indices", "read_record"),
)
