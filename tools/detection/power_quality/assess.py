"""The tool ``assess_power_quality``: voltage, frequency, unbalance and harmonics against the limits of the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.detection.oscillation.even import Sampled, sample
from tools.detection.oscillation.nominal import nominal_frequency
from tools.detection.oscillation.supply import RANGE_HZ
from tools.detection.power_quality.dips import EventFinder, Excursion, count_events
from tools.detection.power_quality.means import Moments, aggregate
from tools.detection.power_quality.places import LOW_VOLTAGE_KV, Place, find_places
from tools.detection.power_quality.readings import DEAD_PU, Figure, figure_of
from tools.detection.power_quality.rows import assessment_row, event_row, power_factor_row, ranked
from tools.detection.power_quality.tally import Tally
from tools.detection.schema.power_quality import AssessPowerQualityArguments, PowerQuality, QualityVerdict
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.limits import LimitTable, QualityQuantity
from tools.telemetry.moments import SECOND_US
from tools.telemetry.selection import choose_sensors

LONGEST = timedelta(days=366)
PIECE = timedelta(days=1)
EVENT_PERIOD_S = 10.0
"""Slower voltages show no dip: a minute is the longest that one lasts."""
TEN_CYCLES_S = 0.2
_TEN_MINUTES_S = 600.0
_EVENTS, _ROWS = 50, 20
_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(eq=False)
class Record:
    """What is kept of one place while the time is read."""

    place: Place
    tallies: list[Tally]
    events: list[Excursion] = field(default_factory=list)
    finder: EventFinder = field(default_factory=EventFinder)
    period_s: float = 0.0
    factors: list[tuple[int, float]] = field(default_factory=list)


def assess_power_quality(ctx: ToolContext, args: AssessPowerQualityArguments) -> PowerQuality:
    """Hold the quality of supply against its limits; a time shorter than the standard's is never called kept.

    Raises:
        SourceMissingError: without telemetry, or without any sensor of power quality.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a choice of sensors that is not there, or
            a span of more than a year.
    """
    telemetry = ctx.need_telemetry()
    chosen = choose_sensors(telemetry.sensors(), args.sensors, args.elements)
    start, end = args.span(ctx.clock)
    if end - start > LONGEST:
        raise InvalidArgumentError(f"start = {start.isoformat()}: the span is {end - start}; 366 days would be right")
    grid = ctx.loaded_grid() if ctx.grids is not None else None
    nominal_hz, doubt = nominal_frequency(telemetry, chosen, (start, end), grid, args.nominal_hz)
    bus_kv = {f"bus:{index}": float(kv) for index, kv in grid.net.bus.vn_kv.items()} if grid else {}
    places, untold = find_places(chosen, bus_kv, args.declared_kv, nominal_hz)
    if not places:
        raise SourceMissingError("sensor of voltage, frequency, unbalance, harmonics or power factor")
    records = [Record(place, _tallies(place, ctx.limits)) for place in places]
    names = sorted({sensor.name for place in places for sensor in place.sensors})
    readings: Counter[str] = Counter()
    for span in _pieces(start, end):
        series = telemetry.series(names, *span)
        taken = {name: sample(series[name]) for name in names}
        readings.update({name: len(item.at_us) for name, item in taken.items()})
        for record in records:
            _note(record, taken, nominal_hz)
    for record in records:
        record.events += record.finder.lasting()
    rows = ranked([assessment_row(item.place, tally) for item in records for tally in item.tallies if tally.means])
    events = [event_row(item.place, event, item.period_s) for item in records for event in item.events]
    events.sort(key=lambda event: (-event.depth_percent, event.start))
    factors = [power_factor_row(item.place, item.factors, args.power_factor_min) for item in records if item.factors]
    factors.sort(key=lambda row: row.lowest)
    verdicts = Counter(row.verdict for row in rows)
    page = rows[args.offset : args.offset + args.limit]
    return PowerQuality(
        start=start,
        end=end,
        nominal_hz=nominal_hz,
        sensors=len(names),
        readings=readings.total(),
        assessments=tuple(page),
        omitted=len(rows) - len(page),
        broken=verdicts[QualityVerdict.BROKEN],
        kept=verdicts[QualityVerdict.KEPT],
        undecided=verdicts[QualityVerdict.KEPT_SO_FAR] + verdicts[QualityVerdict.BROKEN_SO_FAR],
        events=tuple(events[:_EVENTS]),
        events_omitted=max(0, len(events) - _EVENTS),
        counts=count_events([event for item in records for event in item.events]) if _fast(records) else (),
        power_factors=tuple(factors[:_ROWS]),
        coverage=Coverage(
            checked=len(places),
            solved=sum(any(tally.means for tally in item.tallies) for item in records),
            left_out=(*_missing(records, readings), *_coarse(records), *_untold(untold), *doubt),
        ),
        simulated=any(sensor.simulated for sensor in chosen),
    )


def _tallies(place: Place, limits: LimitTable) -> list[Tally]:
    """The limits that hold at a place; frequency and what no bus tells is judged as low voltage, which is the same."""
    kv = place.declared_kv if place.declared_kv is not None else LOW_VOLTAGE_KV
    if place.quantity is QualityQuantity.FREQUENCY:
        kv = LOW_VOLTAGE_KV
    return [
        Tally(limit, -np.inf if limit.low is None else limit.low, np.inf if limit.high is None else limit.high)
        for limit in limits.quality
        if limit.quantity is place.quantity
        and limit.order == place.order
        and limit.vn_from_kv <= kv < limit.vn_below_kv
    ]


def _pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Whole days on the clock, so that no mean is cut; each ends a microsecond before the next."""
    begin = start
    while begin < end:
        midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0) + PIECE
        stop = min(midnight, end)
        yield begin, end if stop == end else stop - timedelta(microseconds=1)
        begin = stop


