"""Where agents disagree: shown side by side, never averaged (rule 10)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from agents.anomaly_detector import ANOMALY_DETECTOR
from agents.finding import Finding
from agents.statement import Draft, Statement, Token, TokenKind
from orchestrator.compose.membership import is_grave
from orchestrator.compose.phrases import Say, draft
from tools.detection.schema.anomalies import AnomalyKind
from tools.element import ElementRef
from tools.security.schema.bad_data import BadDataKind

_SHOWN = 6
_BAD = frozenset({kind for kind in BadDataKind if kind is not BadDataKind.REAL_EVENT})
_NOT_FALSIFIED = frozenset({BadDataKind.SENSOR_FAULT, BadDataKind.UNDECIDED})


def disagreements(findings: Sequence[Finding], say: Say) -> tuple[Statement, ...]:
    """Each finding that rests on an element whose sensor another agent does not trust at that time."""
    doubts = [item for item in findings if item.agent == ANOMALY_DETECTOR.name and is_grave(item)]
    found = tuple(statement for doubt in doubts for statement in _against(doubt, findings, say))
    if len(found) <= _SHOWN:
        return found
    more = say(draft("Further findings rest on sensors that another agent does not trust at that time."))
    return (*found[:_SHOWN], more)


def _against(doubt: Finding, findings: Sequence[Finding], say: Say) -> Iterator[Statement]:
    mine = {str(asset) for asset in doubt.assets if isinstance(asset, ElementRef)}
    for other in findings:
        shared = mine & {str(asset) for asset in other.assets}
        if other.agent == doubt.agent or not shared or not is_grave(other) or not _overlap(doubt, other):
            continue
        if other.kind in _BAD:  # it does not trust the sensor either
            if (
                doubt.kind == AnomalyKind.FALSE_DATA
                and other.kind in _NOT_FALSIFIED
                and doubt.assets[0] in other.assets
            ):
                yield say(_why_wrong(doubt, other))
        else:
            yield say(
                draft(
                    _name(other.agent),
                    " and ",
                    _name(doubt.agent),
                    " differ on ",
                    _name(min(shared)),
                    ": ",
                    _name(other.id),
                    " takes its measurements as they are, ",
                    _name(doubt.id),
                    " does not trust a sensor there at that time. Another measurement of the element would decide.",
                )
            )


def _why_wrong(doubt: Finding, other: Finding) -> Draft:
    return draft(
        _name(other.agent),
        " and ",
        _name(doubt.agent),
        " differ on why ",
        _name(str(doubt.assets[0])),
        " is wrong: for ",
        _name(doubt.id),
        " somebody or something put the value there, for ",
        _name(other.id),
        " no trace of anybody decides it. A look at the sensor would.",
    )


def _name(text: str) -> Token:
    return Token(kind=TokenKind.IDENTIFIER, text=text)


def _overlap(one: Finding, other: Finding) -> bool:
    if one.start is None or other.start is None:
        return False
    return _before(one.start, other.end) and _before(other.start, one.end)


def _before(start: datetime, end: datetime | None) -> bool:
    return end is None or start <= end
