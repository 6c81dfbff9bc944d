"""Modes against known cosines, eigenvalues and swing equations; each claim of a width is held to it over seeds."""

from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.oscillation.swings import (
    NOON,
    TwoAreas,
    channels,
    driven,
    frequency_sensor,
    loss_of_generation,
    report,
)
from tests.tools.memory_sources import series
from tools.detection.schema.oscillations import Band, DetectOscillationsArguments, FeedState, InertiaBasis, Origin
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.grid.importing import open_grid
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.vocabulary import Severity

SEEDS = range(12)


def _ringdown(seed: int, rate_hz: float = 30.0, seconds: float = 60.0, at_s: float = 40.0):
    """Ambient noise of 1 mHz, then a mode of 0.42 Hz, 5 % and 50 mHz that two areas swing in against each other."""
    rng = np.random.default_rng(seed)
    time = np.arange(0, seconds, 1 / rate_hz)
    omega = 2 * np.pi * 0.42
    decay = 0.05 / np.sqrt(1 - 0.05**2) * omega
    free = np.where(time >= at_s, np.exp(-decay * (time - at_s)) * np.cos(omega * (time - at_s)), 0.0)
    shape = [0.05, -0.03, 0.02]
    return [50 + size * free + 0.001 * rng.standard_normal(len(time)) for size in shape]


def test_ringdown__frequency_damping_and_shape_within_the_stated_bounds():
    hits = []
    for seed in SEEDS:
        found = report(*channels(_ringdown(seed), 30.0), seconds=60)
        [mode] = [item for item in found.modes if item.origin is Origin.RINGDOWN]
        assert (mode.band, mode.opposed) == (Band.INTER_AREA, True)
        assert mode.amplitude.value == pytest.approx(0.05, rel=0.1)
        shares = {item.subject.name: (item.share_percent, abs(item.phase_degree)) for item in mode.participants}
        assert shares["S1"] == (pytest.approx(60, abs=4), pytest.approx(180, abs=6))
        hits += [
            mode.frequency_low_hz <= 0.42 <= mode.frequency_high_hz,
            mode.damping_low_percent <= 5.0 <= mode.damping_high_percent,
        ]
        assert mode.damping_percent == pytest.approx(5.0, abs=0.5)
    assert np.mean(hits) >= 0.8


def test_ringdown__two_areas_swing_at_the_eigenvalue_of_the_linearised_system():
    system = TwoAreas()
    frequency_hz, damping = system.mode()
    quiet = np.random.default_rng(5).standard_normal((2, 30 * 40)) * 2e-4
    swing = system.swing(25, 30, push=2e-4)
    swing += np.random.default_rng(6).standard_normal(swing.shape) * 2e-4
    found = report(*channels(np.concatenate([50 + quiet, swing], axis=1), 30.0), seconds=65)
    mode = found.modes[0]
    assert mode.frequency_hz == pytest.approx(frequency_hz, rel=0.01)
    assert mode.damping_percent == pytest.approx(100 * damping, abs=0.5)
    assert mode.opposed


def test_ambient__modes_of_a_driven_system_within_the_stated_bounds():
    hits, told = [], []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        slow, fast = driven(rng, 1200, 10, 0.4, 0.06), driven(rng, 1200, 10, 1.1, 0.08)
        values = [
            50 + 0.005 * (a * slow + b * fast) + 0.001 * rng.standard_normal(len(slow))
            for a, b in [(1, 0.5), (-0.8, 0.6), (0.5, -0.9)]
        ]
        found = report(*channels(values, 10.0), seconds=1200)
        assert not [mode for mode in found.modes if mode.origin is Origin.FORCED]
        for frequency_hz, damping in ((0.4, 6.0), (1.1, 8.0)):
            near = [mode for mode in found.modes if abs(mode.frequency_hz - frequency_hz) < 0.08]
            told.append(len(near) == 1)
            for mode in near:
                hits += [
                    mode.frequency_low_hz <= frequency_hz <= mode.frequency_high_hz,
                    mode.damping_low_percent <= damping <= mode.damping_high_percent,
                ]
        assert len(found.modes) <= 3
    assert np.mean(told) >= 0.9
    assert np.mean(hits) >= 0.85