def _note(record: Record, taken: Mapping[str, Sampled], nominal_hz: float) -> None:
    place = record.place
    figure = figure_of(place, taken)
    if figure is None:
        return
    record.period_s = max(record.period_s, figure.period_s)
    flagged: Moments = _NOTHING
    if place.quantity is QualityQuantity.VOLTAGE:
        figure, flagged = _voltage(record, figure)
    if place.quantity is QualityQuantity.FREQUENCY:
        near = np.abs(figure.value - 1.0) * nominal_hz <= RANGE_HZ
        figure = Figure(figure.at_us[near], figure.value[near], figure.period_s)
    if place.quantity is None:
        found = aggregate(figure.at_us, figure.value, _TEN_MINUTES_S, figure.period_s, square=False)
        record.factors += zip(found.slot.tolist(), found.value.tolist(), strict=True)
    for tally in record.tallies:
        if figure.period_s <= tally.limit.mean_s:
            square = place.quantity is QualityQuantity.VOLTAGE
            found = aggregate(figure.at_us, figure.value, tally.limit.mean_s, figure.period_s, square=square)
            tally.add(found, flagged)


def _voltage(record: Record, figure: Figure) -> tuple[Figure, Moments]:
    """Events are kept; the ten-minute means that they lie in are flagged, and what is dead is no voltage."""
    flagged: list[int] = []
    if figure.period_s <= EVENT_PERIOD_S:
        ended = record.finder.add(figure.at_us, figure.value)
        record.events += ended
        length = round(_TEN_MINUTES_S * SECOND_US)
        for event in (*ended, *record.finder.lasting()):
            flagged += range(event.start_us // length, event.end_us // length + 1)
    alive = figure.value >= DEAD_PU
    kept = Figure(figure.at_us[alive], figure.value[alive], figure.period_s)
    return kept, np.array(sorted(set(flagged)), dtype=np.int64)


def _fast(records: Sequence[Record]) -> bool:
    return any(
        item.place.quantity is QualityQuantity.VOLTAGE and 0 < item.period_s <= EVENT_PERIOD_S for item in records
    )


def _untold(untold: Sequence[object]) -> list[LeftOut]:
    reason = "their declared voltage is not known; declared_kv would tell it"
    return [LeftOut(what="voltages", count=len(untold), reason=reason)] if untold else []


def _missing(records: Sequence[Record], readings: Mapping[str, int]) -> Iterator[LeftOut]:
    """What has no sensor, no reading, or no limit in the library."""
    there = {item.place.quantity for item in records}
    for quantity in QualityQuantity:
        if quantity not in there:
            yield LeftOut(what=str(quantity), count=1, reason="no sensor measures it")
    if None not in there:
        yield LeftOut(what="power factor", count=1, reason="no sensor measures it")
    empty = sum(not any(readings[sensor.name] for sensor in item.place.sensors) for item in records)
    if empty:
        yield LeftOut(what="places", count=empty, reason="no reading in the time")
    unlimited = [item for item in records if item.place.quantity is not None and not item.tallies]
    if unlimited:
        reason = "the library has no limit for their voltage level or order"
        yield LeftOut(what="places", count=len(unlimited), reason=reason)


def _coarse(records: Sequence[Record]) -> Iterator[LeftOut]:
    """What the sampling is too slow for."""
    slow = Counter(
        (str(tally.limit.quantity), tally.limit.mean_s, item.period_s)
        for item in records
        for tally in item.tallies
        if item.period_s > tally.limit.mean_s
    )
    for (limited, mean_s, period_s), count in sorted(slow.items()):
        reason = f"sampled every {period_s:g} s: means over {mean_s:g} s cannot be formed"
        yield LeftOut(what=f"limits of {limited}", count=count, reason=reason)
    voltages = [item.period_s for item in records if item.place.quantity is QualityQuantity.VOLTAGE]
    blind = [period_s for period_s in voltages if period_s > EVENT_PERIOD_S]
    if blind:
        reason = f"sampled every {min(blind):g} s or slower: dips and swells cannot be seen"
        yield LeftOut(what="voltages", count=len(blind), reason=reason)
    if any(period_s > TEN_CYCLES_S for period_s in voltages):
        reason = "means are of readings as they come, not of every ten cycles as IEC 61000-4-30 measures"
        yield LeftOut(what="voltages", count=sum(item > TEN_CYCLES_S for item in voltages), reason=reason)
