"""Baselines by season and weather on the load of Victoria, beside the same hour of the days before.

Run as ``python -m benchmarks.detection.bench_baseline DATA [YEAR] [EVERY]``, the folder of public data. Every so many
days of the year a day is held against the 30, 60 or 90 days before it, with and without the air's temperature. Nobody
marked anomalies in this load, so all hours count as normal: heat waves as well, which a baseline without weather must
take for odd. Then each day is judged once more with four hours raised by 10 and by 20 %, begin drawn at random. The
rival takes mean and deviation of the same hour of the window's days and the normal law at the same rate. Exits with
1 when, with weather, more than five times the stated share of hours is beyond the bounds over all windows, or fewer
raised days are found than by the rival.
"""

import csv
import gzip
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

import holidays
import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from tools.detection.baseline.fit import FALSE_ALARM_RATE, Baseline
from tools.detection.baseline.hours import DAY_H, Hours, hours_of

Floats = NDArray[np.float64]
ZONE = "Australia/Melbourne"
WINDOWS = (30, 60, 90)
RAISED = (0.10, 0.20)
RAISED_H, LEAST_RUN = 4, 2
MOST_TIMES = 5.0


@dataclass
class Tally:
    """What one way of judging made of all days."""

    beyond: list[float] = field(default_factory=list)
    told: int = 0
    found: dict[float, int] = field(default_factory=lambda: dict.fromkeys(RAISED, 0))
    days: int = 0
    limit: list[float] = field(default_factory=list)
    seconds: float = 0.0


def read(data: Path) -> tuple[int, Floats, Floats]:
    """First hour since 1970, hourly means of demand (MW) and temperature (degC)."""
    with gzip.open(data / "load" / "vic_electricity.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    at = np.array([datetime.fromisoformat(row["Time"]).timestamp() for row in rows])
    hour = (at // 3600).astype(int)
    first = int(hour[0])
    number = np.bincount(hour - first)
    means = [
        np.bincount(hour - first, weights=[float(row[name]) for row in rows]) / number
        for name in ("Demand", "Temperature")
    ]
    return first, means[0], means[1]


def _runs(beyond: NDArray[np.bool_]) -> bool:
    return bool((beyond[1:] & beyond[:-1]).any())


def judge(tally: Tally, expected: Floats, limit: Floats, day: Floats, begin: int) -> None:
    """One day as it was, and raised."""
    beyond = np.abs(day - expected) > limit
    tally.beyond += beyond.tolist()
    tally.told += _runs(beyond)
    tally.days += 1
    tally.limit.append(float(np.mean(limit) / np.mean(day)))
    for size in RAISED:
        raised = day.copy()
        raised[begin : begin + RAISED_H] *= 1.0 + size
        part = slice(begin, begin + RAISED_H)
        tally.found[size] += _runs((np.abs(raised - expected) > limit)[part])


def rival(window: Hours, hours: Hours) -> tuple[Floats, Floats]:
    """Mean of the same hour and what the normal law allows around it."""
    same = [window.value[window.hour == hour] for hour in hours.hour]
    wide = norm.isf(FALSE_ALARM_RATE / 2.0)
    return np.array([one.mean() for one in same]), np.array([wide * one.std() for one in same])


def main(data: Path, year: int = 2014, every: int = 5) -> bool:
    """Print the table; True when the promise is kept."""
    first, load, air = read(data)
    calendar = holidays.country_holidays("AU", subdiv="VIC")
    start = int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // 3600 - first
    rng = np.random.default_rng(year)
    tallies: dict[tuple[str, int], Tally] = {}
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days - 1
    for origin in range(start, start + length * DAY_H, every * DAY_H):
        begin = int(rng.integers(0, DAY_H - RAISED_H))
        for days in WINDOWS:
            part = slice(max(0, origin - days * DAY_H), origin + DAY_H)
            for name, weather in (("with weather", air[part]), ("without", None)):
                hours = hours_of(first + part.start, load[part], weather, ZONE, calendar)
                tally = tallies.setdefault((name, days), Tally())
                started = perf_counter()
                baseline = Baseline(hours.part(slice(0, len(hours) - DAY_H)))
                expected = baseline.expected(hours)[-DAY_H:]
                tally.seconds += perf_counter() - started
                judge(tally, expected, np.full(DAY_H, baseline.spread.limit), hours.value[-DAY_H:], begin)
            window, day = hours.part(slice(0, len(hours) - DAY_H)), hours.part(slice(len(hours) - DAY_H, None))
            judge(tallies.setdefault(("same hour", days), Tally()), *rival(window, day), day.value, begin)
    return _show(tallies)


def _show(tallies: dict[tuple[str, int], Tally]) -> bool:
    print(
        f"{'judged by':14}{'days':>5}{'beyond, %':>11}{'days told':>11}{'found +10 %':>13}{'found +20 %':>13}"
        f"{'bound, %':>10}{'s a day':>9}"
    )
    for (name, days), tally in sorted(tallies.items()):
        shares = "".join(f"{f'{100 * tally.found[size] / tally.days:.0f} %':>13}" for size in RAISED)
        print(
            f"{name:14}{days:5}{100 * np.mean(tally.beyond):11.2f}{f'{tally.told} of {tally.days}':>11}{shares}"
            f"{100 * np.mean(tally.limit):10.1f}{tally.seconds / tally.days:9.2f}"
        )
    ours = [tallies["with weather", days] for days in WINDOWS]
    theirs = [tallies["same hour", days] for days in WINDOWS]
    beyond = float(np.mean([one for tally in ours for one in tally.beyond]))
    found, rivals = (sum(sum(tally.found.values()) for tally in group) for group in (ours, theirs))
    return beyond <= MOST_TIMES * FALSE_ALARM_RATE and found > rivals


if __name__ == "__main__":
    sys.exit(0 if main(Path(sys.argv[1]), *map(int, sys.argv[2:])) else 1)
