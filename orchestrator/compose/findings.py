"""Findings from evidence, by code: the same with any reasoner, supply first (rule 3)."""

from collections.abc import Iterator

from agents.finding import Finding
from orchestrator.belonging import SUPPLY_LOST
from orchestrator.compose.answers.limits import violation
from orchestrator.compose.answers.model import tap_side
from orchestrator.compose.answers.security import of_a_group, outage, what_is_out
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.membership import own_first
from orchestrator.compose.observed import observed
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.spans import exceedances, insecure_times
from tools.grid.schema.contingencies import ContingencyScreening, OutageRow
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.model_check import DefectKind, ModelCheck
from tools.vocabulary import CauseVerdict, Confidence, OutageOutcome, Severity

_MONITOR = "grid_monitor"


def find(board: Board, say: Say) -> tuple[Finding, ...]:
    """All findings of a run: lost supply first, then by severity, in the order of the evidence.

    Those of an incident that is explained come before whatever else was found in its time.
    """
    doubt = _doubt(board)
    found = [
        *_limits(board, say, doubt),
        *exceedances(board, say, doubt),
        *insecure_times(board, say, doubt),
        *_outages(board, say, doubt),
        *observed(board, say),
        *_defects(board, say),
    ]
    found.sort(key=lambda item: -item.severity.rank)
    ordered = sorted(own_first(board, found), key=lambda item: item.kind != SUPPLY_LOST)
    return tuple(item.model_copy(update={"id": f"f{number}"}) for number, item in enumerate(ordered, start=1))


def _doubt(board: Board) -> Confidence:
    """Confidence in any value of a model: low with a wrong voltage profile, medium with other serious defects."""
    check = board.first(ModelCheck)
    if check is None:
        return Confidence.MEDIUM
    if not check.result.voltage_meaningful:
        return Confidence.LOW
    serious = any(item.severity in {Severity.CRITICAL, Severity.EMERGENCY} for item in check.result.defects)
    return Confidence.MEDIUM if serious or not check.result.loading_meaningful else Confidence.HIGH


def _limits(board: Board, say: Say, confidence: Confidence) -> Iterator[Finding]:
    for check in board.every(LimitCheck):
        supply = check.result.supply
        if supply.dead_buses:
            yield Finding(
                id="",
                agent=_MONITOR,
                kind=SUPPLY_LOST,
                severity=Severity.EMERGENCY if supply.unserved_p_mw else Severity.CRITICAL,
                title=say(draft(check.ref("supply", "unserved_p_mw"), " of load without supply")),
                statement=say(
                    draft(
                        check.ref("supply", "dead_buses"),
                        " buses are de-energised; unserved: ",
                        check.ref("supply", "unserved_p_mw"),
                        ", generation lost: ",
                        check.ref("supply", "lost_generation_p_mw"),
                        " (",
                        check.ref("case"),
                        ").",
                    )
                ),
                assets=supply.dead[:20],
                confidence=confidence,
                evidence=(check.evidence.id,),
            )
        lasting = {(item.element, item.kind) for item in check.result.intervals if item.end is None}
        for position, row in enumerate(check.result.violations):
            if (row.element, row.kind) in lasting:
                continue  # told with its interval
            yield Finding(
                id="",
                agent=_MONITOR,
                kind=row.kind,
                severity=row.severity,
                title=say(
                    draft(check.ref("violations", position, "element"), ": ", check.ref("violations", position, "kind"))
                ),
                statement=say(
                    draft(
                        violation(check, row, "violations", position),
                        "; state: ",
                        check.ref("violations", position, "case"),
                        ".",
                    )
                ),
                assets=(row.element,),
                confidence=confidence,
                evidence=(check.evidence.id,),
            )


_OUTAGE_SEVERITY = {
    OutageOutcome.DIVERGED: Severity.CRITICAL,
    OutageOutcome.ISLANDING: Severity.WARNING,
    OutageOutcome.INSECURE: Severity.WARNING,
}


def _outages(board: Board, say: Say, confidence: Confidence) -> Iterator[Finding]:
    for screening in board.every(ContingencyScreening):
        for position, row in enumerate(screening.result.rows):
            if of_a_group(screening) and not row.group:
                continue  # told with the screening of everything else
            if row.outcome in _OUTAGE_SEVERITY and not (row.bridge and not row.unserved_p_mw):
                yield _outage(screening, position, row, say, confidence)


def _outage(
    screening: Exhibit[ContingencyScreening], position: int, row: OutageRow, say: Say, confidence: Confidence
) -> Finding:
    return Finding(
        id="",
        agent=_MONITOR,
        kind=f"outage_{row.outcome}",
        severity=_outage_severity(row),
        title=say(
            draft(
                "Outage of ",
                what_is_out(screening, row, "rows", position),
                ": ",
                screening.ref("rows", position, "outcome"),
            )
        ),
        statement=say(draft(outage(screening, row, "rows", position), ".")),
        assets=row.elements or (row.element,),
        confidence=confidence,
        evidence=(screening.evidence.id,),
    )


def _outage_severity(row: OutageRow) -> Severity:
    """What an outage of a bridge loses nobody can help: it is told apart, with its MW, and alarms nobody (rule 4)."""
    avoidable = row.new_overloads or row.new_voltage_violations
    if row.outcome is OutageOutcome.ISLANDING and row.bridge and not avoidable:
        return Severity.INFORMATION
    return _OUTAGE_SEVERITY[row.outcome]


def _defects(board: Board, say: Say) -> Iterator[Finding]:
    check = board.first(ModelCheck)
    if check is None:
        return
    for position, defect in enumerate(check.result.defects):
        proof = list(tap_side(check)) if defect.kind is DefectKind.SUSPECT_TAP_SIDE else []
        yield Finding(
            id="",
            agent=_MONITOR,
            kind=defect.kind,
            severity=defect.severity,
            title=say(
                draft(
                    check.ref("defects", position, "kind"),
                    ", elements concerned: ",
                    check.ref("defects", position, "count"),
                )
            ),
            statement=say(draft(check.ref("defects", position, "explanation"))),
            assets=defect.elements,
            cause=say(proof[0]) if proof else None,
            # The counterfactual shows that the other tap side gives a sound profile; the nameplate alone would confirm.
            verdict=CauseVerdict.LIKELY if proof else None,
            confidence=Confidence.HIGH,
            evidence=(check.evidence.id,),
        )
