"""What a language model is shown of evidence."""

from datetime import UTC, datetime

from agents.evidence import Evidence
from orchestrator.crew.digest import fact_lines

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def _evidence(result) -> Evidence:
    return Evidence(
        id="e1", tool="simulate_actions", tool_version="1", agent="grid_monitor", arguments={}, result=result,
        grid_fingerprint=None, as_of=NOON, known_until=NOON, digest="", elapsed_ms=1.0,
    )  # fmt: skip


def test_fact_lines__a_verdict_is_not_cut_off_behind_many_rows():
    rows = [{"element": {"kind": "bus", "index": i, "name": str(i + 1)}, "vm_pu": 0.9} for i in range(200)]
    lines = fact_lines([_evidence({"violations": rows, "verdict": "rejected"})]).splitlines()
    assert '[[e1/verdict]] grid | - | verdict = "rejected"' in lines
    assert lines[-1].endswith("more fields of e1 are not listed)")


def test_fact_lines__an_element_is_shown_with_the_name_that_operators_use():
    lines = fact_lines([_evidence({"element": {"kind": "bus", "index": 11, "name": "12"}, "vm_pu": 0.9})])
    assert '[[e1/vm_pu]] bus:11 "12" | - | vm_pu = 0.9' in lines
