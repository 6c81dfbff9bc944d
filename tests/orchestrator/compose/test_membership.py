"""Which findings an incident consists of, and that they are told before whatever else was found in its time."""

from orchestrator.compose.membership import own, own_first
from orchestrator.record_schema import RecordExcerpt, RecordKind, RecordRow
from tests.orchestrator.compose.evidence import SIX, T2, board, evidence, finding
from tools.element import ElementKind, ElementRef
from tools.vocabulary import Severity

LINE = ElementRef(kind=ElementKind.LINE, index=3)
OTHER = finding(1, LINE, severity=Severity.CRITICAL)
MINE = finding(2, T2)
NOTED = finding(3, T2, severity=Severity.INFORMATION)


def with_record():
    row = RecordRow(id="f1", kind="cooling_loss", title="t", element=T2, start=SIX, lasts=False)
    record = RecordExcerpt(kind=RecordKind.INCIDENT, identifier="i1", grid="demo", rows=(row,))
    return board(evidence("e1", "read_record", record))


def test_own__is_what_the_record_names_and_more_than_for_the_record():
    assert own(with_record(), (OTHER, MINE, NOTED)) == (MINE,)


def test_own_first__comes_before_graver_ones():
    assert own_first(with_record(), [OTHER, MINE, NOTED]) == [MINE, OTHER, NOTED]


def test_own__without_a_record_is_all_that_is_grave_and_keeps_the_order():
    assert own(board(), (OTHER, MINE, NOTED)) == (OTHER, MINE)
    assert own_first(board(), [NOTED, OTHER, MINE]) == [NOTED, OTHER, MINE]
