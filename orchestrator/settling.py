"""What remains of a finished shift report: incidents, and open items for the next shift."""

from collections.abc import Iterator
from datetime import datetime

from agents.finding import Finding
from agents.question import ReportKind
from agents.report import Report, SectionState
from orchestrator.belonging import NOT_ANALYSED, key_of, section_of
from orchestrator.incidents import Neighbourhood, form_incidents
from orchestrator.runs.incidents import IncidentStore
from orchestrator.runs.open_items import OpenItem, OpenItems
from tools.vocabulary import Severity


def settle(
    report: Report, near: Neighbourhood, incidents: IncidentStore, items: OpenItems, *, previous: datetime | None
) -> None:
    """Keep incidents and open items of a shift report; the same report again changes nothing.

    A report on an older state than the last one closes nothing and opens nothing.

    Args:
        report: Finished and stored.
        near: The grid's neighbourhood.
        incidents: Store of incidents.
        items: Store of open items.
        previous: ``as_of`` of the last shift report of this grid before this one.
    """
    if report.kind is not ReportKind.SHIFT or report.grid is None:
        return
    simulated = any(item.result.get("simulated") is True for item in report.evidence)
    incidents.add(form_incidents(report, near, simulated=simulated))
    if previous is not None and report.as_of < previous:
        return
    found = {key_of(item): item for item in _carried(report)}
    standing = items.open(report.grid.name)
    items.settle(report.grid.name, report, found, [item.id for item in standing if _gone(item, report, set(found))])


def _carried(report: Report) -> Iterator[Finding]:
    """Findings that the next shift must know of; a defect of the model is told in every report anyway."""
    for item in report.findings:
        if item.severity is not Severity.INFORMATION and section_of(item.kind) != NOT_ANALYSED:
            yield item


def _gone(item: OpenItem, report: Report, found: set[str]) -> bool:
    """Whether a report looked for an open item and did not find it; what was not checked is not gone."""
    if item.key in found:
        return False
    key = section_of(item.finding.kind)
    return any(section.key == key and section.state is not SectionState.NOT_CHECKED for section in report.sections)
