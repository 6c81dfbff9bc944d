"""Whether a record is still what was recorded: digests, the seal, and each statement against its evidence."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pydantic import BaseModel, JsonValue

from agents.evidence import evidence_digest
from agents.report import Report
from agents.statement import Statement
from orchestrator.gate.verify import verify_statement
from orchestrator.runs.differences import ABSENT, Difference
from orchestrator.runs.leaves import leaves
from orchestrator.runs.record import RunRecord, RunState, content_hash, report_digest
from orchestrator.runs.seal import leaf_digest, sealed_document


def integrity_faults(record: RunRecord) -> Iterator[Difference]:
    """Every place where a record contradicts itself; what says most about a place comes first."""
    yield from _statement_faults(record)
    yield from _seal_faults(record)
    yield from _digest_faults(record)


def statements(value: object, pointer: str = "") -> Iterator[tuple[str, Statement]]:
    """All statements inside a contract, each with its JSON pointer."""
    if isinstance(value, Statement):
        yield pointer, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from statements(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from statements(item, f"{pointer}/{position}")


def report_statements(report: Report) -> Iterator[tuple[str, Statement]]:
    """All statements of a report, each with its JSON pointer into the record."""
    return statements(report, "/report")


def _statement_faults(record: RunRecord) -> Iterator[Difference]:
    if record.report is None:
        return
    evidence = {item.id: item for item in record.evidence}
    zone = ZoneInfo(record.header.timezone)
    for pointer, statement in report_statements(record.report):
        for fault in verify_statement(statement, evidence, zone):
            yield Difference(place=pointer, stored=statement.text, found=fault, what="statement against evidence")


def _seal_faults(record: RunRecord) -> Iterator[Difference]:
    if not record.seal:
        if record.state is RunState.DONE:
            yield Difference(place="/seal", stored=ABSENT, found="a finished run has one", what="seal")
        return
    now = dict(leaves(sealed_document(record)))
    for place in now | record.seal:
        sealed = record.seal.get(place)
        if place not in now or leaf_digest(now[place]) != sealed:
            found = ABSENT if sealed is None else f"sealed with digest {sealed}"
            yield Difference(place=place, stored=now.get(place, ABSENT), found=found, what=_what(record, place))


def _digest_faults(record: RunRecord) -> Iterator[Difference]:
    for position, item in enumerate(record.evidence):
        yield from _unequal(f"/evidence/{position}/digest", item.digest, evidence_digest(item))
    for position, call in enumerate(record.model_calls):
        yield from _unequal(f"/model_calls/{position}/content_hash", call.content_hash, content_hash(call.request))
    if record.report is not None:
        yield from _unequal("/report_digest", record.report_digest, report_digest(record.report))


def _unequal(place: str, stored: JsonValue, found: JsonValue) -> Iterator[Difference]:
    if stored != found:
        yield Difference(place=place, stored=stored, found=found, what="digest of the content")


def _what(record: RunRecord, place: str) -> str:
    """What stands at a place, in words a reader can look up."""
    parts = place.split("/")
    if parts[1] == "evidence" and parts[2].isdigit() and int(parts[2]) < len(record.evidence):
        item = record.evidence[int(parts[2])]
        return f"seal, evidence {item.id} of {item.tool}"
    return "seal"
