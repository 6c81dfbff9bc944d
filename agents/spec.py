"""What an agent is: a declaration of at most fifty lines, without behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AgentSpec:
    """One member of the crew.

    Attributes:
        name: Identifier in plans and findings.
        role: As the crew and the reader see it.
        goal: What it is there to find out, one sentence.
        prompt: Name of its prompt file, with version.
        tools: Tools it may call, by catalogue name; declaring an agent imports nothing heavy.
    """

    name: str
    role: str
    goal: str
    prompt: str
    tools: tuple[str, ...]
