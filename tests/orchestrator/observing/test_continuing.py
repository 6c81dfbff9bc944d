"""A fragment with another time, sensor or element keeps the topic of the turn before, and says so."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agents.question import Intent, Question, ReportStatus, Resolved, Turn
from orchestrator.observing import Observable, asked_time, observe, only_a_time, place, replace_time
from orchestrator.observing.placing import AT_ITS_END
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.sensor import Sensor

NOW = datetime(2026, 3, 10, 23, 59, tzinfo=UTC)
BUS, LINE = (ElementRef(kind=kind, index=5) for kind in (ElementKind.BUS, ElementKind.LINE))
SENSORS = (
    Sensor(name="bus5.vm", quantity="vm", unit="pu", element=BUS),
    Sensor(name="line5.p_from", quantity="p", unit="mw", element=LINE),
)
SEEN = Observable(sensors=SENSORS, assets=(), as_of=NOW, zone=ZoneInfo("UTC"))


def _turn(resolved, ordinal=0, grid="case39"):
    return Turn(conversation="c", ordinal=ordinal, question="?", grid=grid, resolved=resolved, run=f"r-{ordinal}")


@pytest.fixture
def converse(inventory):
    """The last answer of a conversation about observations; None where it is left to the model."""

    def ask(*texts):
        turns = []
        for ordinal, text in enumerate(texts):
            found = observe(Question(text=text, grid="case39"), inventory, SEEN, turns)
            turns.append(_turn(found or Resolved(intents=(Intent.SECURITY,)), ordinal))
        return found

    return ask


def _at(hour):
    return NOW.replace(hour=hour, minute=0)


def test_continue__another_time_keeps_topic_and_sensors(converse):
    found = converse("what did sensor bus5.vm read at 18:00?", "and at 19:00?")
    assert (found.intents, found.sensors, found.at) == ((Intent.MEASURED,), ("bus5.vm",), _at(19))
    assert "as in the question before" in found.understood.text


def test_continue__another_sensor_keeps_topic_and_time(converse):
    found = converse("which sensors are faulty?", "and between 08:00 and 10:00?", "and only bus5.vm?")
    assert Intent.TRUST in found.intents
    assert (found.sensors, found.start, found.end) == (("bus5.vm",), _at(8), _at(10))
    assert "time as before: 2026-03-10 08:00 UTC to 2026-03-10 10:00 UTC" in found.understood.text


def test_continue__another_element_keeps_the_topic(converse):
    found = converse("why was bus 5 out at 18:00?", "and line 5?")
    assert (found.intents, found.elements, found.at) == ((Intent.RELIABILITY,), (LINE,), _at(18))


def test_continue__an_alarm_at_a_moment_is_what_is_around_it(converse):
    found = converse("which alarms came today?", "what about 17:30?")
    assert (found.start, found.end) == (_at(17), _at(18))


def test_continue__a_time_without_data_is_refused(converse):
    assert converse("which alarms came today?", "and on 2026-03-12?").status is ReportStatus.REFUSED


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("which sensors are faulty?", "and is the grid secure at 18:00?"),  # says more than a time
        ("which sensors are faulty?", "what if line 5 trips?"),
        ("is the grid secure?", "and at 18:00?"),  # the topic is the model's
    ],
)
def test_continue__what_says_more_than_a_time_or_a_name_is_a_question_of_its_own(converse, first, then):
    assert converse(first, then) is None


def test_continue__a_sensor_alone_is_a_question_of_its_own(converse):
    assert converse("which alarms came today?", "bus5.vm").intents == (Intent.MEASURED,)


def test_continue__another_grid_ends_the_topic(inventory):
    turns = [_turn(Resolved(intents=(Intent.TRUST,)), grid="other")]
    assert observe(Question(text="and at 18:00?", grid="case39"), inventory, SEEN, turns) is None


@pytest.mark.parametrize(
    ("text", "alone"),
    [("and at 18:00?", True), ("between 08:00 and 10:00", True), ("and line 5 at 18:00?", False), ("and?", False)],
)
def test_only_a_time(text, alone):
    assert only_a_time(text, asked_time(text, NOW, ZoneInfo("UTC"))) is alone


def test_replace_time__keeps_what_was_asked_of_the_grid_and_drops_the_time_before(inventory):
    asked = Resolved(intents=(Intent.STATE,), elements=(BUS,))
    last = place(asked, asked_time("this morning", NOW, ZoneInfo("UTC")), SEEN)
    assert last.reason == AT_ITS_END
    found = replace_time(last, asked_time("and at 18:00?", NOW, ZoneInfo("UTC")), SEEN, inventory)
    assert (found.intents, found.elements) == ((Intent.STATE,), (BUS,))
    assert (found.at, found.start, found.status, found.reason) == (_at(18), None, ReportStatus.ANSWERED, None)
    assert "as in the question before" in found.understood.text
    assert "this morning" not in found.understood.text
