"""Where the coverage of a report stands in its evidence, so that its counts can be traced as well."""

from dataclasses import dataclass

from pydantic import JsonValue

from agents.report import Report
from tools.coverage import Coverage


@dataclass(frozen=True)
class TracedCoverage:
    """The report's coverage with its place; a coverage without one is shown in words only."""

    coverage: Coverage
    evidence: str
    path: str

    def at(self, field: str) -> str:
        """JSON pointer of one count."""
        return f"{self.path}/{field}"


def find_coverage(report: Report) -> TracedCoverage | None:
    """The first place of the evidence that holds exactly the report's coverage."""
    if report.coverage is None:
        return None
    wanted = report.coverage.model_dump(mode="json")
    for evidence in report.evidence:
        path = _find(dict(evidence.result), wanted, "")
        if path is not None:
            return TracedCoverage(report.coverage, evidence.id, path)
    return None


def _find(value: JsonValue, wanted: JsonValue, path: str) -> str | None:
    if value == wanted:
        return path
    if isinstance(value, dict):
        items = [(key.replace("~", "~0").replace("/", "~1"), item) for key, item in value.items()]
    elif isinstance(value, list):
        items = [(str(index), item) for index, item in enumerate(value)]
    else:
        return None
    found = (_find(item, wanted, f"{path}/{key}") for key, item in items)
    return next((place for place in found if place is not None), None)
