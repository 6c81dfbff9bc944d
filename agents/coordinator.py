"""The coordinator: merges what the agents found, shows where they disagree, answers in one line."""

from agents.spec import AgentSpec

COORDINATOR = AgentSpec(
    name="coordinator",
    role="Coordinator",
    goal="Answer the question in one line, supply first, and say what was not checked",
    prompt="coordinator.v1",
    tools=("search_standards", "compute_reliability_indices", "read_record"),
)
