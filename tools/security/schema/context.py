"""What surrounds a finding on security: techniques, clauses, risk, response, and what it rests on.

The types live here; which technique and clause belong to which kind of finding is data of ``knowledge``.
"""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.limits import ClauseRef
from tools.result import Result


class Risk(StrEnum):
    """Risk of a finding, by the rule of ``tools.security.risk``."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Technique(Result):
    """One technique of MITRE ATT&CK for ICS."""

    id: str = Field(pattern=r"^T\d{4}$")
    name: str
    source: ClauseRef = Field(description="Passage of the library that describes it")


class Response(Result):
    """What a person should do; procedural, never simulated."""

    text: str
    source: ClauseRef = Field(description="Clause of the runbook that it follows")


class Custody(Result):
    """Which records a finding rests on, so that anybody can prove that they are unchanged."""

    source: str = Field(max_length=400, description="Log, and the machines that wrote the records")
    records: int = Field(ge=1)
    first_at: AwareDatetime
    last_at: AwareDatetime
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="Over the canonical JSON of each record in order of time, each followed by a line feed",
    )


class FindingContext(Result):
    """Techniques, clauses, risk, response and custody of one finding."""

    techniques: tuple[Technique, ...] = ()
    clauses: tuple[ClauseRef, ...] = Field(default=(), description="Requirements of standards that it concerns")
    risk: Risk
    response: Response | None = Field(default=None, description="None only without the table of threats")
    custody: Custody


class Threat(Result):
    """What one kind of finding means."""

    kind: str = Field(description="Value of the finding's kind")
    techniques: tuple[Technique, ...] = Field(
        description="Empty where the finding is no attack but a fault of the plant"
    )
    effects: tuple[Technique, ...] = Field(
        default=(), description="Techniques that name what was reached, not what was tried"
    )
    clauses: tuple[ClauseRef, ...] = Field(min_length=1)
    response: Response

    def named(self, *, effected: bool) -> tuple[Technique, ...]:
        """Techniques of a finding; those of the effect only where it took effect."""
        return (*self.techniques, *self.effects) if effected else self.techniques


class ThreatTable(Result):
    """Techniques, clauses and responses by kind of finding."""

    threats: tuple[Threat, ...]

    def find(self, kind: str) -> Threat | None:
        """The entry of a kind; None when the table has none."""
        return next((threat for threat in self.threats if threat.kind == kind), None)
