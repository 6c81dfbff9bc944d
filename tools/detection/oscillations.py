"""The tool ``detect_oscillations``: modes, frequency events and inertia in samples of some per second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

import numpy as np
from threadpoolctl import threadpool_limits

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.detection.oscillation.ambient import LEAST_S as AMBIENT_S
from tools.detection.oscillation.even import BANDWIDTH
from tools.detection.oscillation.feeds import Live, Watch, is_frequency, nominal_volts, pieces, read_piece
from tools.detection.oscillation.inertia import from_event, from_units
from tools.detection.oscillation.nominal import nominal_frequency
from tools.detection.oscillation.reporting import merged_modes, mode_order
from tools.detection.oscillation.slow_modes import slow_modes
from tools.detection.oscillation.study import LOWEST_HZ, Swing, study
from tools.detection.oscillation.traces import FrequencyTraces
from tools.detection.schema.oscillations import (
    DetectOscillationsArguments,
    Feed,
    FeedState,
    FrequencyEvent,
    OscillationReport,
    SystemInertia,
)
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.grid.grid import Grid
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.selection import choose_sensors

LONGEST = timedelta(days=1)
_MOST_SENSORS = 60
_ROWS = 20
_FEEDS = 100
_SWINGING = frozenset({"frequency", "f", "va", "angle", "vm", "p", "q", "i"})


def detect_oscillations(ctx: ToolContext, args: DetectOscillationsArguments) -> OscillationReport:
    """Find what swings, how the frequency went, and what the sampling hides.

    Raises:
        SourceMissingError: without telemetry, or without any sensor of frequency, angle, voltage, power or current.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a choice of sensors that is not there, a
            span of more than a day, or units that the grid does not have.
    """
    telemetry = ctx.need_telemetry()
    chosen = _chosen(telemetry.sensors(), args)
    start, end = args.span(ctx.clock)
    if end - start > LONGEST:
        raise InvalidArgumentError(f"start = {start.isoformat()}: the span is {end - start}; 1 day would be right")
    grid = ctx.loaded_grid() if ctx.grids is not None else None
    looked_at, crowd = _bounded(chosen)
    nominal_hz, doubt = nominal_frequency(telemetry, looked_at, (start, end), grid, args.nominal_hz)
    watched = {sensor.name: Watch(sensor) for sensor in looked_at}
    volts = nominal_volts(looked_at, _bus_kv(grid))
    traces = FrequencyTraces(args.event_hz)
    swings: list[Swing] = []
    # the matrices are small: more threads only wait for each other
    with threadpool_limits(limits=1, user_api="blas"):
        for span in pieces(start, end):
            live = read_piece(telemetry, watched, span, nominal_hz, volts)
            traces.add([item for item in live if is_frequency(item.sensor)])
            for group in _groups(live):
                swings += study(group)
    feeds = _feeds(watched.values())
    events = traces.events()
    inertia, unknown = _inertia(grid, args, events, nominal_hz)
    with threadpool_limits(limits=1, user_api="blas"):
        slow = slow_modes(ctx, {sensor.name for sensor in chosen}, start, end)
    modes = sorted((*merged_modes(swings), *slow.modes), key=mode_order)
    page = modes[args.offset : args.offset + args.limit]
    courses = traces.courses()
    return OscillationReport(
        start=start,
        end=end,
        nominal_hz=nominal_hz,
        sensors=len(chosen),
        readings=sum(item.readings for item in watched.values()),
        looked_at=len(looked_at),
        passed_over=len(chosen) - len(looked_at),
        live_sensors=sum(item.live > 0 for item in watched.values()),
        fast_sensors=sum(item.live > 0 and _is_fast(item.feed(BANDWIDTH)) for item in watched.values()),
        frequency_sensors=sum(is_frequency(sensor) for sensor in looked_at),
        slow_sensors=slow.sensors,
        slow_to_hz=slow.visible_to_hz,
        modes=tuple(page),
        omitted=len(modes) - len(page),
        events=tuple(events[:_ROWS]),
        events_omitted=max(0, len(events) - _ROWS),
        courses=tuple(courses[:_ROWS]),
        courses_omitted=max(0, len(courses) - _ROWS),
        inertia=inertia,
        feeds=tuple(feeds[:_FEEDS]),
        feeds_omitted=max(0, len(feeds) - _FEEDS),
        coverage=_coverage(feeds, [*crowd, *doubt, *unknown], (end - start).total_seconds()),
        simulated=any(sensor.simulated for sensor in chosen),
    )


def _chosen(known: Sequence[Sensor], args: DetectOscillationsArguments) -> tuple[Sensor, ...]:
    chosen = choose_sensors(known, args.sensors, args.elements, args.quantities)
    if args.sensors:
        return chosen
    swinging = tuple(sensor for sensor in chosen if sensor.quantity in _SWINGING)
    if not swinging:
        raise SourceMissingError("sensor of frequency, angle, voltage, power or current")
    return swinging


def _bounded(chosen: Sequence[Sensor]) -> tuple[list[Sensor], list[LeftOut]]:
    """At most some dozens of sensors of each quantity, so that memory is bounded; frequency has no slower rival."""
    kept: list[Sensor] = []
    passed = 0
    by_quantity: dict[str, list[Sensor]] = defaultdict(list)
    for sensor in chosen:
        by_quantity[sensor.quantity].append(sensor)
    for sensors in by_quantity.values():
        fastest = sorted(sensors, key=lambda sensor: sensor.period_s or 0.0)
        kept += fastest[:_MOST_SENSORS]
        passed += len(fastest[_MOST_SENSORS:])
    reason = "more sensors of a quantity than are looked at together; name those that matter"
    return kept, [LeftOut(what="sensors", count=passed, reason=reason)] if passed else []


def _groups(live: Iterable[Live]) -> list[list[Live]]:
    """Sensors of one quantity with periods within a fifth of each other, fast enough to show a mode."""
    groups: dict[tuple[str, str, int], list[Live]] = defaultdict(list)
    for item in live:
        period = item.sampled.period_s
        if period is not None and (item.sampled.visible_to_hz or 0.0) >= 2 * LOWEST_HZ:
            groups[item.sensor.quantity, item.sensor.unit, round(5 * float(np.log(period)))].append(item)
    return list(groups.values())


def _bus_kv(grid: Grid | None) -> dict[str, float]:
    return {} if grid is None else {f"bus:{index}": float(kv) for index, kv in grid.net.bus.vn_kv.items()}


def _inertia(
    grid: Grid | None, args: DetectOscillationsArguments, events: Sequence[FrequencyEvent], nominal_hz: float
) -> tuple[tuple[SystemInertia, ...], list[LeftOut]]:
    by_units, unknown = from_units(grid.net if grid else None, args.inertia)
    by_event = from_event(events[0] if events else None, args.lost_mw, nominal_hz)
    found = [by_units] if by_units else []
    if isinstance(by_event, SystemInertia):
        found.append(by_event)
    else:
        unknown.append(by_event)
    return tuple(found), unknown


def _feeds(watched: Iterable[Watch]) -> list[Feed]:
    """Those with troubles first, then the slowest."""
    rank = {FeedState.NO_SUPPLY: 0, FeedState.FROZEN: 1, FeedState.EMPTY: 2, FeedState.LIVE: 3}
    feeds = [watch.feed(BANDWIDTH) for watch in watched]
    return sorted(feeds, key=lambda feed: (rank[feed.state], -(feed.period_s or 0.0), feed.subject.name))


def _is_fast(feed: Feed) -> bool:
    """Whether electromechanical modes can be seen in it."""
    return (feed.visible_to_hz or 0.0) >= 2 * LOWEST_HZ


def _coverage(feeds: Sequence[Feed], left_out: Sequence[LeftOut], length_s: float) -> Coverage:
    found = list(left_out)
    empty = sum(feed.state is FeedState.EMPTY for feed in feeds)
    if empty:
        found.append(LeftOut(what="sensors", count=empty, reason="no reading in the time"))
    slow: dict[tuple[float, float], int] = defaultdict(int)
    for feed in feeds:
        if feed.period_s is not None and feed.visible_to_hz is not None:
            slow[feed.period_s, feed.visible_to_hz] += 1
    for (period, visible), count in sorted(slow.items(), reverse=True)[:5]:
        reason = f"sampled every {period:.3g} s: modes above {visible:.3g} Hz cannot be seen"
        if visible < 2 * LOWEST_HZ:
            reason = f"sampled every {period:.3g} s: no electromechanical mode can be seen, only swings of minutes"
        found.append(LeftOut(what="sensors", count=count, reason=reason))
    dead = sum(feed.dead_readings for feed in feeds)
    if dead:
        reason = "no supply, or frozen: no measurement of a live grid"
        found.append(LeftOut(what="readings", count=dead, reason=reason))
    if length_s < AMBIENT_S:
        reason = f"the time is {length_s:.0f} s: damping without a disturbance needs {AMBIENT_S:.0f} s"
        found.append(LeftOut(what="ambient modes", count=1, reason=reason))
    read = [feed for feed in feeds if feed.readings]
    fast = [feed for feed in read if _is_fast(feed)]
    return Coverage(checked=len(read), solved=len(fast), left_out=tuple(found))
