"""Findings that the coordinator reads off the records."""

from collections.abc import Iterator

from agents.coordinator import COORDINATOR
from agents.finding import Finding
from orchestrator.belonging import OUTAGE_ON_RECORD
from orchestrator.compose.answers.reliability import outage_words
from orchestrator.compose.board import Board
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.specialists.verdicts import about
from tools.reliability.schema.indices import ReliabilityIndices
from tools.telemetry.schema.operations import OutageKind
from tools.vocabulary import Confidence, Severity


def of_coordinator(board: Board, say: Say) -> Iterator[Finding]:
    """Forced outages of the time as the records have them; planned ones are no surprise."""
    for found in board.every(ReliabilityIndices):
        for place, row in enumerate(found.result.rows):
            if row.kind is not OutageKind.FORCED:
                continue
            who = found.ref("rows", place, "element" if row.element is not None else "id")
            yield Finding(
                id="",
                agent=COORDINATOR.name,
                kind=OUTAGE_ON_RECORD,
                severity=Severity.INFORMATION,
                title=say(draft("Outage on record: ", who)),
                statement=say(draft(outage_words(found, place), ".")),
                assets=about(row.element),
                start=row.start,
                end=row.end,
                confidence=Confidence.HIGH,
                evidence=(found.evidence.id,),
            )