def test_noise__has_no_mode_and_no_event():
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        found = report(*channels(50 + 0.005 * rng.standard_normal((3, 6000)), 10.0), seconds=600)
        assert (found.modes, found.events) == ((), ())


def test_forced__a_line_with_its_harmonic_is_told_from_the_mode_beside_it():
    more = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        mode = driven(rng, 1200, 10, 0.4, 0.06)
        time = np.arange(len(mode)) / 10
        forced = 0.004 * np.cos(2 * np.pi * 0.62 * time) + 0.002 * np.cos(2 * np.pi * 1.24 * time + 1)
        values = [
            50 + 0.005 * a * mode + b * forced + 0.001 * rng.standard_normal(len(mode))
            for a, b in ((1, 1), (-0.8, 0.5))
        ]
        found = report(*channels(values, 10.0), seconds=1200)
        line, *chance = [item for item in found.modes if item.origin is Origin.FORCED]
        more += len(chance)
        assert line.frequency_hz == pytest.approx(0.62, abs=1e-3)
        assert line.amplitude.value == pytest.approx(0.004, rel=0.15)
        assert line.harmonics >= 1
        assert line.damping_low_percent <= 0 <= line.damping_high_percent
        assert line.severity is Severity.WARNING
        assert any(abs(item.frequency_hz - 0.4) < 0.04 for item in found.modes if item.origin is Origin.AMBIENT)
    assert more <= 1


def test_forced__a_line_of_five_minutes_is_told_with_its_begin_and_end():
    time = np.arange(7200) / 10
    there = (time >= 240) & (time < 540)
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        swing = 0.004 * np.cos(2 * np.pi * 0.5 * time) * there
        values = [50 + 0.003 * driven(rng, 720, 10, 0.8, 0.08) + share * swing for share in (1.0, 0.4)]
        found = report(*channels(values, 10.0), seconds=720)
        [line] = [item for item in found.modes if item.origin is Origin.FORCED]
        assert line.frequency_hz == pytest.approx(0.5, abs=2e-3)
        assert line.amplitude.value == pytest.approx(0.004, rel=0.2)
        assert abs((line.start - NOON).total_seconds() - 240) <= 20
        assert abs((line.end - NOON).total_seconds() - 540) <= 20


def test_forced__a_damped_system_driven_at_its_side_by_a_sinusoid_and_noise():
    """The system is simulated, not assumed: its response to a periodic force is a line at the force's frequency."""
    rng = np.random.default_rng(3)
    rate, omega, damping = 50.0, 2 * np.pi * 0.5, 0.08
    time = np.arange(0, 700, 1 / rate)
    force = 0.4 * np.sign(np.sin(2 * np.pi * 0.8 * time)) + 6.0 * rng.standard_normal(len(time))
    state, swing = np.zeros(2), np.empty(len(time))
    for place, push in enumerate(force):
        speed = state[1] + (push - omega**2 * state[0] - 2 * damping * omega * state[1]) / rate
        state = np.array([state[0] + speed / rate, speed])
        swing[place] = speed
    kept = swing[int(100 * rate) :: 5]
    found = report(*channels([50 + 0.02 * kept], 10.0), seconds=600)
    lines = [item for item in found.modes if item.origin is Origin.FORCED]
    assert [pytest.approx(item.frequency_hz, abs=2e-3) for item in lines][:1] == [0.8]
    natural = [item for item in found.modes if item.origin is Origin.AMBIENT]
    assert natural[0].frequency_hz == pytest.approx(0.5, abs=0.03)
    assert natural[0].damping_low_percent <= 8.0 <= natural[0].damping_high_percent


def test_forced__a_swing_that_goes_through_a_disturbance_as_it_was_is_not_called_natural():
    trace = loss_of_generation(150, 50, at_s=50, kinetic_energy_mws=100_000, lost_mw=1000)
    time = np.arange(len(trace)) / 50
    trace = (
        trace + 0.005 * np.sin(2 * np.pi * 1.3 * time) + 0.0005 * np.random.default_rng(1).standard_normal(len(time))
    )
    found = report(*channels([trace], 50.0), seconds=150)
    near = [mode for mode in found.modes if abs(mode.frequency_hz - 1.3) < 0.05]
    assert [mode.origin for mode in near] == [Origin.UNCLEAR]


