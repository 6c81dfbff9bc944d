"""Where one agent rests on a sensor that another does not trust, both are shown."""

import pytest

from orchestrator.compose.disagreements import disagreements
from tests.orchestrator.compose.evidence import T2, board, finding, hour, pen
from tools.element import ElementKind, ElementRef
from tools.vocabulary import Severity

OTHER = ElementRef(kind=ElementKind.TRAFO, index=7, name="T7")


def _doubt(number: int = 1, element=T2, **times):
    return finding(number, element, kind="stuck_sensor", agent="anomaly_detector", **times)


def _said(*findings) -> list[str]:
    return [item.text for item in disagreements(findings, pen(board()))]


def test_disagreements__both_findings_both_agents_and_the_element_are_named():
    [said] = _said(_doubt(1), finding(2, T2))
    for name in ("anomaly_detector", "maintenance_predictor", "trafo:2", "f1", "f2"):
        assert name in said
    assert said.endswith("Another measurement of the element would decide.")


@pytest.mark.parametrize(
    ("doubted", "rests", "differ"),
    [
        ((0, 2), (1, 3), True),
        ((0, 2), (2, 3), True),
        ((0, 2), (3, 4), False),
        ((3, 4), (0, 2), False),
        ((0, None), (5, 6), True),
        ((5, 6), (0, None), True),
    ],
    ids=["overlap", "touch", "before", "after", "doubt lasts", "finding lasts"],
)
def test_disagreements__only_at_the_same_time(doubted, rests, differ):
    def times(span):
        return {"start": hour(span[0]), "end": None if span[1] is None else hour(span[1])}

    assert bool(_said(_doubt(1, **times(doubted)), finding(2, T2, **times(rests)))) is differ


@pytest.mark.parametrize(
    "other",
    [
        finding(2, OTHER),
        finding(2, T2, severity=Severity.INFORMATION),
        finding(2, T2, agent="anomaly_detector"),
        finding(2, T2, start=None),
    ],
    ids=["another element", "information", "the same agent", "no time"],
)
def test_disagreements__none_without_a_conflict(other):
    assert _said(_doubt(1), other) == []


def test_disagreements__a_finding_of_the_others_is_no_doubt():
    assert _said(finding(1, T2), finding(2, T2, agent="grid_monitor", kind="overload")) == []


@pytest.mark.parametrize(
    ("doubt", "other", "words"),
    [
        ("false_data", "sensor_fault", "differ on why trafo:2 is wrong"),
        ("false_data", "undecided", "differ on why trafo:2 is wrong"),
        ("false_data", "false_data_injection", None),  # both say the same
        ("drifting_sensor", "undecided", None),  # neither takes the sensor as it is
    ],
)
def test_disagreements__two_that_distrust_a_sensor_differ_on_the_reason_alone(doubt, other, words):
    sentinel = finding(2, T2, kind=other, agent="cyber_sentinel")
    said = _said(finding(1, T2, kind=doubt, agent="anomaly_detector"), sentinel)
    assert [words in text for text in said] == ([True] if words else [])


def test_disagreements__more_than_six_say_that_there_are_more():
    said = _said(_doubt(1), *(finding(number, T2) for number in range(2, 10)))
    assert len(said) == 7
    assert said[-1].startswith("Further findings rest on sensors")
