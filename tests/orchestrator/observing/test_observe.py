"""Questions about observations are told from questions about the model, with their sensors, elements and times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agents.question import Intent, Question, ReportKind, ReportStatus
from orchestrator.observing import Observable, observe
from tests.orchestrator.observing.seen import ASSETS, NOW, SENSORS, TRAFO, observed


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Which sensors cannot be trusted?", Intent.TRUST),
        ("any stuck sensors tonight?", Intent.TRUST),
        ("which sensors were faulty at 17:30?", Intent.TRUST),
        ("Which sensor drifts?", Intent.TRUST),
        ("run a state estimation", Intent.ESTIMATE),
        ("estimate the state of the grid at 18:00", Intent.ESTIMATE),
        ("is the grid observable with these measurements?", Intent.ESTIMATE),
        ("which buses are unobservable", Intent.ESTIMATE),
        ("what did the estimator reject?", Intent.ESTIMATE),
        ("which measurements were rejected at 12:00", Intent.ESTIMATE),
        ("any critical measurements, whose error nobody would see?", Intent.ESTIMATE),
        ("what are the largest normalised residuals right now", Intent.ESTIMATE),
        ("estimated voltage at bus 5", Intent.ESTIMATE),
        ("does the chi-square test pass?", Intent.ESTIMATE),
        ("Which outages are on record?", Intent.RELIABILITY),
        ("what tripped this evening?", Intent.RELIABILITY),
        ("why was line 10 out at 18:00?", Intent.RELIABILITY),
        ("what happened between 17:00 and 18:00?", Intent.CYBER),
        ("how much did T3 age today?", Intent.TRANSFORMERS),
        ("highest voltage at bus 5 today", Intent.MEASURED),
        ("is the telemetry ok?", Intent.TRUST),
        ("anything anomalous in the measurements?", Intent.TRUST),
        ("What will the load be tomorrow evening?", Intent.FORECAST),
        ("load forecast for the next 24 hours", Intent.FORECAST),
        ("Is transformer 3 overheating?", Intent.TRANSFORMERS),
        ("hot spot of T3?", Intent.TRANSFORMERS),
        ("loss of life of ETT", Intent.TRANSFORMERS),
        ("Did anybody guess passwords last night?", Intent.CYBER),
        ("any unusual commands today", Intent.CYBER),
        ("which commands were refused today?", Intent.CYBER),
        ("is that an attack or a sensor fault?", Intent.BAD_DATA),
        ("were readings falsified since 08:00?", Intent.BAD_DATA),
        ("any replayed measurements today", Intent.BAD_DATA),
        ("false data injection?", Intent.BAD_DATA),
        ("is it a real event or a sensor fault", Intent.BAD_DATA),
        ("Is any sensor lying?", Intent.BAD_DATA),
        ("Is any sensor lying?", Intent.TRUST),
        ("is sensor bus5.vm lying?", Intent.BAD_DATA),
        ("is bus5.vm wrong?", Intent.TRUST),
        ("can I trust bus5.vm?", Intent.BAD_DATA),
        ("can I trust bus5.vm?", Intent.TRUST),
        ("did false data show up yesterday?", Intent.BAD_DATA),
        ("is the SCADA traffic normal?", Intent.PROTOCOL),
        ("is the network traffic fine?", Intent.PROTOCOL),
        ("were any commands rejected?", Intent.CYBER),
        ("did any of the attacker's commands succeed?", Intent.CYBER),
        ("did transformer 3 trip today?", Intent.RELIABILITY),
        ("who issued commands since 22:00", Intent.CYBER),
        ("who tried to break in?", Intent.CYBER),
        ("any set-points out of range today", Intent.CYBER),
        ("Is there anything odd in the protocol traffic?", Intent.PROTOCOL),
        ("were breakers operated in the wrong state?", Intent.CYBER),
        ("did someone send a command without a switching order?", Intent.CYBER),
        ("which set-points were out of range?", Intent.CYBER),
        ("any lost connections on IEC 104 tonight?", Intent.PROTOCOL),
        ("did somebody scan our stations", Intent.PROTOCOL),
        ("unknown messages on MMS since 07:00", Intent.PROTOCOL),
        ("which ATT&CK technique is that?", Intent.CYBER),
        ("which ATT&CK technique is that?", Intent.PROTOCOL),
        ("SAIDI for today?", Intent.RELIABILITY),
        ("how many customers were without power", Intent.RELIABILITY),
        ("Was there any oscillation?", Intent.OSCILLATIONS),
        ("how well are the inter-area modes damped", Intent.OSCILLATIONS),
        ("is a forced oscillation going on?", Intent.OSCILLATIONS),
        ("How low did the frequency go and how fast?", Intent.FREQUENCY),
        ("what was the nadir last night", Intent.FREQUENCY),
        ("RoCoF at the last event?", Intent.FREQUENCY),
        ("is the frequency fine, any oscillations?", Intent.FREQUENCY),
        ("is the frequency fine, any oscillations?", Intent.OSCILLATIONS),
        ("how much inertia does the system have", Intent.FREQUENCY),
        ("Is the voltage within EN 50160?", Intent.POWER_QUALITY),
        ("does the supply comply with EN 50160 this week", Intent.POWER_QUALITY),
        ("any voltage dips last night?", Intent.POWER_QUALITY),
        ("how high is the THD", Intent.POWER_QUALITY),
        ("how high is the risk of an incident right now?", Intent.RISK),
        ("How likely is an incident?", Intent.RISK),
        ("what was the incident risk since 07:00", Intent.RISK),
        ("What was the root cause?", Intent.CAUSES),
        ("what caused the jump at line 3", Intent.CAUSES),
        ("Why did transformer 4 overheat?", Intent.CAUSES),
        ("how many alarms did we get", Intent.ALARMS),
        ("Which alarms chatter?", Intent.ALARMS),
        ("What caused the alarm flood?", Intent.ALARMS),
        ("standing alarms?", Intent.ALARMS),
        ("who is working on the grid right now?", Intent.PERMITS),
        ("which permits are active", Intent.PERMITS),
        ("what is still open from the last shift", Intent.OPEN_ITEMS),
        ("what happened in the latest incident?", Intent.INCIDENTS),
        ("what does the sensor at bus 5 say?", Intent.MEASURED),
        ("measured voltage at bus 5 at 18:00", Intent.MEASURED),
        ("bus5.vm", Intent.MEASURED),
    ],
)
def test_observe__what_is_asked(text, intent, inventory):
    assert intent in observed(text, inventory).intents


@pytest.mark.parametrize(
    "text",
    [
        "was transformer 3 hacked or did it trip?",
        "did transformer 3 trip, or was it attacked?",
        "was transformer 3 opened by a command?",
        "was trafo:3 switched by anyone?",
        "was transformer 3 taken out by an operator today?",
    ],
)
def test_observe__by_whom_something_was_switched_asks_for_causes_logs_and_outages(text, inventory):
    found = observed(text, inventory)
    assert found.intents == (Intent.CAUSES, Intent.CYBER, Intent.RELIABILITY)
    assert found.elements == (TRAFO,)


@pytest.mark.parametrize(
    "text",
    [
        "What is the voltage at bus 5?",
        "what if transformer 3 is opened by a command?",
        "how much of the load is supplied by line 5?",
        "Can I trust this model?",
        "Which lines are overloaded?",
        "What happens if transformer 3 trips?",
        "Is the grid N-1 secure?",
        "What should I do about the overload on line 9?",
        "show me the worst outages",
        "what does EN 50160 say on voltage",
        "open line 5",
        "how is line 14 connected to bus 3",
        "and without line 11?",
        "what happens to the frequency if gen 3 trips?",
        "what does EN 50160 say on harmonics and unbalance",
        "which clause limits voltage dips?",
    ],
)
def test_observe__a_question_to_the_model_is_left_to_it(text, inventory):
    assert observed(text, inventory) is None


@pytest.mark.parametrize("text", ["can I trust bus5.vm?", "is sensor bus5.vm lying?"])
def test_observe__what_is_wrong_with_a_named_sensor_comes_before_all_the_others(text, inventory):
    assert observed(text, inventory).intents == (Intent.TRUST, Intent.BAD_DATA)


def test_observe__a_sensor_by_name_with_a_day(inventory):
    asked = "What was the oil temperature OT on 2017-03-01, and how far above its usual is it?"
    resolved = observed(asked, inventory)
    assert resolved.sensors == ("OT",)
    assert resolved.at == datetime(2017, 3, 1, 23, 59, 59, tzinfo=UTC)


def test_observe__a_quantity_without_a_name_means_every_sensor_of_it(inventory):
    assert observed("what was the oil temperature on 2017-03-01?", inventory).sensors == ("OT", "trafo3.top_oil")


def test_observe__an_element_and_a_quantity_mean_its_sensor(inventory):
    assert observed("measured voltage at bus 5", inventory).sensors == ("bus5.vm",)


def test_observe__what_has_no_sensor_is_said(inventory):
    resolved = observed("what is the measured current of line 7?", inventory)
    assert resolved.status is ReportStatus.QUALIFIED
    assert "sensor" in (resolved.reason or "")


def test_observe__says_what_it_understood_without_a_bare_digit(inventory):
    understood = observed("measured voltage at bus 5 yesterday at 18:00", inventory).understood
    covered = {place for token in understood.tokens for place in range(token.start, token.end)}
    assert "18:00" in understood.text
    assert all(place in covered for place, char in enumerate(understood.text) if char.isdigit())


@pytest.mark.parametrize(
    ("text", "days"), [("did anybody guess passwords?", 1), ("any harmonics?", 7), ("chattering alarms?", 1)]
)
def test_observe__says_how_far_back_it_looks_where_no_time_is_named(text, days, inventory):
    said = observed(text, inventory).understood.text
    begin = NOW - timedelta(days=days)
    assert f"no time is named: {begin:%Y-%m-%d %H:%M} UTC to {NOW:%Y-%m-%d %H:%M} UTC" in said


def test_observe__a_shift_report_is_no_question(inventory):
    seen = Observable(sensors=SENSORS, assets=ASSETS, as_of=NOW, zone=ZoneInfo("UTC"))
    question = Question(text="Shift report on sensors", grid="case39", kind=ReportKind.SHIFT)
    assert observe(question, inventory, seen) is None


@pytest.mark.parametrize("text", ["Was the voltage at bus 5 ok this evening?", "voltage limits at bus 5 today?"])
def test_observe__a_judgement_over_a_time_is_the_grids(text, inventory):
    assert observed(text, inventory) is None


@pytest.mark.parametrize("text", ["voltage at bus 5 tomorrow at 18:00?", "forecast of transformer 3"])
def test_observe__only_the_load_is_forecast(text, inventory):
    found = observed(text, inventory)
    assert (found.status, found.intents) == (ReportStatus.REFUSED, ())
    assert "load" in found.reason


@pytest.mark.parametrize("text", ["What does sensor bus5.va read?", "bus7.vm?", "sensor: line99.p_from"])
def test_observe__a_sensor_that_does_not_exist_is_refused_with_the_nearest(text, inventory):
    found = observed(text, inventory)
    assert found.status is ReportStatus.REFUSED
    assert "bus5.vm" in found.reason or "line99" in found.reason


def test_observe__an_oil_temperature_brings_what_it_says_of_the_transformer(inventory):
    found = observed("What was the oil temperature on 2026-03-01?", inventory)
    assert found.intents == (Intent.MEASURED, Intent.TRANSFORMERS)
    assert set(found.assets) == {"ETT", "T3"}
