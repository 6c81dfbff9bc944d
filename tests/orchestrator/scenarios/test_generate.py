"""The same seed gives the same time; a trouble changes what it is about and nothing else."""

import numpy as np
import pytest

from tools.telemetry.schema.log import LogKind

SHORT = {"period": {"hours": 4}}


def readings(generated, name):
    [series] = [one for one in generated.series if one.sensor.name == name]
    return series


def same(one, other):
    return np.array_equal(one.value, other.value, equal_nan=True) and np.array_equal(one.at_us, other.at_us)


def test_generate__equal_seeds_give_equal_readings_logs_and_truth(made):
    from orchestrator.scenarios.generate import generate  # noqa: PLC0415 - the fixture keeps what it made

    trouble = {"kind": "drift", "start_min": [30, 90], "duration_min": [60, 90], "rate_sigma_per_h": [3, 9]}
    once = made(trouble, **SHORT)
    again = generate(once.scenario, 1)
    assert all(same(a, b) for a, b in zip(once.series, again.series, strict=True))
    assert once.logs == again.logs
    assert once.truth == again.truth
    other = made(trouble, seed=2, **SHORT)
    assert other.truth != once.truth
    assert not same(once.series[0], other.series[0])


def test_generate__readings_are_as_noisy_as_declared_and_rounded(made):
    day = made()
    for name in ("line4.p_from", "bus5.vm", "ambient"):
        series = readings(day, name)
        error = series.value - day.true[name]
        assert error.std() == pytest.approx(series.sensor.noise, rel=0.1)  # 1,440 readings: 2 % standard error
        assert abs(error.mean()) < 4 * series.sensor.noise / np.sqrt(len(error))
        assert np.all(series.value == np.round(series.value, 5))


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "drift", "rate_sigma_per_h": 8},
        {"kind": "step", "size_sigma": 10},
        {"kind": "spike", "size_sigma": 20},
        {"kind": "stuck"},
        {"kind": "dropout"},
        {"kind": "false_data", "size_sigma": 10},
        {"kind": "replay", "from_earlier_min": 40},
    ],
    ids=lambda trouble: trouble["kind"],
)
def test_generate__a_lying_sensor_moves_no_other_reading(made, trouble):
    day = made({**trouble, "sensor": "line4.p_from", "start_min": 60, "duration_min": 60}, **SHORT)
    quiet = made(**SHORT)
    for one, other in zip(day.series, quiet.series, strict=True):
        assert same(one, other) == (one.sensor.name != "line4.p_from"), one.sensor.name
    [truth] = day.truth
    assert truth.subject == "sensor:line4.p_from"
    assert truth.culprit_observed
    assert truth.detectability.detectable
    changed = readings(day, "line4.p_from")
    before, after = changed.at_us < 60 * 60e6 + day.timeline.times_us()[0], changed.at_us > day.timeline.times_us()[119]
    usual = readings(quiet, "line4.p_from")
    assert np.array_equal(changed.value[before], usual.value[:60])
    assert np.array_equal(changed.value[after], usual.value[120:])


def test_generate__each_lie_is_what_it_is_called(made):
    def lied(**trouble):
        day = made({**trouble, "sensor": "line4.p_from", "start_min": 60, "duration_min": 60}, **SHORT)
        return readings(day, "line4.p_from"), readings(made(**SHORT), "line4.p_from"), day.truth[0]

    series, right, truth = lied(kind="step", size_sigma=10)
    added = series.value[60:120] - right.value[60:120]
    assert added == pytest.approx(truth.magnitude * right.sensor.noise, abs=1e-3)
    assert abs(truth.magnitude) == 10
    series, right, truth = lied(kind="drift", rate_sigma_per_h=8)
    added = series.value[60:120] - right.value[60:120]
    assert added[-1] == pytest.approx(truth.magnitude * right.sensor.noise, abs=1e-3)  # after an hour
    assert np.polyfit(np.arange(60), added, 1)[0] * 60 == pytest.approx(truth.magnitude * right.sensor.noise, rel=1e-2)
    series, right, _ = lied(kind="stuck")
    assert set(series.value[60:120]) == {right.value[59]}
    series, right, _ = lied(kind="replay", from_earlier_min=40)
    assert np.array_equal(series.value[60:120], right.value[20:80])
    series, right, _ = lied(kind="dropout", missing_percent=50)
    assert len(right) - len(series) == 30
    series, right, _ = lied(kind="spike", size_sigma=20, readings=3)
    assert np.count_nonzero(series.value != right.value) == 3


