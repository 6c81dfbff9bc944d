"""The demand forecaster: what the load will be, how sure that is, and the hour of least margin."""

from agents.spec import AgentSpec

DEMAND_FORECASTER = AgentSpec(
    name="demand_forecaster",
    role="Demand forecaster",
    goal="Say what the load will be with its uncertainty, where it left the forecast, and the hour of least margin",
    prompt="demand_forecaster.v1",
    tools=("forecast_load", "search_standards", "compute_reliability_indices", "read_record"),
)
