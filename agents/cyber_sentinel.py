"""The cyber sentinel: who came in, which commands, messages and readings do not belong here."""

from agents.spec import AgentSpec

CYBER_SENTINEL = AgentSpec(
    name="cyber_sentinel",
    role="Cyber sentinel",
    goal=(
        "Say who guesses passwords, which commands and messages are not usual here, which readings are false, "
        "and what the logs do not show"
    ),
    prompt="cyber_sentinel.v3",
    tools=(
        "review_access_events",
        "review_commands",
        "check_protocol",
        "assess_bad_data",
        "search_standards",
        "compute_reliability_indices",
        "read_record",
    ),
)
