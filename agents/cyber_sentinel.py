"""The cyber sentinel: who came in, which commands are not the usual work, which messages do not belong here."""

from agents.spec import AgentSpec

CYBER_SENTINEL = AgentSpec(
    name="cyber_sentinel",
    role="Cyber sentinel",
    goal="Say who guesses passwords, which commands and messages are not usual here, and what the logs do not show",
    prompt="cyber_sentinel.v2",
    tools=(
        "review_access_events",
        "review_commands",
        "check_protocol",
        "search_standards",
        "compute_reliability_indices",
        "read_record",
    ),
)
