"""The cyber sentinel: who came in, and which commands are not the usual work."""

from agents.spec import AgentSpec

CYBER_SENTINEL = AgentSpec(
    name="cyber_sentinel",
    role="Cyber sentinel",
    goal="Say who guesses passwords, which commands are not the usual work, and what the logs do not show",
    prompt="cyber_sentinel.v1",
    tools=(
        "review_access_events",
        "review_commands",
        "check_protocol",
        "search_standards",
        "compute_reliability_indices",
        "read_record",
    ),
)