@pytest.mark.parametrize("damping", [0.01, 0.03])
def test_forced__a_poorly_damped_mode_is_not_taken_for_one(damping):
    lines = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        value = 50 + 0.01 * driven(rng, 600, 10, 0.5, damping) + 0.0005 * rng.standard_normal(6000)
        found = report(*channels([value], 10.0), seconds=600)
        lines += any(item.origin is Origin.FORCED for item in found.modes)
    assert lines <= 1


def test_event__rate_is_that_of_the_swing_equation_and_gives_the_inertia_back():
    """RoCoF = f0 dP / (2 E): 50 * 1000 / (2 * 100 000) = 0.25 Hz/s."""
    for seed in range(6):
        trace = loss_of_generation(180, 50, at_s=60, kinetic_energy_mws=100_000, lost_mw=1000)
        noisy = trace + 0.0005 * np.random.default_rng(seed).standard_normal(len(trace))
        found = report(*channels([noisy], 50.0), seconds=180, lost_mw=1000)
        [event] = found.events
        assert event.rate_hzps == pytest.approx(-0.25, abs=0.01)
        assert (event.start - NOON).total_seconds() == pytest.approx(60, abs=0.2)
        assert event.nadir_hz == pytest.approx(trace.min(), abs=0.003)
        assert event.nadir_s == pytest.approx(int(trace.argmin()) / 50 - 60, abs=0.5)
        assert event.settled_hz == pytest.approx(trace[80 * 50 : 112 * 50].mean(), abs=0.003)
        [inertia] = [item for item in found.inertia if item.basis is InertiaBasis.FREQUENCY_EVENT]
        assert inertia.kinetic_energy_mws == pytest.approx(100_000, rel=0.05)
        assert inertia.low_mws < inertia.kinetic_energy_mws < inertia.high_mws


def test_event__a_loss_of_load_has_a_zenith_and_one_at_a_border_of_pieces_is_told_once():
    for at_s in (60, 705, 715):
        trace = loss_of_generation(1420, 10, at_s=at_s, kinetic_energy_mws=100_000, lost_mw=-800)
        noisy = trace + 0.0005 * np.random.default_rng(1).standard_normal(len(trace))
        [event] = report(*channels([noisy], 10.0), seconds=1420).events
        assert event.nadir_hz == pytest.approx(trace.max(), abs=0.004)
        assert event.settled_hz is not None


def test_event__the_loss_has_to_fit_the_frequency():
    trace = loss_of_generation(180, 50, at_s=60, kinetic_energy_mws=100_000, lost_mw=1000)
    noisy = trace + 0.0005 * np.random.default_rng(1).standard_normal(len(trace))
    for arguments, reason in (({}, "not known"), ({"lost_mw": -1000}, "other way")):
        found = report(*channels([noisy], 50.0), seconds=180, **arguments)
        assert found.inertia == ()
        assert any(reason in item.reason for item in found.coverage.left_out if "event" in item.what)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(lambda _rng, count: np.zeros(count), id="zeros"),
        pytest.param(lambda _rng, count: np.full(count, 47.1), id="floor"),
        pytest.param(lambda rng, count: 50 + 2.0 * rng.standard_normal(count), id="noise"),
        pytest.param(lambda rng, count: 48.0 + 0.01 * rng.standard_normal(count), id="noise_after_collapse"),
    ],
)
def test_dead_feed__is_no_supply_and_never_a_frequency(after):
    rng = np.random.default_rng(2)
    alive = 50 + 0.002 * rng.standard_normal(3000)
    found = report(*channels([np.concatenate([alive, after(rng, 3000)])], 10.0), seconds=600)
    [feed] = found.feeds
    assert feed.state is FeedState.NO_SUPPLY
    assert feed.dead_readings >= 2985
    assert abs((feed.dead_from - NOON).total_seconds() - 300) < 2
    assert found.courses[0].lowest_hz == pytest.approx(50, abs=0.03)
    assert (found.events, found.modes) == ((), ())


