"""The grid monitor: what state is the grid in, what would break it, what would help."""

from agents.spec import AgentSpec

GRID_MONITOR = AgentSpec(
    name="grid_monitor",
    role="Grid monitor",
    goal="Say what is without supply, which limit is broken or would be after an outage, and what was not checked",
    prompt="grid_monitor.v1",
    tools=(
        "check_model",
        "describe_element",
        "find_path",
        "solve_power_flow",
        "check_limits",
        "screen_contingencies",
        "simulate_actions",
        "detect_outages",
        "estimate_state",
        "break_down_losses",
        "calculate_short_circuit",
        "simulate_cascade",
        "reconfigure_feeder",
        "find_remedies",
        "plan_restoration",
        "plan_load_shedding",
        "optimize_dispatch",
        "draw_grid",
        "draw_cascade",
        "search_standards",
        "compute_reliability_indices",
        "read_record",
    ),
)