def test_generate__one_trouble_more_moves_no_draw_of_the_others(made):
    drift = {"kind": "drift", "start_min": [30, 90], "duration_min": [60, 90], "rate_sigma_per_h": [3, 9]}
    guess = {"kind": "guessing", "start_min": 100}
    alone, both = made(drift, **SHORT), made(drift, guess, **SHORT)
    assert [one for one in both.truth if one.kind == "drift"] == list(alone.truth)
    assert all(same(a, b) for a, b in zip(alone.series, both.series, strict=True))


def test_generate__guesses_stand_in_the_log_as_many_as_the_truth_says(made):
    day = made({"kind": "guessing", "start_min": 100, "attempts": 12, "accounts": 3, "succeeds": True}, **SHORT)
    [truth] = day.truth
    origin = truth.subject.removeprefix("host:")
    mine = [entry for entry in day.logs if entry.origin == origin]
    failed = [entry for entry in mine if entry.success is False]
    assert sum(entry.count for entry in failed) == 12 == truth.magnitude
    assert len({entry.account for entry in failed}) == 3
    assert failed[0].at == truth.start
    assert [entry.success for entry in mine][-1] is True


def test_generate__commands_to_open_stand_in_the_log_and_open_nothing(made):
    day = made({"kind": "command_sequence", "start_min": 100, "breakers": 5}, **SHORT)
    [truth] = day.truth
    account, origin = truth.subject.removeprefix("account:"), truth.culprit.removeprefix("host:")
    mine = [entry for entry in day.logs if entry.kind is LogKind.COMMAND and entry.origin == origin]
    opened = [entry for entry in mine if entry.action == "open"]
    assert len({str(entry.element) for entry in opened}) == 5
    assert {entry.account for entry in mine} == {account}
    assert not any(entry.success for entry in opened)
    assert all(same(a, b) for a, b in zip(day.series, made(**SHORT).series, strict=True))


def test_generate__a_scan_is_the_only_traffic_of_its_machine_and_is_refused(made):
    trouble = {"kind": "protocol_scan", "start_min": 100, "stations": 7, "messages": 30, "within_s": 120}
    day = made(trouble, **SHORT)
    [truth] = day.truth
    origin = truth.subject.removeprefix("host:")
    asked = [one for one in day.messages if one.source == origin]
    answers = [one for one in day.messages if one.destination == origin]
    assert len(asked) == len(answers) == 30
    assert len({one.destination for one in asked}) == 7
    assert {one.cause for one in answers} <= {44, 46}  # unknown type, unknown common address: IEC 60870-5-101, 7.2.3
    assert {one.asdu_type for one in asked}.isdisjoint(one.asdu_type for one in made(**SHORT).messages)


def test_generate__sensors_that_do_not_exist_give_no_readings_and_hide_the_culprit(made):
    trip = {"kind": "line_trip", "element": "line:3", "start_min": 60, "duration_min": 30, "logged": False}
    hidden = made(trip, measurement={"without": ["line3.*"]}, **SHORT)
    assert not [one for one in hidden.series if one.sensor.name.startswith("line3.")]
    assert not hidden.truth[0].culprit_observed
    assert hidden.truth[0].detectability.detectable  # its neighbours tell
    assert made(trip, **SHORT).truth[0].culprit_observed


def test_generate__what_nobody_measures_nobody_can_see(made):
    trip = {"kind": "line_trip", "element": "line:3", "start_min": 60, "duration_min": 30, "logged": False}
    blind = made(trip, measurement={"only": ["ambient"]}, **SHORT)
    assert not blind.truth[0].detectability.detectable
