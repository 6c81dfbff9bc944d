"""Verifying a run: is the record intact, and do its tools give the same again?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import Field

from agents.evidence import Evidence
from orchestrator.runs.differences import Difference, differences
from orchestrator.runs.errors import RecordDamagedError
from orchestrator.runs.integrity import integrity_faults, report_statements
from orchestrator.runs.recompute import Recompute, refuse_unlike
from orchestrator.runs.record import RunRecord
from orchestrator.runs.run_store import RunStore
from tools.errors import ToolError
from tools.result import Result

MAX_DIFFERENCES = 20


class VerificationStatus(StrEnum):
    """What recomputation says."""

    SAME = "same"
    DIFFERS = "differs"
    CANNOT_BE_RECOMPUTED = "cannot_be_recomputed"


class Integrity(StrEnum):
    """What the stored digests say."""

    OK = "ok"
    BROKEN = "broken"


class Verification(Result):
    """The outcome of verifying one run."""

    run: str
    status: VerificationStatus
    integrity: Integrity
    differences: tuple[Difference, ...] = Field(default=(), max_length=MAX_DIFFERENCES)
    omitted: int = Field(default=0, ge=0, description="Differences beyond those listed")
    reasons: tuple[str, ...] = Field(default=(), description="Why something could not be recomputed")
    recomputed: int = Field(default=0, ge=0, description="Tool calls made again")
    statements: int = Field(default=0, ge=0, description="Statements checked against their evidence")

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the record; what could not be recomputed is told, not held against it."""
        return self.integrity is Integrity.OK and self.status is not VerificationStatus.DIFFERS


def verify(record: RunRecord, recompute: Recompute | None) -> Verification:
    """Check a record against itself, and against its tools.

    Args:
        record: A run as stored.
        recompute: Calls a recorded tool again, see ``recomputing``; None checks the record against itself only.
    """
    broken = list(integrity_faults(record))
    again = _recomputation(record, recompute)
    found = broken + again.differences
    return Verification(
        run=record.header.id,
        status=again.status,
        integrity=Integrity.BROKEN if broken else Integrity.OK,
        differences=tuple(found[:MAX_DIFFERENCES]),
        omitted=max(len(found) - MAX_DIFFERENCES, 0),
        reasons=tuple(again.reasons),
        recomputed=again.calls,
        statements=0 if record.report is None else sum(1 for _ in report_statements(record.report)),
    )


def verify_stored(store: RunStore, identifier: str, recompute: Recompute | None) -> Verification:
    """Verify a run by its identifier; a record that cannot even be read is broken, with the place.

    Raises:
        UnknownRecordError: with the nearest identifiers.
    """
    try:
        record = store.get(identifier)
    except RecordDamagedError as damage:
        fault = Difference(
            place=damage.place, stored="(unreadable)", found=damage.reason, what="contract of the record"
        )
        return Verification(
            run=identifier,
            status=VerificationStatus.CANNOT_BE_RECOMPUTED,
            integrity=Integrity.BROKEN,
            differences=(fault,),
            reasons=("the record cannot be read",),
        )
    return verify(record, recompute)


@dataclass
class _Recomputation:
    """What came of calling the tools again."""

    differences: list[Difference] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    calls: int = 0

    @property
    def status(self) -> VerificationStatus:
        if self.differences:
            return VerificationStatus.DIFFERS
        return VerificationStatus.CANNOT_BE_RECOMPUTED if self.reasons else VerificationStatus.SAME


def _recomputation(record: RunRecord, recompute: Recompute | None) -> _Recomputation:
    if recompute is None:
        return _Recomputation(reasons=["recomputation was not asked for"])
    outcome = _Recomputation()
    for position, evidence in enumerate(record.evidence):
        try:
            found = recompute(evidence)
            refuse_unlike(evidence, found.grid_fingerprint, found.tool_version)
        except ToolError as error:
            outcome.reasons.append(f"{evidence.id} ({evidence.tool}): {error}")
            continue
        outcome.calls += 1
        outcome.differences += _unlike(f"/evidence/{position}/result", evidence, found)
    return outcome


def _unlike(root: str, stored: Evidence, found: Evidence) -> Iterator[Difference]:
    what = f"recomputation, evidence {stored.id} of {stored.tool}"
    for difference in differences(dict(stored.result), dict(found.result), tolerant=True, root=root):
        yield difference.model_copy(update={"what": what})
