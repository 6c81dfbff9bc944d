"""A recorded tool call: the only place that numbers of a report come from."""

from pydantic import AwareDatetime, Field, JsonValue

from tools.result import Result, digest


class Evidence(Result):
    """One tool call, immutable once recorded."""

    id: str = Field(description="e1, e2, ... within the run")
    tool: str
    tool_version: str
    agent: str
    arguments: dict[str, JsonValue]
    result: dict[str, JsonValue]
    grid_fingerprint: str | None
    as_of: AwareDatetime
    known_until: AwareDatetime
    digest: str = Field(description="SHA-256 over tool, version, arguments, result, grid and times")
    elapsed_ms: float = Field(ge=0)


class FailedCall(Result):
    """A planned call without a result: what could not be checked, and why."""

    tool: str
    agent: str
    arguments: dict[str, JsonValue]
    error: str
    reason: str


def evidence_digest(evidence: Evidence) -> str:
    """The digest that a stored evidence must have: over everything but id, agent, digest and duration."""
    return digest(evidence.model_dump(mode="json", exclude={"id", "agent", "digest", "elapsed_ms"}))
