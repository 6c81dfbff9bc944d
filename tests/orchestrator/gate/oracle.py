"""Truth of a claim by a walk of its own over the stored results; shares no code with the gate."""

import math
from collections import defaultdict
from dataclasses import dataclass

from agents.evidence import Evidence

FACTORS = {
    ("%", "percent"): 1, ("percent", "percent"): 1, ("pu", "pu"): 1, ("kV", "kv"): 1, ("A", "ka"): 1e-3,
    ("kA", "ka"): 1, ("MW", "mw"): 1, ("kW", "mw"): 1e-3, ("Mvar", "mvar"): 1, ("", ""): 1,
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """What a sentence says in one place."""

    entity: str | None
    field: str
    case: str
    typed: str
    unit: str


class Oracle:
    """Values by entity, field with suffix, and case; an outage's own row counts as the grid's under that outage."""

    def __init__(self, book: dict[str, Evidence]) -> None:
        self.values: dict[tuple[str | None, str, str], list[float]] = defaultdict(list)
        for item in book.values():
            self._walk(item.result, None, "base")

    def _walk(self, row: dict, entity: str | None, case: str) -> None:
        case = row.get("case") or case
        if isinstance(row.get("element"), dict):
            entity = f"{row['element']['kind']}:{row['element']['index']}"
            if f"out {entity}" in case:
                entity = None
        for key, value in row.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                self.values[entity, key, case].append(value)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict) and set(item) != {"kind", "index", "name"}:
                    self._walk(item, entity, case)

    def true(self, claim: Claim) -> bool:
        suffix = claim.field.rpartition("_")[2] if claim.unit else ""
        if claim.field.endswith(("_outages", "_overloads")):
            suffix = ""
        factor = FACTORS.get((claim.unit, suffix))
        if factor is None:
            return False
        half = 0.5 * 10.0 ** -len(claim.typed.partition(".")[2])
        stored = self.values.get((claim.entity, claim.field, claim.case), [])
        if not claim.unit:
            return any(float(claim.typed) == value for value in stored)
        return any(
            math.isclose(float(claim.typed) * factor, value, rel_tol=0, abs_tol=half * factor * (1 + 1e-9))
            for value in stored
        )
