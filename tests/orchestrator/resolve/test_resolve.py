"""Questions as operators put them, against what a reader takes them to mean."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from agents.question import Question, ReportKind, ReportStatus, Resolved
from orchestrator.planning import make_plan
from orchestrator.resolve import resolve
from orchestrator.resolve.lexicon import load_yaml

PHRASINGS = yaml.safe_load((Path(__file__).parent / "phrasings.yaml").read_text(encoding="utf-8"))
ASKED = [
    pytest.param(case, entry, id=f"{case}-{entry['ask']}") for case, entries in PHRASINGS.items() for entry in entries
]

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def _actions(resolved: Resolved) -> list[str]:
    values = ("closed", "delta_p_mw", "tap_pos", "p_mw")
    told = [action.model_dump() for action in resolved.proposed]
    return [f"{one['type']} {one['element']} {next(one[name] for name in values if name in one)}" for one in told]


def _read(resolved: Resolved) -> dict[str, object]:
    return {
        "want": sorted(resolved.intents),
        "status": resolved.status.value,
        "focus": [str(ref) for ref in resolved.elements],
        "count": len(resolved.elements),
        "out": sorted(str(ref) for ref in resolved.hypothesis.outages),
        "do": _actions(resolved),
        "rank": resolved.ranking,
        "rows": resolved.limit,
        "ends": [str(ref) for ref in resolved.ends],
        "untaken": list(resolved.untaken),
        "wish": _wish(resolved),
        "premise": [[str(one.element) if one.element else None, one.claims_normal] for one in resolved.premises],
    }


def _wish(resolved: Resolved) -> dict[str, object]:
    """What differs from the usual in the one wish of a question; elements by name."""
    [wish] = [one for one in (resolved.remedies, resolved.shedding, resolved.screening) if one] or [None]
    if wish is None:
        return {}
    fields = {name: getattr(wish, name) for name, field in type(wish).model_fields.items()}
    changed = {name: value for name, value in fields.items() if value != type(wish).model_fields[name].default}
    return {
        name: [_word(one) for one in value] if isinstance(value, tuple) else value for name, value in changed.items()
    }


def _word(value: object) -> str:
    return str(getattr(value, "element", value))


@pytest.mark.parametrize(("case", "entry"), ASKED)
def test_resolve__operators_words(case, entry, inventory, embedder):
    known = inventory(case)
    resolved = resolve(Question(text=entry["ask"], grid=case), known, (), embedder)
    expected = {"status": "answered", **entry, "want": sorted(entry["want"])}
    if "out" in expected:
        expected["out"] = sorted(expected["out"])
    read = _read(resolved)
    _check_shown(resolved)
    assert all(known.get(ref.kind, ref.index) for ref in (*resolved.elements, *resolved.hypothesis.outages))
    assert {key: read[key] for key in expected if key in read} == {
        key: expected[key] for key in expected if key in read
    }


def _check_shown(resolved: Resolved) -> None:
    """Every digit of what was understood lies in a token, and the reason has none."""
    covered = {place for token in resolved.understood.tokens for place in range(token.start, token.end)}
    assert {match.start() for match in re.finditer(r"\d", resolved.understood.text)} <= covered
    assert not re.search(r"\d", resolved.reason or "")
    assert (resolved.reason is None) == (resolved.status is ReportStatus.ANSWERED)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]+", " ", re.sub(r"\b(\w*\d+\w*)\b", "", text.lower())).strip()


def test_phrasings__are_not_the_examples():
    groups = load_yaml("examples.yaml")
    known = {
        _plain(re.sub(r"\{\w+\}", "", one)) for group in groups.values() for kind in group.values() for one in kind
    }
    unseen = [entry["ask"] for _, entry in (param.values for param in ASKED) if _plain(entry["ask"]) not in known]
    assert len(unseen) >= 150


def test_resolve__a_shift_report_needs_no_words(inventory, embedder):
    question = Question(text="shift report", kind=ReportKind.SHIFT, grid="case39")
    resolved = resolve(question, inventory("case39"), (), embedder)
    tools = [step.tool for step in make_plan(question, resolved, NOON).steps]
    assert tools[:4] == ["check_model", "solve_power_flow", "check_limits", "screen_contingencies"]


def test_resolve__unknown_element_lists_what_exists(inventory, embedder):
    resolved = resolve(Question(text="loading of line 77", grid="case30"), inventory("case30"), (), embedder)
    assert "line:40" in resolved.understood.text
