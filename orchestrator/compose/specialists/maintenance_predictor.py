"""Findings of the maintenance predictor."""

from collections.abc import Iterator

from agents.finding import Finding
from agents.maintenance_predictor import MAINTENANCE_PREDICTOR
from orchestrator.compose.answers.transformers import name, transformer_issue
from orchestrator.compose.board import Board
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.specialists.verdicts import VERDICT, about
from tools.assets.schema.transformer import TransformerAssessment


def of_maintenance_predictor(board: Board, say: Say) -> Iterator[Finding]:
    """Every issue of a transformer."""
    for found in board.every(TransformerAssessment):
        for place, row in enumerate(found.result.rows):
            for number, issue in enumerate(row.issues):
                here = ("rows", place, "issues", number)
                yield Finding(
                    id="",
                    agent=MAINTENANCE_PREDICTOR.name,
                    kind=issue.kind,
                    severity=issue.severity,
                    title=say(draft(name(found, place), ": ", found.ref(*here, "kind"))),
                    statement=say(draft(transformer_issue(found, place, number), ".")),
                    assets=about(row.element, row.subject),
                    start=issue.start,
                    end=issue.end,
                    cause=say(draft(found.ref(*here, "cause"))),
                    verdict=VERDICT[issue.confidence],
                    confidence=issue.confidence,
                    evidence=(found.evidence.id,),
                )
