"""Each seeded trouble is really in the day, told by true values, plain pandapower and counts of our own."""

from collections import Counter, deque
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from pandapower import runpp

from orchestrator.demoday.grid import demo_grid
from orchestrator.demoday.security import screen_minutes
from orchestrator.simulation.flows import solve_steps, topology
from tests.orchestrator.demoday.plain import injections, net_at, plain_outages, violations
from tools.assets.schema.transformer import TransformerIssueKind
from tools.detection.schema.anomalies import AnomalyKind
from tools.detection.schema.quality import QualityKind
from tools.security.schema.access import AccessIssueKind
from tools.security.schema.commands import CommandIssueKind
from tools.telemetry.schema.log import LogKind

MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)
SEEDS = range(10)
SECTIONS = {
    "n1_insecure": "security",
    TransformerIssueKind.COOLING_LOSS: "maintenance",
    QualityKind.DRIFT: "cyber",
    QualityKind.STUCK: "cyber",
    QualityKind.DROPOUT: "cyber",
    AnomalyKind.FALSE_DATA: "cyber",
    AccessIssueKind.PASSWORD_GUESSING: "cyber",
    CommandIssueKind.UNUSUAL_SEQUENCE: "cyber",
}


def minute(moment):
    return int((moment - MIDNIGHT).total_seconds() // 60)


def entry(day, kind):
    [found] = [one for one in day.truth if one.kind == kind]
    return found


def affected(day, kind):
    """Name of the sensor, first and last minute, its readings of the day by minute (NaN where there is none)."""
    truth = entry(day, kind)
    name = truth.element.removeprefix("sensor:")
    [series] = [one for one in day.series if one.sensor.name == name]
    value = np.full(1440, np.nan)
    value[(series.at_us - int(MIDNIGHT.timestamp() * 1e6)) // 60_000_000] = series.value
    return series.sensor, minute(truth.start), minute(truth.end), value, day.true[name]


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__every_seed_has_every_trouble(day_of, seed):
    day = day_of(seed)
    assert {one.kind: one.section for one in day.truth} == {str(kind): where for kind, where in SECTIONS.items()}
    assert len(day.truth) == len(SECTIONS)
    for one in day.truth:
        assert MIDNIGHT <= one.start < one.end < MIDNIGHT + timedelta(days=1)
    concerned = [one.element for one in day.truth if one.element.startswith("sensor:")]
    assert len(set(concerned)) == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__only_the_four_sensors_lie(day_of, seed):
    day = day_of(seed)
    lying = {one.element.removeprefix("sensor:") for one in day.truth if one.element.startswith("sensor:")}
    for series in day.series:
        if series.sensor.name not in lying:
            error = series.value[-1440:] - day.true[series.sensor.name]
            assert np.abs(error).max() < 6 * series.sensor.noise
            assert len(series) in {1440, 1440 + 42 * 24}


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__drift_leaves_the_truth_at_a_constant_rate(day_of, seed):
    sensor, start, end, value, true = affected(day_of(seed), QualityKind.DRIFT)
    error = (value - true) / sensor.noise
    during = error[start : end + 1]
    slope_per_h = 60 * np.polyfit(np.arange(len(during)), during, 1)[0]
    assert 4.5 < abs(slope_per_h) < 9.5
    assert np.abs(np.delete(error, np.arange(start, end + 1))).max() < 6
    assert abs(during[-1]) > 9


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__stuck_sensor_repeats_while_the_truth_moves(day_of, seed):
    sensor, start, end, value, true = affected(day_of(seed), QualityKind.STUCK)
    assert len(set(value[start - 1 : end + 1])) == 1
    assert value[end + 1] != value[end]
    assert np.ptp(true[start : end + 1]) > 15 * sensor.noise - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__dropping_sensor_loses_most_readings(day_of, seed):
    _, start, end, value, _ = affected(day_of(seed), QualityKind.DROPOUT)
    gone = np.isnan(value)
    assert gone[start]
    assert gone[end]
    assert gone[start : end + 1].mean() > 0.7
    assert not np.delete(gone, np.arange(start, end + 1)).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__false_data_is_a_plausible_bias(day_of, seed):
    sensor, start, end, value, true = affected(day_of(seed), AnomalyKind.FALSE_DATA)
    error = (value - true) / sensor.noise
    assert 11 < abs(error[start : end + 1].mean()) < 21
    assert error[start : end + 1].std() == pytest.approx(1.0, abs=0.25)
    assert np.abs(np.delete(error, np.arange(start, end + 1))).max() < 6
    assert np.all((value >= sensor.lowest) & (value <= sensor.highest))


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__cooling_loss_is_in_the_oil(day_of, seed):
    """Against a plain integration of IEC 60076-7 from the nameplate, the flow at the high side, and the air."""
    day = day_of(seed)
    truth = entry(day, TransformerIssueKind.COOLING_LOSS)
    hot = int(truth.element.removeprefix("trafo:"))
    start, end = minute(truth.start), minute(truth.end)
    for asset in day.assets:
        i, plate = asset.element.index, asset.nameplate
        high = demo_grid().net.trafo.hv_bus.at[i]
        mva = np.hypot(day.true[f"trafo{i}.p_hv"], day.true[f"trafo{i}.q_hv"])
        load = mva / day.true[f"bus{high}.vm"] / plate.rated_power_mva
        oil = day.true[f"trafo{i}.top_oil"][0]
        expected = [oil]
        for k in range(1, 1440):
            target = ((1 + plate.loss_ratio * load[k] ** 2) / (1 + plate.loss_ratio)) ** plate.oil_exponent
            target = target * plate.top_oil_rise_kelvin + day.true["ambient"][k]
            oil += (target - oil) / (plate.k11 * plate.oil_time_constant_min)
            expected.append(oil)
        excess = day.true[f"trafo{i}.top_oil"] - np.array(expected)
        if i != hot:
            assert np.abs(excess).max() < 0.01, asset.name
        else:
            assert np.abs(excess[:start]).max() < 0.01
            assert excess[start + 60] > 3.0
            assert excess[start:end].max() > 5.5
            assert excess[min(end + 60, 1439)] < 0.8 * excess[end]  # the fans are back, the oil cools


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__password_guessing_is_more_than_five_in_ten_minutes(day_of, seed):
    day = day_of(seed)
    truth = entry(day, AccessIssueKind.PASSWORD_GUESSING)
    failures = [e for e in day.logs if e.kind is LogKind.ACCESS and e.action == "login" and e.success is False]
    over = Counter()
    for origin in {e.origin for e in failures}:
        window: deque = deque()
        for e in (e for e in failures if e.origin == origin):
            window.extend([e.at] * e.count)
            while e.at - window[0] > timedelta(seconds=600):
                window.popleft()
            over[origin] = max(over[origin], len(window))
    guessing = {origin for origin, count in over.items() if count >= 5}
    assert guessing == {truth.element.removeprefix("host:")}
    times = [e.at for e in failures if e.origin in guessing]
    assert (min(times), max(times)) == (truth.start, truth.end)


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__unusual_commands_are_nobodys_habit(day_of, seed):
    day = day_of(seed)
    truth, guess = entry(day, CommandIssueKind.UNUSUAL_SEQUENCE), entry(day, AccessIssueKind.PASSWORD_GUESSING)
    commands = [e for e in day.logs if e.kind is LogKind.COMMAND]
    origin, account = guess.element.removeprefix("host:"), truth.element.removeprefix("account:")
    unusual = [e for e in commands if e.origin == origin]
    assert {e.account for e in unusual} == {account}
    assert (unusual[0].at, unusual[-1].at) == (truth.start, truth.end)
    assert len(unusual) >= 7
    opened = [e for e in unusual if e.action == "open"]
    assert opened
    assert not any(e.success for e in opened)  # so the grid stays as the sensors see it
    logins = [e for e in day.logs if e.kind is LogKind.ACCESS and e.origin == origin and e.success]
    assert [e.account for e in logins] == [account]
    assert guess.end < logins[0].at < truth.start
    assert not any(e.origin == origin for e in commands if e.at < truth.start)


@pytest.mark.parametrize("seed", [2, 5, 8])
def test_make_day__rest_of_a_seeded_day_is_secure(day_of, seed):
    day = day_of(seed)
    truth = entry(day, "n1_insecure")
    rest = np.array([at for at in range(0, 1440, 4) if not minute(truth.start) <= at <= minute(truth.end)])
    whole, powers = topology(demo_grid()), injections(day)
    security = screen_minutes(whole, powers, rest, solve_steps(whole, powers, rest))
    assert security.base.max() == 0
    assert security.insecure.max() == 0
    assert security.loading_percent.max() < 97


@pytest.mark.parametrize("seed", [0, 3])
def test_make_day__evening_is_insecure_by_a_plain_loop(day_of, seed):
    day = day_of(seed)
    truth = entry(day, "n1_insecure")
    start, end = minute(truth.start), minute(truth.end)
    kind, index = truth.element.split(":")
    for at in (start, (start + end) // 2, end):
        net = net_at(day, at, (truth.element,))
        runpp(net)
        assert violations(net) == []
        found = [day.true[f"line{i}.p_from"][at] for i in net.line.index]
        assert found == pytest.approx(net.res_line.p_from_mw.fillna(0.0).tolist(), abs=1e-6)
        assert any(plain_outages(net).values())
        assert day.true[f"{kind}{index}.p_from"][at] == 0.0
    for at in (start - 1, end + 1):
        net = net_at(day, at)
        runpp(net)
        assert violations(net) == []
        found = [day.true[f"line{i}.p_from"][at] for i in net.line.index]
        assert found == pytest.approx(net.res_line.p_from_mw.tolist(), abs=1e-6)
        assert not any(plain_outages(net).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_make_day__evening_outage_is_in_logs_and_records(day_of, seed):
    day = day_of(seed)
    truth = entry(day, "n1_insecure")
    after = truth.end + timedelta(minutes=1)
    [record] = [one for one in day.outages if one.end is None or one.end > MIDNIGHT]
    assert (str(record.element), record.start, record.end) == (truth.element, truth.start, after)
    switched = [e for e in day.logs if e.kind is LogKind.SWITCHING and e.at >= MIDNIGHT]
    assert [(str(e.element), e.at, e.closed) for e in switched] == [
        (truth.element, truth.start, False),
        (truth.element, after, True),
    ]
    alarms = [e for e in day.logs if e.kind is LogKind.ALARM and str(e.element) == truth.element]
    assert [e.at for e in alarms] == [truth.start, after]
