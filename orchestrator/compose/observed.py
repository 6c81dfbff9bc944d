"""Findings from telemetry and logs, by code, agent after agent."""

from collections.abc import Iterator

from agents.finding import Finding
from orchestrator.compose.board import Board
from orchestrator.compose.phrases import Say
from orchestrator.compose.specialists.anomaly_detector import of_anomaly_detector
from orchestrator.compose.specialists.coordinator import of_coordinator
from orchestrator.compose.specialists.cyber_sentinel import of_cyber_sentinel
from orchestrator.compose.specialists.maintenance_predictor import of_maintenance_predictor


def observed(board: Board, say: Say) -> Iterator[Finding]:
    """All findings of the specialists beside the grid monitor."""
    yield from of_anomaly_detector(board, say)
    yield from of_maintenance_predictor(board, say)
    yield from of_cyber_sentinel(board, say)
    yield from of_coordinator(board, say)
