"""What a report shows: the fields behind its references, each with its sensor and its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orchestrator.runs.integrity import report_statements
from tools.facts import Fact, facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agents.evidence import Evidence
    from agents.report import Report


@dataclass(frozen=True)
class Shown:
    """One field that a statement refers to.

    Attributes:
        fact: The field.
        evidence: Where it stands.
        subject: Subject of its row (``sensor:bus5.vm``), None where the row has none; an element's row has both.
        stated_at: Time of the value: of its own row, or of the state that the call was about; None for a value of the
            loaded model, or of a span.
    """

    fact: Fact
    evidence: Evidence
    subject: str | None
    stated_at: datetime | None

    @property
    def field(self) -> str:
        """Its name with the unit suffix."""
        return self.fact.quantity if self.fact.unit is None else f"{self.fact.quantity}_{self.fact.unit}"

    @property
    def name(self) -> str:
        """How a verdict names it."""
        where = [self.fact.entity or "the grid", *([self.subject] if self.subject else [])]
        when = f", {self.stated_at:%H:%M}" if self.stated_at else ""
        return f"{self.field} of {' by '.join(where)} ({self.fact.case}{when})"


def shown_in(report: Report) -> Iterator[Shown]:
    """The fields behind every reference of every statement, each once."""
    known = {item.id: fields_of(item) for item in report.evidence}
    spans = {(span.evidence, span.path) for _, text in report_statements(report) for span in text.spans}
    for place, path in sorted(spans):
        if path in known[place]:
            yield known[place][path]


def fields_of(evidence: Evidence) -> dict[str, Shown]:
    """Every field that a report could show of one tool call, by its path."""
    known = {fact.path: fact for fact in facts(evidence.result)}
    return {
        path: Shown(fact, evidence, _subject(fact, known), _stated_at(fact, evidence)) for path, fact in known.items()
    }


def _subject(fact: Fact, known: Mapping[str, Fact]) -> str | None:
    """Subject of the nearest row that names one."""
    here = fact.path
    while here:
        here = here.rpartition("/")[0]
        found = known.get(f"{here}/subject")
        if found is not None:
            return str(found.value)
    return None


def _stated_at(fact: Fact, evidence: Evidence) -> datetime | None:
    basis = evidence.result.get("basis")
    said = fact.at or (basis.get("at") if isinstance(basis, dict) else None)
    return datetime.fromisoformat(said) if isinstance(said, str) else None
