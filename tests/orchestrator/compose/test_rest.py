"""What an answer does not spell out is named or counted, and never just left away."""

import pytest

from orchestrator.compose.answers.records import open_item_words, permit_words, record_of
from orchestrator.record_schema import RecordExcerpt, RecordKind, RecordRow
from tests.orchestrator.compose.evidence import SIX, board, evidence, hour, pen
from tools.element import ElementKind, ElementRef


def row(number, **more):
    line = ElementRef(kind=ElementKind.LINE, index=number)
    return RecordRow(id=f"x-{number}", title="t", element=line, start=SIX, lasts=True, **more)


def said(words, kind, count, omitted=0):
    rows = tuple(row(number, kind="overload" if kind is RecordKind.OPEN_ITEMS else "") for number in range(count))
    record = RecordExcerpt(kind=kind, identifier="demo", grid="demo", as_of=hour(-8), rows=rows, omitted=omitted)
    shown = board(evidence("e1", "read_record", record))
    return [pen(shown)(sentence).text for sentence in words(record_of(shown, kind))]


def test_rest__of_permits_names_where_further_people_are_at_work():
    text = said(permit_words, RecordKind.PERMITS, 10)
    assert len([sentence for sentence in text if sentence.startswith("In force: permit x-")]) == 8
    assert text[-1] == "Further permits, in full in the evidence: line:8 and line:9."


def test_rest__says_of_which_kind_and_how_many_there_are_beyond():
    assert said(open_item_words, RecordKind.OPEN_ITEMS, 10, omitted=7)[-1] == (
        "Further open items, in full in the evidence: line:8: overload and line:9: overload; beyond these: 7."
    )


def test_rest__names_the_first_dozen():
    last = said(permit_words, RecordKind.PERMITS, 30)[-1]
    assert last.count("line:") == 12
    assert last.endswith("line:19 and others.")


@pytest.mark.parametrize(
    ("count", "omitted", "more"), [(8, 0, []), (8, 3, ["Further permits that are not listed: 3."])]
)
def test_rest__says_nothing_where_all_was_told(count, omitted, more):
    text = said(permit_words, RecordKind.PERMITS, count, omitted)
    assert [sentence for sentence in text if not sentence.startswith("In force")] == more
