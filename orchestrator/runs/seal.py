"""The seal of a finished run: a digest for each leaf of its record, so that a change can be located.

One digest over everything would only say that something was changed.
"""

import gzip
import json
from hashlib import sha256

from pydantic import JsonValue

from orchestrator.runs.leaves import leaves
from orchestrator.runs.record import RunRecord
from tools.result import canonical_json

_DIGITS = 16  # 64 bits for each leaf: against accident and a careless hand, the full digests stand beside it


def sealed_document(record: RunRecord) -> JsonValue:
    """What a seal is over: the record without the seal, acknowledgements, and the report's copy of the evidence.

    The report's evidence is there by identifier and digest; its content is the record's own.
    """
    document = record.model_dump(mode="json", exclude={"seal": True, "report": {"evidence", "acknowledgements"}})
    if record.report is not None:
        document["report"]["evidence"] = [{"id": item.id, "digest": item.digest} for item in record.report.evidence]
    return dict(document)


def make_seal(record: RunRecord) -> dict[str, str]:
    """Digest of each leaf by JSON pointer into the record."""
    return {pointer: leaf_digest(value) for pointer, value in leaves(sealed_document(record))}


def leaf_digest(value: JsonValue) -> str:
    """Digest of one leaf, 16 hexadecimal digits."""
    return sha256(canonical_json(value).encode()).hexdigest()[:_DIGITS]


def pack(seal: dict[str, str]) -> bytes:
    """A seal as it is stored."""
    return gzip.compress(canonical_json(dict(seal)).encode(), compresslevel=6, mtime=0)


def unpack(stored: bytes | None) -> dict[str, str]:
    """A seal as it was stored; empty when there is none."""
    if stored is None:
        return {}
    seal: dict[str, str] = json.loads(gzip.decompress(stored))
    return seal
