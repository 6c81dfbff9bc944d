"""Procedural advice: what a person should do about a finding that no grid action mends; never shown as verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from agents.finding import Finding, Recommendation
from agents.statement import Token, TokenKind
from orchestrator.compose.phrases import Piece, Say, again, draft
from tools.assets.schema.transformer import TransformerIssueKind
from tools.detection.schema.anomalies import AnomalyKind
from tools.detection.schema.quality import QualityKind
from tools.vocabulary import ActionVerdict, Severity

_SENSOR = "Take the sensor out of use and have it checked; let no advice rest on it: "
_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(QualityKind, _SENSOR),
        AnomalyKind.FALSE_DATA: "Take the measurement out of use and have its path from the sensor to here examined: ",
        AnomalyKind.LEVEL_SHIFT: _SENSOR,
        AnomalyKind.DEMAND: "Ask who is supplied there what has changed, and watch the loading around it: ",
        TransformerIssueKind.COOLING_LOSS: "Have fans, pumps and valves inspected, and watch the load: ",
        TransformerIssueKind.OVER_TEMPERATURE: "Relieve the transformer and have its cooling inspected: ",
        TransformerIssueKind.SENSOR_IMPLAUSIBLE: "Have the temperature sensor checked: ",
    }
)


def procedures(findings: Sequence[Finding], say: Say) -> Iterator[Recommendation]:
    """One for each finding above information that a person has to look at; it answers that finding."""
    for finding in findings:
        words = _words(finding)
        if words is None or finding.severity is Severity.INFORMATION:
            continue
        about = str(finding.assets[0]) if finding.assets else finding.id
        answered = Token(kind=TokenKind.IDENTIFIER, text=finding.id)
        yield Recommendation(
            id="",
            title=say(draft(words, Token(kind=TokenKind.IDENTIFIER, text=about))),
            verdict=ActionVerdict.PROCEDURAL,
            rationale=say(draft("It answers finding ", answered, _why(finding))),
            evidence=finding.evidence,
        )


def _words(finding: Finding) -> Piece | None:
    """What to do: as the finding's own response says, else by its kind; None where nothing procedural helps."""
    if finding.response is not None:
        return [again(finding.response), ": "]
    return _ADVICE.get(finding.kind)


def _why(finding: Finding) -> Piece:
    """What was found, and its cause; times and values stand with the finding."""
    cause: Piece = ["; ", again(finding.cause)] if finding.cause is not None else ""
    return [", ", again(finding.title), cause, "."]
