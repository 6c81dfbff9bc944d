"""The tool ``read_telemetry``: what the sensors say at a time, and what they said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.amount import Amount
from tools.context import ToolContext
from tools.errors import InvalidArgumentError
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.bounds import refuse_too_many
from tools.telemetry.conflicts import find_conflicts
from tools.telemetry.history import build_history
from tools.telemetry.moments import SECOND_US, from_us, to_us
from tools.telemetry.schema.reading import ReadTelemetryArguments, SensorReading, TelemetryReading
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.selection import choose_sensors
from tools.telemetry.series import QUALITIES, Series
from tools.telemetry.trust import judged, usable
from tools.telemetry.usual import Usual, usual_values
from tools.vocabulary import ReadingQuality
from tools.window import SHIFT_H

_DOUBTFUL = frozenset({ReadingQuality.SUSPECT, ReadingQuality.BAD, ReadingQuality.SUBSTITUTED})


@dataclass(frozen=True)
class _Word:
    """The newest word of a sensor, as judged at the time asked for.

    Attributes:
        age_s: None when there is no reading at all.
    """

    sensor: Sensor
    newest: Series
    age_s: float | None
    quality: ReadingQuality

    @property
    def stale(self) -> bool:
        return self.value is None or self.overdue

    @property
    def overdue(self) -> bool:
        return self.age_s is not None and self.age_s > self.sensor.stale_after_s

    @property
    def value(self) -> float | None:
        return None if self.quality is ReadingQuality.MISSING else float(self.newest.value[-1])


def read_telemetry(ctx: ToolContext, args: ReadTelemetryArguments) -> TelemetryReading:
    """Read sensors: the newest value not after a time, and statistics of the span before.

    Raises:
        SourceMissingError: without telemetry.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: when a name or a time is not right.
    """
    telemetry = ctx.need_telemetry()
    sensors = choose_sensors(telemetry.sensors(), args.sensors, args.elements, args.quantities)
    start, end, at = _times(ctx, args)
    names = [sensor.name for sensor in sensors]
    newest = telemetry.latest(names, at) if names else {}
    words = {sensor.name: _word(sensor, newest[sensor.name], at) for sensor in sensors}
    shown = sensors[args.offset : args.offset + args.limit]
    refuse_too_many(shown, start, end)
    shown_names = [sensor.name for sensor in shown]
    spans = telemetry.series(shown_names, start, end) if shown else {}
    usual = usual_values(telemetry, shown_names, at)
    extent = telemetry.extent(names) if names else None
    fresh = {name: word.newest for name, word in words.items() if not word.stale and _trusted(word)}
    ages = [word.age_s for word in words.values() if word.age_s is not None]
    return TelemetryReading(
        at=at,
        start=start,
        end=end,
        first=extent and extent[0],
        last=extent and extent[1],
        sensors=len(sensors),
        rows=tuple(_row(words[name], spans[name], usual[name]) for name in shown_names),
        omitted=len(sensors) - len(shown),
        **_counts(tuple(words.values())),
        oldest_age_s=max(ages, default=None),
        conflicts=find_conflicts(sensors, fresh),
        histories=tuple(build_history(spans[name], start, end, args.buckets) for name in shown_names if args.buckets),
        simulated=any(sensor.simulated for sensor in sensors),
    )


def _times(ctx: ToolContext, args: ReadTelemetryArguments) -> tuple[datetime, datetime, datetime]:
    """Begin and end of the span, and the time of the value: the end where none is named, and the other way round."""
    if args.at is None:
        start, end = args.span(ctx.clock)
        at = end
    else:
        at = args.at
        end = args.end or max(at, args.start or at)
        start = args.start or end - timedelta(hours=SHIFT_H)
    if start >= end:
        raise InvalidArgumentError(f"start: {start.isoformat()} is not before the end of the span, {end.isoformat()}")
    return start, end, at


def _word(sensor: Sensor, newest: Series, at: datetime) -> _Word:
    if not len(newest):
        return _Word(sensor, newest, None, ReadingQuality.MISSING)
    age_s = (to_us(at) - int(newest.at_us[-1])) / SECOND_US
    return _Word(sensor, newest, age_s, QUALITIES[int(judged(newest)[-1])])


def _trusted(word: _Word) -> bool:
    return word.quality not in {ReadingQuality.BAD, ReadingQuality.MISSING}


def _counts(words: Sequence[_Word]) -> Mapping[str, int]:
    """How many sensors are in which state, each in one; a stale one is stale, whatever its last quality was."""
    return {
        "good": sum(word.quality is ReadingQuality.GOOD and not word.stale for word in words),
        "suspect": sum(word.quality in _DOUBTFUL and not word.stale for word in words),
        "stale_sensors": sum(word.overdue for word in words),
        "missing": sum(word.value is None and not word.overdue for word in words),
    }


def _row(word: _Word, span: Series, usual: Usual) -> SensorReading:
    sensor, value = word.sensor, word.value
    above = None if usual.value is None or value is None or not _trusted(word) else value - usual.value
    return SensorReading(
        subject=sensor.ref,
        element=sensor.element,
        asset=SubjectRef(kind=SubjectKind.ASSET, name=sensor.asset) if sensor.asset else None,
        quantity=sensor.quantity,
        at=None if word.age_s is None else from_us(int(word.newest.at_us[-1])),
        value=_amount(value, sensor.unit),
        quality=word.quality,
        age_s=word.age_s,
        stale=word.stale,
        readings=len(span),
        **_statistics(span),
        usual=_amount(usual.value, sensor.unit),
        # A difference of temperatures is no temperature.
        above_usual=_amount(above, "kelvin" if sensor.unit == "celsius" else sensor.unit),
        usual_days=usual.days,
        simulated=sensor.simulated,
    )


def _statistics(span: Series) -> Mapping[str, object]:
    """Extremes and mean of the readings that may enter one; nothing when there are none."""
    keep = usable(span)
    if not keep.any():
        return {}
    at_us, value, unit = span.at_us[keep], span.value[keep], span.sensor.unit
    low, high = int(value.argmin()), int(value.argmax())
    return {
        "lowest": _amount(float(value[low]), unit),
        "mean": _amount(min(max(float(value.mean()), float(value[low])), float(value[high])), unit),
        "highest": _amount(float(value[high]), unit),
        "lowest_at": from_us(int(at_us[low])),
        "highest_at": from_us(int(at_us[high])),
    }


def _amount(value: float | None, unit: str) -> Amount | None:
    return None if value is None else Amount(value=value, unit=unit)
