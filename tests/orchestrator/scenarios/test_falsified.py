"""Falsified readings: what adds up, what fits another load, and what is left in the logs."""

import numpy as np
import pytest

from orchestrator.scenarios.suspects import TRACES, TURNS, Suspicion, draw_suspects
from orchestrator.scenarios.truth import SeenBy
from tools.errors import InvalidArgumentError
from tools.telemetry.schema.log import LogKind

STATION = {
    "kind": "coordinated_false_data",
    "element": "load:2",
    "start_min": 60,
    "duration_min": 60,
    "change_percent": 20,
}
SHORT = {"period": {"hours": 4}}


def errors(day):
    return {name: day.shown[name] - day.true[name] for name in day.shown}


def test_station__false_readings_keep_the_balance_of_their_bus(made):
    day = made(STATION, **SHORT)
    wrong = errors(day)
    # at a bus: what flows into the branches and what the load draws add up to nothing, before and after
    near = [name for name in wrong if ".p" in name]
    assert len(near) > 2
    assert sum(wrong[name][60:120] for name in near) == pytest.approx(np.zeros(60), abs=0.002 * len(near))
    assert wrong["load2.p"][60:120] == pytest.approx(
        day.true["load2.p"][60:120] * day.truth[0].magnitude / 100, abs=0.002
    )
    assert np.abs(np.array(list(wrong.values()))[:, :60]).max() <= 0.0005 + 1e-9  # rounding of what is sent


def test_station__names_all_its_sensors_so_that_no_finding_on_them_is_in_vain(made):
    day = made(STATION, **SHORT)
    [truth] = day.truth
    assert truth.subject == "sensor:load2.p"
    assert {f"sensor:{name}" for name in day.shown} <= set(truth.touched)


def test_grid__every_reading_is_what_another_load_makes_it(made):
    false = made({**STATION, "reach": "grid"}, **SHORT)
    percent = false.truth[0].magnitude
    quiet = made(**SHORT)
    assert not false.shown  # no sensor lies by itself
    assert false.true["load2.p"][60:120] == pytest.approx(quiet.true["load2.p"][60:120] * (1 + percent / 100))


def test_traces__come_before_and_name_who_and_what(made):
    day = made({**STATION, "trace": ["guessing", "command"]}, **SHORT)
    [truth] = day.truth
    mine = [entry for entry in day.logs if f"host:{entry.origin}" in truth.touched]
    guesses = [entry for entry in mine if entry.kind is LogKind.ACCESS and not entry.success]
    [came] = [entry for entry in mine if entry.kind is LogKind.ACCESS and entry.success]
    [told] = [entry for entry in mine if entry.kind is LogKind.COMMAND]
    assert len(guesses) >= 6
    assert guesses[-1].at < came.at < told.at < truth.start
    assert str(told.element) == "load:2"
    assert truth.traced_from == guesses[0].at


def test_traces__none_where_the_scenario_says_none(made):
    day = made(STATION, **SHORT)
    assert day.truth[0].traced_from is None
    assert day.truth[0].detectability.seen_by is SeenBy.MATCHED_FILTER


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"element": "load:16"}, "right would be one of load:"),  # behind one branch only: nothing to add up
        ({"element": "line:2"}, "is no load at a bus with two branches"),
    ],
)
def test_station__refuses_what_has_nothing_to_add_up(made, change, words):
    with pytest.raises(InvalidArgumentError, match=words):
        made({**STATION, **change}, grid={"case": "case33bw"} if change["element"] == "load:16" else {"case": "case14"})


def test_station__refuses_a_sensor_that_has_a_trouble_already(made):
    drift = {"kind": "drift", "sensor": "load2.p", "start_min": 10, "duration_min": 60, "rate_sigma_per_h": 5}
    with pytest.raises(InvalidArgumentError, match=r"sensor 'load2\.p' has a trouble already"):
        made(drift, STATION, **SHORT)


def test_draw_suspects__takes_the_kinds_in_turn_and_is_the_same_for_a_seed():
    once = list(draw_suspects(4, 1700))
    again = list(draw_suspects(4, 1700))
    assert [(one.what, one.truth.kind) for one in once] == [turn[:2] for turn in TURNS[:4]]
    assert [one.made.scenario for one in once] == [one.made.scenario for one in again]
    classes = [turn[0] for turn in TURNS]
    assert {what: classes.count(what) for what in Suspicion} == dict.fromkeys(Suspicion, 5)


def test_draw_suspects__whoever_falsifies_leaves_a_declared_trace():
    first = next(iter(draw_suspects(1, 1701)))
    [trouble] = first.made.scenario.troubles
    assert trouble.trace in TRACES
    assert first.truth.traced_from < first.truth.start


def test_draw_suspects__refuses_a_negative_seed():
    with pytest.raises(InvalidArgumentError, match="seed = -1"):
        list(draw_suspects(1, -1))
