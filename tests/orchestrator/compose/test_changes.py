"""What changed since the last shift report: new, still open, no longer found; nothing where nothing was looked at."""

import pytest

from orchestrator.belonging import key_of
from orchestrator.compose.phrases import draft
from orchestrator.compose.shift.changes import changes_since, named
from orchestrator.record_schema import RecordExcerpt, RecordKind, RecordRow
from tests.orchestrator.compose.evidence import SIX, T2, board, evidence, finding, hour, pen
from tools.element import ElementKind, ElementRef
from tools.vocabulary import Severity

T7 = ElementRef(kind=ElementKind.TRAFO, index=7, name="T7")
REPORTED = hour(-8)


def _row(item, title: str) -> RecordRow:
    return RecordRow(
        id=f"o-{title}", kind=item.kind, key=key_of(item), title=title, start=REPORTED, lasts=True, age_h=8.0
    )


def _carried(*rows: RecordRow, as_of=REPORTED):
    record = RecordExcerpt(kind=RecordKind.OPEN_ITEMS, identifier="latest", grid="demo", as_of=as_of, rows=rows)
    return board(evidence("e1", "read_record", record, kind="open_items"))


def _said(shown, *findings, key: str = "maintenance", checked: bool = True) -> list[str]:
    say = pen(shown)
    return [say(sentence).text for sentence in changes_since(shown, findings).of(key, checked=checked)]


def test_changes__new_still_open_and_gone_are_told_apart():
    stays, goes = finding(1, T2), finding(2, T7)
    fresh = finding(3, T7, kind="over_temperature")
    [said] = _said(_carried(_row(stays, "T2 runs hot"), _row(goes, "T7 runs hot")), stays, fresh)
    assert said == (
        "Since the report of 2026-03-09 22:00 UTC: new: over temperature (trafo:7); "
        "still open: T2 runs hot (for 8 h); no longer found: T7 runs hot (for 8 h)."
    )


def test_changes__the_same_findings_again_are_still_open_and_not_new():
    [said] = _said(_carried(_row(finding(1, T2), "T2 runs hot")), finding(9, T2))
    assert "still open: T2 runs hot" in said
    assert "new" not in said
    assert "no longer" not in said


def test_changes__without_any_on_both_sides_nothing_changed():
    assert _said(_carried()) == ["Since the report of 2026-03-09 22:00 UTC: no change."]


def test_changes__of_another_section_are_none_of_this_one():
    shown = _carried(_row(finding(1, T2), "T2 runs hot"))
    assert _said(shown, key="cyber") == ["Since the report of 2026-03-09 22:00 UTC: no change."]


def test_changes__information_is_no_news():
    calm = finding(1, T2, severity=Severity.INFORMATION)
    assert _said(_carried(), calm) == ["Since the report of 2026-03-09 22:00 UTC: no change."]


@pytest.mark.parametrize(
    ("shown", "checked"),
    [(_carried(as_of=None), True), (board(), True), (_carried(_row(finding(1, T2), "T2 runs hot")), False)],
    ids=["first report", "record not read", "section not checked"],
)
def test_changes__nothing_is_said_where_there_is_nothing_to_compare(shown, checked):
    assert _said(shown, finding(1, T2), checked=checked) == []


def test_changes__a_first_report_is_known_as_one():
    assert changes_since(_carried(as_of=None), ()).first
    assert not changes_since(_carried(as_of=SIX), ()).first


def test_named__names_each_matter_once_and_says_that_there_are_others():
    shown = pen(board())
    many = [finding(place, ElementRef(kind=ElementKind.TRAFO, index=place)) for place in (1, 2, 2, 3)]

    def said(findings, shown_at_most):
        return shown(draft(named(findings, shown_at_most))).text

    assert said(many[:3], 2) == "cooling loss (trafo:1) and cooling loss (trafo:2)"
    assert said(many, 2) == "cooling loss (trafo:1), cooling loss (trafo:2) and others"