def test_dead_feed__a_dead_voltage_at_the_same_element_takes_the_frequency_along():
    bus = ElementRef(kind=ElementKind.BUS, index=3)
    rng = np.random.default_rng(2)
    volts = np.concatenate([1 + 0.001 * rng.standard_normal(3000), 0.02 + 0.001 * rng.standard_normal(3000)])
    steady = 50 + 0.002 * rng.standard_normal(6000)
    found = report(
        series(Sensor(name="F", quantity="frequency", unit="hz", element=bus), NOON, 0.1, steady),
        series(Sensor(name="U", quantity="vm", unit="pu", element=bus), NOON, 0.1, volts),
        seconds=600,
    )
    assert {feed.subject.name: feed.dead_readings for feed in found.feeds} == {"F": 3000, "U": 3000}


def test_nominal__readings_of_the_other_system_are_no_dead_feed_and_the_contradiction_is_told():
    """case39 is a model of 60 Hz, whatever grid it stands for."""
    rng = np.random.default_rng(3)
    live = channels(50 + 0.002 * rng.standard_normal((1, 3000)), 10.0)
    found = report(*live, seconds=300, grids=_Grids())
    assert (found.nominal_hz, found.feeds[0].state) == (50.0, FeedState.LIVE)
    assert any("60 Hz" in item.reason and "50 Hz" in item.reason for item in found.coverage.left_out)
    assert report(*live, seconds=300, grids=_Grids(), nominal_hz=60).feeds[0].state is FeedState.NO_SUPPLY


class _Grids:
    def grid(self, at=None):
        del at
        return open_grid("case39")


def test_sampling__says_what_cannot_be_seen():
    rng = np.random.default_rng(1)
    found = report(series(frequency_sensor(), NOON, 4.0, 50 + 0.01 * rng.standard_normal(900)), seconds=3600)
    assert found.modes == ()
    assert found.feeds[0].visible_to_hz == pytest.approx(0.1)
    assert any("sampled every 4 s" in item.reason for item in found.coverage.left_out)
    assert (found.coverage.checked, found.coverage.solved) == (1, 0)


def test_sampling__gaps_wandering_times_and_times_that_stand_twice():
    rng = np.random.default_rng(4)
    count = 12_000
    times = np.arange(count) * 0.1 + rng.uniform(-0.04, 0.04, count)
    mode = np.interp(times, np.arange(count) * 0.1, driven(rng, count / 10, 10, 0.5, 0.05))
    value = 50 + 0.01 * mode + 0.0005 * rng.standard_normal(count)
    keep = (times < 300) | (times > 330)
    at_us = (NOON.timestamp() * 1e6 + np.clip(times, 0, None) * 1e6).astype(np.int64)[keep]
    value = value[keep]
    order = rng.permutation(len(at_us))
    at_us, value = np.append(at_us[order], at_us[-1]), np.append(value[order], value[-1])
    held = Series(frequency_sensor(), at_us, value, np.zeros(len(at_us), dtype=np.int8))
    found = report(held, seconds=1200)
    [feed] = found.feeds
    assert (feed.gaps, feed.repeated, feed.irregular) == (1, 1, True)
    assert feed.visible_to_hz == pytest.approx(2.0, rel=0.01)
    assert found.modes[0].frequency_hz == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("values", [[], [50.0], [np.nan] * 500, [50.0] * 500])
def test_bad_input__empty_single_missing_and_constant_series_give_a_clear_result(values):
    found = report(series(frequency_sensor(), NOON, 0.1, values), seconds=60)
    assert (found.modes, found.events) == ((), ())
    state = FeedState.FROZEN if len(values) == 500 and values[0] == 50.0 else None
    assert found.feeds[0].state is (state or (FeedState.LIVE if values == [50.0] else FeedState.EMPTY))


def test_bad_input__no_sensor_and_too_long_a_time():
    oil = Sensor(name="OT", quantity="top_oil_temperature", unit="celsius")
    with pytest.raises(SourceMissingError, match="frequency"):
        report(series(oil, NOON, 60, [40.0]), seconds=60)
    with pytest.raises(InvalidArgumentError, match="1 day"):
        report(series(frequency_sensor(), NOON, 1, [50.0]), seconds=timedelta(days=2).total_seconds())
    with pytest.raises(ValueError, match="h_s"):
        DetectOscillationsArguments(inertia=[{"unit": "gen:1", "h_s": 0}])
