"""What an agent found, and what it recommends; derived by code from evidence."""

from pydantic import AwareDatetime, Field

from agents.statement import Statement
from tools.element import ElementRef
from tools.grid.schema.actions import Action
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import ActionVerdict, CauseVerdict, Confidence, Severity


class Finding(Result):
    """One thing that an operator should know."""

    id: str = Field(description="f1, f2, ... within the run")
    agent: str
    kind: str = Field(description="Violation, outage or defect kind: an enum value of the evidence")
    severity: Severity
    title: Statement
    statement: Statement
    assets: tuple[ElementRef | SubjectRef, ...] = ()
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    cause: Statement | None = None
    response: Statement | None = Field(default=None, description="What a person should do, and the clause that says so")
    verdict: CauseVerdict | None = None
    confidence: Confidence
    evidence: tuple[str, ...] = Field(min_length=1)
    citations: tuple[str, ...] = ()


class Recommendation(Result):
    """One piece of advice with its proof; ``action`` is empty for procedural advice."""

    id: str = Field(description="r1, r2, ... within the run")
    action: tuple[Action, ...] = ()
    title: Statement
    verdict: ActionVerdict
    before: Statement | None = None
    after: Statement | None = None
    security: Statement | None = None
    rationale: Statement
    evidence: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
