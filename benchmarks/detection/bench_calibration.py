"""How often normal readings are called unusual, beside the rate that is stated: groups, lone sensors, other methods.

Run as ``python -m benchmarks.detection.bench_calibration [SEEDS]``. Nothing is wrong in any of these days: two days of
minutes are learnt from, the third is judged. White noise, noise that remembers (autoregressive, 0.9), a daily course,
and heavy tails (Student's law, 4 degrees of freedom). The reference is each sensor's own mean and deviation with the
normal law at the same rate. Exits with 1 when more than three times the stated share of rows is called unusual, over
all kinds of days, by the charts or by the lone sensors.
"""

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.stats import norm

from tools.detection.opinion.method import METHODS
from tools.detection.opinion.opinion import Opinion
from tools.detection.streaming.detector import StreamingDetector
from tools.detection.streaming.fitting import fit_model
from tools.detection.streaming.limits import FALSE_ALARM_RATE
from tools.detection.streaming.lone_watch import LoneWatch, watch
from tools.detection.streaming.single import FALSE_ALARM_RATE as LONE_RATE

Floats = NDArray[np.float64]
SENSORS, PAST, DAY = 8, 2880, 1440
STEP_US = 60_000_000
MOST_TIMES = 3.0
FIRST_SEED = 500
"""Days that nobody developed on."""
AT_US = np.arange(PAST + DAY, dtype=np.int64) * STEP_US


def _white(rng: np.random.Generator) -> Floats:
    return rng.normal(size=(PAST + DAY, SENSORS))


def _remembering(rng: np.random.Generator) -> Floats:
    lead = 200
    course = lfilter([1.0], [1.0, -0.9], rng.normal(size=(PAST + DAY + lead, SENSORS)), axis=0)
    return np.asarray(course[lead:], dtype=np.float64)


def _daily(rng: np.random.Generator) -> Floats:
    course = 2.0 * np.sin(2 * np.pi * np.arange(PAST + DAY) / DAY)
    return course[:, None] + rng.normal(size=(PAST + DAY, SENSORS))


def _heavy(rng: np.random.Generator) -> Floats:
    return rng.standard_t(4, size=(PAST + DAY, SENSORS))


WORLDS: dict[str, Callable[[np.random.Generator], Floats]] = {
    "white noise": _white,
    "remembering": _remembering,
    "daily course": _daily,
    "heavy tails": _heavy,
}


def charts(rows: Floats) -> tuple[float, float]:
    """Share of rows in alarm, and the plain rule's."""
    model = fit_model([str(number) for number in range(SENSORS)], AT_US[:PAST], rows[:PAST])
    detector = StreamingDetector(model)
    told = [detector.update(int(at), row).alarm for at, row in zip(AT_US, rows, strict=True)]
    wide = norm.isf(FALSE_ALARM_RATE / 2 / SENSORS)
    apart = np.abs(rows[PAST:] - rows[:PAST].mean(axis=0)) / rows[:PAST].std(axis=0)
    return float(np.mean(told[PAST:])), float(np.mean((apart > wide).any(axis=1)))


def lone(values: Floats) -> tuple[float, float]:
    """Episodes of a lone sensor per value, and values beyond the plain rule."""
    judge = LoneWatch("x")
    judge.learn(AT_US[:PAST], values[:PAST], STEP_US)
    later = zip(AT_US[PAST:].tolist(), values[PAST:].tolist(), strict=True)
    told = len(list(watch("x", later, int(AT_US[-1]), judge)))
    apart = np.abs(values[PAST:] - values[:PAST].mean()) / values[:PAST].std()
    return told / DAY, float(np.mean(apart > norm.isf(LONE_RATE / 2)))


def main(seeds: int = 10) -> bool:
    """Print the table; True when the promise is kept."""
    print(f"{'days of':14}{'judged by':24}{'stated, %':>11}{'measured, %':>13}{'plain rule, %':>15}")
    sums: dict[str, list[float]] = {"charts": [], "lone": []}
    for world, make in WORLDS.items():
        held = [make(np.random.default_rng(FIRST_SEED + seed)) for seed in range(seeds)]
        for name, stated, results in (
            ("charts", FALSE_ALARM_RATE, [charts(rows) for rows in held]),
            ("lone", LONE_RATE, [lone(rows[:, at]) for rows in held for at in range(SENSORS)]),
        ):
            measured, plain = np.mean(results, axis=0)
            sums[name].append(float(measured))
            print(f"{world:14}{name:24}{100 * stated:11.3f}{100 * measured:13.3f}{100 * plain:15.3f}", flush=True)
        for method in METHODS:
            opinions = [Opinion(method, rows[:PAST]) for rows in held]
            beyond = [(one.chance(rows[PAST:]) <= one.rate).mean() for one, rows in zip(opinions, held, strict=True)]
            print(f"{world:14}{method:24}{100 * opinions[0].rate:11.3f}{100 * np.mean(beyond):13.3f}", flush=True)
    return bool(
        np.mean(sums["charts"]) <= MOST_TIMES * FALSE_ALARM_RATE and np.mean(sums["lone"]) <= MOST_TIMES * LONE_RATE
    )


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
