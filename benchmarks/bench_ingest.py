"""How many readings a second are accepted and checked, and how fast they are read back; one process, embedded store.

Budgets (design, section 9): bulk at least 20,000 readings a second; the history of one sensor over 30 days at one value
a minute in at most 50 ms, here next to as many other rows as ``GRIDCREW_BENCH_ROWS`` says (2 million when absent: the
key makes the rest of the table no part of the work).
"""

from __future__ import annotations

import csv
import os
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
from sqlalchemy import Engine

from orchestrator.ingest.ingest import ingest
from orchestrator.ingest.of_grid import OfGrid
from orchestrator.store.engine import open_engine, sqlite_url
from orchestrator.store.migrate import upgrade
from orchestrator.store.stored_telemetry import StoredTelemetry
from orchestrator.store.write_series import write_series
from tools.telemetry.moments import to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

DAY = datetime(2026, 3, 10, tzinfo=UTC)
LATER = DAY + timedelta(days=400)
SENSORS, MINUTES, HISTORY = 300, 1_440, 43_200
BUDGET_PER_S = 20_000
BUDGET_DAY_S = 0.5
BUDGET_HISTORY_S = 0.05
MAPPING = """
format: {format}
time: {{column: time, zone: UTC}}
{rest}
"""


def minutes(name: str, count: int, start: datetime = DAY) -> Series:
    """Readings of one sensor, one a minute."""
    at_us = to_us(start) + np.arange(count, dtype=np.int64) * 60_000_000
    value = np.random.default_rng(len(name)).normal(100, 5, count)
    return Series(Sensor(name=name, grid="demo", quantity="p", unit="mw"), at_us, value, np.zeros(count, np.int8))


def write_wide(folder: Path) -> tuple[Path, Path]:
    """A day of 100 sensors, one column each, with ranges to be checked."""
    names = [f"wide{i}" for i in range(100)]
    file, mapping = folder / "wide.csv", folder / "wide.yaml"
    with file.open("w", newline="") as text:
        out = csv.writer(text)
        out.writerow(["time", *names])
        values = np.random.default_rng(1).normal(100, 5, (MINUTES, len(names)))
        for minute, row in enumerate(values.tolist()):
            out.writerow([(DAY + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M:%S"), *row])
    columns = "\n".join(f"  {name}: {{quantity: p, unit: mw, lowest: 0, highest: 115}}" for name in names)
    mapping.write_text(MAPPING.format(format="wide", rest=f"columns:\n{columns}"))
    return file, mapping


def write_long(folder: Path) -> tuple[Path, Path]:
    """The same as one row a reading."""
    file, mapping = folder / "long.csv", folder / "long.yaml"
    with file.open("w", newline="") as text:
        out = csv.writer(text)
        out.writerow(["time", "tag", "value"])
        values = np.random.default_rng(2).normal(100, 5, (MINUTES, 100))
        for minute, row in enumerate(values.tolist()):
            at = (DAY + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M:%S")
            out.writerows([at, f"long{i}", value] for i, value in enumerate(row))
    sensors = "\n".join(f"  long{i}: {{quantity: p, unit: mw}}" for i in range(100))
    rest = f"sensor_column: tag\nvalue_column: value\nsensors:\n{sensors}"
    mapping.write_text(MAPPING.format(format="long", rest=rest))
    return file, mapping


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Median time of a piece of work, after one round to warm up."""
    work()
    times = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return statistics.median(times)


def rates(engine: Engine, folder: Path) -> dict[str, float]:
    """Readings a second by way into the store."""
    found = {}
    day = [minutes(f"load{i}.p", MINUTES) for i in range(SENSORS)]
    for name in ("series", "series once more"):
        started = perf_counter()
        write_series(engine, day)
        found[name] = SENSORS * MINUTES / (perf_counter() - started)
    for make in (write_wide, write_long):
        file, mapping = make(folder)
        for again in ("", " once more"):
            started = perf_counter()
            report = ingest(engine, file, mapping, folder / "rejects", LATER, OfGrid("demo"))
            found[f"{file.name}{again}"] = report.values / (perf_counter() - started)
    return found


def reads(engine: Engine) -> dict[str, float]:
    """Seconds by kind of reading back."""
    more = int(os.environ.get("GRIDCREW_BENCH_ROWS", "2000000"))
    write_series(engine, (minutes(f"past{i}", 100_000) for i in range(more // 100_000)))
    write_series(engine, [minutes("history", HISTORY)])
    source = StoredTelemetry(engine, "demo", LATER)
    day = [f"load{i}.p" for i in range(SENSORS)]
    end = DAY + timedelta(days=1)
    return {
        f"day of {SENSORS} sensors": seconds(lambda: StoredTelemetry(engine, "demo", LATER).series(day, DAY, end)),
        f"history of {HISTORY} readings": seconds(
            lambda: source.series(["history"], DAY, DAY + timedelta(days=30)), rounds=20
        ),
        f"latest of {SENSORS} sensors": seconds(lambda: source.latest(day, end)),
        "extent of all": seconds(source.extent),
    }


def main() -> bool:
    """Print the table; True when the budgets hold."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "gridcrew.db"))
        upgrade(engine)
        rate, read = rates(engine, Path(folder)), reads(engine)
        engine.dispose()
    for name, per_s in rate.items():
        print(f"ingest {name}: {per_s:,.0f} readings/s (budget {BUDGET_PER_S:,})")
    budgets = dict.fromkeys(read, float("inf")) | dict(zip(read, (BUDGET_DAY_S, BUDGET_HISTORY_S), strict=False))
    for name, duration in read.items():
        print(f"read {name}: {duration * 1e3:.1f} ms (budget {budgets[name] * 1e3:.0f} ms)")
    return min(rate.values()) >= BUDGET_PER_S and all(read[name] <= budgets[name] for name in read)


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
