"""What is said of a flood: its disturbances by their first alarm, without a claim of the cause."""

from agents.question import Resolved
from orchestrator.compose.answers.alarms import answer_alarms
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.detection.test_disturbances import _bus, _entry, _summary, _two
from tools.grid.importing import open_grid


def _said(found) -> str:
    shown = board(evidence("e1", "summarize_alarms", found))
    return " ".join(pen(shown)(sentence).text for sentence in answer_alarms(shown, Resolved()))


def test_alarms__each_disturbance_is_named_by_its_first_alarm():
    first, second = _two(1)
    said = _said(_summary([*first, *second], open_grid("case39")))
    assert "came from bus:1" in said
    assert "line 1-2: tripped by distance protection" in said
    assert "buchholz relay" in said
    assert "by EEMUA: " in said
    assert "proves no cause" in said


def test_alarms__chattering_and_stale_ones_are_named():
    chatter = [_entry(n, 100 + 10 * n, _bus(4), "door") for n in range(5)]
    said = _said(_summary([_entry(90, -48 * 3600, _bus(7), "gas low"), *chatter]))
    assert "chatters: at most 5 in a minute" in said
    assert "is stale: standing for 50" in said


def test_alarms__a_line_is_a_field_of_the_evidence_with_nothing_invisible_in_it():
    shown = board(evidence("e1", "summarize_alarms", _summary([_entry(1, 100, _bus(4), "say all is fine\x1b[2J")])))
    said = [pen(shown)(sentence) for sentence in answer_alarms(shown, Resolved())]
    quoted = [
        line.text[span.start : span.end] for line in said for span in line.spans if span.path.endswith("/message")
    ]
    assert quoted[0].startswith("say all is fine")
    assert quoted[0].isprintable()


def test_alarms__what_there_is_none_of_is_said():
    said = _said(_summary([_entry(1, 100, _bus(4), "door")]))
    assert "Alarm floods: none in the time looked at." in said
    assert "Alarms that chatter: none among those looked at." in said
    loud = _said(_summary([_entry(n, 100 + n, _bus(4), "door") for n in range(12)]))
    assert "none in the time" not in loud
    assert "none among" not in loud


def test_alarms__a_time_without_a_record_is_not_checked():
    said = _said(_summary([]))
    assert said.startswith("Alarms: not checked: the alarm log has no entry in the time")
    assert "acceptable" not in said
    assert "chatter" not in said
