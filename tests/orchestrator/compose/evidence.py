"""Small evidence made by hand, and the pen that writes about it."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from agents.evidence import Evidence
from agents.finding import Finding
from agents.statement import Statement
from orchestrator.compose.board import Board
from orchestrator.gate import render
from tools.element import ElementKind, ElementRef
from tools.vocabulary import Confidence, Severity

SIX = datetime(2026, 3, 10, 6, tzinfo=UTC)
T2 = ElementRef(kind=ElementKind.TRAFO, index=2, name="T2")


def hour(count: float) -> datetime:
    """So many hours after six."""
    return SIX + timedelta(hours=count)


def evidence(identifier: str, tool: str, result, **arguments) -> Evidence:
    return Evidence(
        id=identifier,
        tool=tool,
        tool_version="1",
        agent="coordinator",
        arguments=arguments,
        result=result.model_dump(mode="json"),
        grid_fingerprint="f",
        as_of=SIX,
        known_until=SIX,
        digest="d",
        elapsed_ms=1.0,
    )


def board(*items: Evidence) -> Board:
    return Board(items)


def pen(shown: Board, zone: str = "UTC"):
    """Renders a draft against a board's evidence."""
    return partial(render, evidence={item.id: item for item in shown.evidence}, zone=ZoneInfo(zone))


def finding(
    number: int,
    *assets: ElementRef,
    kind: str = "cooling_loss",
    agent: str = "maintenance_predictor",
    severity: Severity = Severity.WARNING,
    start: datetime | None = SIX,
    end: datetime | None = None,
) -> Finding:
    said = Statement(text=f"{kind} of {assets}")
    return Finding(
        id=f"f{number}",
        agent=agent,
        kind=kind,
        severity=severity,
        title=said,
        statement=said,
        assets=assets,
        start=start,
        end=end,
        confidence=Confidence.HIGH,
        evidence=("e1",),
    )
