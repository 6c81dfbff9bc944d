"""Sensors, alarms and messages that a suite plants on its day, with the truth about them; no tool involved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from orchestrator.demoday.clock import DAY, MINUTE_US, at_minute
from orchestrator.demoday.truth import Truth
from orchestrator.scenarios.scanning import scanned
from orchestrator.simulation.measuring import GOOD
from orchestrator.simulation.messages import ordinary
from tools.telemetry.moments import to_us
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from evals.day_needs import AlarmBurst, DayNeeds, MessageTraffic, PlantedSensor, PlantedTrouble

_EARLIER = timedelta(days=1)


def planted_series(one: PlantedSensor, seed: int) -> Series:
    """Level, daily course, noise, and the troubles on top."""
    sensor = Sensor(
        name=one.name,
        quantity=one.quantity,
        unit=one.unit,
        period_s=one.period_s if one.declares_period else None,
        stale_after_s=max(300.0, 5 * one.period_s),
        grid="demo",
        simulated=True,
    )
    step_us = round(one.period_s * 1e6)
    at_us = np.arange(
        to_us(DAY) + one.from_min * MINUTE_US, to_us(DAY) + one.until_min * MINUTE_US, step_us, dtype=np.int64
    )
    minute = (at_us - to_us(DAY)) / MINUTE_US
    chance = np.random.default_rng([seed, crc32(one.name.encode())])
    value = one.level + one.daily * np.sin(2 * np.pi * minute / 1440) + one.noise * chance.standard_normal(len(at_us))
    for trouble in one.troubles:
        value += _course(trouble, minute)
    return Series(sensor, at_us, value, np.full(len(at_us), GOOD, dtype=np.int8))


def _course(trouble: PlantedTrouble, minute: NDArray[np.float64]) -> NDArray[np.float64]:
    during = (minute >= trouble.from_min) & (minute < trouble.until_min)
    since = minute - trouble.from_min
    shape = np.ones_like(minute)
    if trouble.kind == "drift":
        shape = since / (trouble.until_min - trouble.from_min)
    elif trouble.kind == "oscillation":
        shape = np.sin(2 * np.pi * trouble.frequency_hz * 60.0 * since)
    course: NDArray[np.float64] = trouble.size * np.where(during, shape, 0.0)
    return course


def planted_truths(needs: DayNeeds) -> Iterator[Truth]:
    """What is wrong with the planted sensors, and the scan."""
    if needs.traffic is not None:
        scan = needs.traffic.scan_min
        yield Truth("unknown_command", f"host:{needs.traffic.scanner}", at_minute(scan), at_minute(scan + 1), "cyber")
    for one in needs.planted:
        for trouble in one.troubles:
            yield Truth(
                trouble.told or trouble.kind,
                f"sensor:{one.name}",
                at_minute(trouble.from_min),
                at_minute(trouble.until_min),
                "cyber",
            )


def planted_logs(needs: DayNeeds) -> tuple[LogEntry, ...]:
    """Alarms and messages, in order of time."""
    found = [entry for burst in needs.alarms for entry in _alarms(burst)]
    if needs.traffic is not None:
        found += _messages(needs.traffic, needs.seed)
    return tuple(sorted(found, key=lambda entry: entry.at))


def _alarms(burst: AlarmBurst) -> Iterator[LogEntry]:
    for number in range(burst.count):
        yield LogEntry(
            id=f"planted-alarm-{burst.host}-{burst.from_min}-{number:04d}",
            kind=LogKind.ALARM,
            at=at_minute(burst.from_min) + timedelta(seconds=number * burst.every_s),
            host=burst.host,
            action="raise",
            text=f"{burst.host}: {burst.text}",
        )


def _messages(traffic: MessageTraffic, seed: int) -> list[LogEntry]:
    """Hours of normal traffic on the day before and on the day, and one machine that scans."""
    chance = np.random.default_rng([seed, crc32(b"messages")])
    start, last = at_minute(traffic.from_min), at_minute(traffic.until_min)
    messages = [*ordinary(start - _EARLIER, last - _EARLIER, chance), *ordinary(start, last, chance)]
    messages += scanned(at_minute(traffic.scan_min), traffic.scanner, (10, traffic.scan_messages, 60.0), chance)
    messages.sort(key=lambda item: item.at)
    return [item.as_entry("demo", number) for number, item in enumerate(messages)]
