"""Gold of a simulated day, without any of our tools and without any stored answer.

Each recipe goes back to the made day itself: raw readings and true values as arrays, plain power flows of the true
loads (``evals.day_net``), log entries and records counted one by one. Temperatures of windings are in
``evals.day_thermal``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from evals.day import MadeDay, made_day
from evals.day_net import broken_limits, connected_outages, minute_of, state, value_in
from evals.day_thermal import highest_hot_spot, highest_hot_spot_at, life_lost_h
from evals.detection_gold import DETECTION_RECIPES
from orchestrator.demoday.clock import DAY, LAST, MINUTES
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import to_us
from tools.telemetry.schema.log import LogKind
from tools.telemetry.series import QUALITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from evals.case import Expected, ExpectedFinding, Gold
    from evals.day_needs import DayNeeds
    from orchestrator.demoday.truth import Truth
    from tools.telemetry.schema.operations import OutageRecord, Permit

DayRecipe: TypeAlias = "Callable[[MadeDay, Expected], Gold]"
_SUSTAINED = timedelta(minutes=5)
_DAYS_BEFORE = 28
_EPOCH = datetime(1970, 1, 1, tzinfo=DAY.tzinfo)


def _span(expected: Expected) -> tuple[datetime, datetime]:
    return expected.since or DAY, expected.until or LAST


def _minute(expected: Expected) -> int:
    """The time of the value; of a value of a span a time in it that settles it."""
    moment = expected.at or expected.since or LAST
    minute = minute_of(moment)
    if minute is None:
        raise InvalidArgumentError(f"{moment.isoformat()} is not on the day")
    return minute


# What sensors said.


def _readings(made: MadeDay, expected: Expected) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times and values of a sensor's readings that carry a value."""
    series = made.series[_sensor(expected)]
    there = np.isfinite(series.value)
    return series.at_us[there], series.value[there]


def _sensor(expected: Expected) -> str:
    if expected.sensor is None:
        raise InvalidArgumentError(f"recipe {expected.recipe} of {expected.field} needs a sensor")
    return expected.sensor


def _newest(made: MadeDay, expected: Expected) -> int:
    at_us, _ = _readings(made, expected)
    return int(np.searchsorted(at_us, to_us(expected.until or expected.at or LAST), side="right")) - 1


def _reading(made: MadeDay, expected: Expected) -> Gold:
    """The newest value not after the end of the span, or the time asked for."""
    return float(_readings(made, expected)[1][_newest(made, expected)])


def _reading_time(made: MadeDay, expected: Expected) -> Gold:
    return _moment(int(_readings(made, expected)[0][_newest(made, expected)]))


def _reading_age(made: MadeDay, expected: Expected) -> Gold:
    """Seconds from the newest reading to the end of the span."""
    newest = _moment(int(_readings(made, expected)[0][_newest(made, expected)]))
    return ((expected.until or LAST) - newest).total_seconds()


def _quality(made: MadeDay, expected: Expected) -> Gold:
    """What the source said of the newest reading, one without a value as well."""
    series = made.series[_sensor(expected)]
    newest = int(np.searchsorted(series.at_us, to_us(expected.until or LAST), side="right")) - 1
    return str(QUALITIES[int(series.quality[newest])])


def _moment(at_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_us)


def _within(made: MadeDay, expected: Expected) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    at_us, value = _readings(made, expected)
    start, end = (to_us(moment) for moment in _span(expected))
    inside = (at_us >= start) & (at_us <= end)
    return at_us[inside], value[inside]


def _extreme(which: Callable[[NDArray[np.float64]], np.intp]) -> tuple[DayRecipe, DayRecipe]:
    """The highest or lowest reading of a span, and its time."""

    def value(made: MadeDay, expected: Expected) -> Gold:
        _, values = _within(made, expected)
        return float(values[which(values)])

    def moment(made: MadeDay, expected: Expected) -> Gold:
        at_us, values = _within(made, expected)
        return _moment(int(at_us[which(values)]))

    return value, moment


_HIGHEST, _HIGHEST_AT = _extreme(np.argmax)
_LOWEST, _LOWEST_AT = _extreme(np.argmin)


def _apart(made: MadeDay, expected: Expected) -> Gold:
    """How far the sensors that measure the same as the named one lie apart at a time."""
    mine = made.series[_sensor(expected)].sensor
    same = [
        one.sensor.name
        for one in made.series.values()
        if (one.sensor.element, one.sensor.quantity, one.sensor.side) == (mine.element, mine.quantity, mine.side)
    ]
    said = [float(_reading(made, expected.model_copy(update={"sensor": name}))) for name in same]  # type: ignore[arg-type]
    return max(said) - min(said)


def _past_hours(made: MadeDay, expected: Expected) -> NDArray[np.float64]:
    """Hourly values of a sensor in the hour of day of a time, on each of the four weeks' days before the day."""
    at_us, value = _readings(made, expected)
    hour = (expected.at or LAST).replace(minute=0, second=0, microsecond=0)
    hour -= timedelta(days=(hour.date() - DAY.date()).days)
    wanted = [to_us(hour - timedelta(days=back)) for back in range(1, _DAYS_BEFORE + 1)]
    return value[np.isin(at_us, wanted)]


def _usual(made: MadeDay, expected: Expected) -> Gold:
    """Median of the same hour on the four weeks' days before."""
    return float(np.median(_past_hours(made, expected)))


def _above_usual(made: MadeDay, expected: Expected) -> Gold:
    return float(_reading(made, expected)) - float(_usual(made, expected))  # type: ignore[arg-type]


def _usual_working_hour(made: MadeDay, expected: Expected) -> Gold:
    """Median of the same hour on the working days of the four weeks before: what a working day ahead should be near."""
    newest_first = _past_hours(made, expected)[::-1]
    working = [value for back, value in enumerate(newest_first, 1) if (DAY - timedelta(days=back)).weekday() < 5]  # noqa: PLR2004 - a Saturday
    return float(np.median(working))


# What the grid did.


def _state(made: MadeDay, expected: Expected) -> Gold:
    """One field of one element at a minute, by plain pandapower on the true loads."""
    net = state(made, _minute(expected), expected.case or "base")
    found = None if net is None else value_in(net, expected.element or "", expected.field)
    if found is None:
        raise InvalidArgumentError(f"pandapower has no {expected.field} of {expected.element} in case {expected.case}")
    return found


def _total(table: str, column: str, reduce: str) -> DayRecipe:
    def recipe(made: MadeDay, expected: Expected) -> Gold:
        net = state(made, _minute(expected), expected.case or "base")
        if net is None:
            raise InvalidArgumentError(f"the day does not solve at {expected.at} in case {expected.case}")
        return float(getattr(net[table][column], reduce)())

    return recipe


def _loss(made: MadeDay, expected: Expected) -> Gold:
    net = state(made, _minute(expected))
    if net is None:
        raise InvalidArgumentError(f"the day does not solve at {expected.at}")
    return float(net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum())


def _insecure_outages(made: MadeDay, expected: Expected) -> Gold:
    """Single outages that cut nothing off and after which a limit is not kept, or nothing solves."""
    solved = [net for _, net in connected_outages(made, _minute(expected))]
    return float(sum(net is None or bool(broken_limits(net)) for net in solved))


def _n1_secure(made: MadeDay, expected: Expected) -> Gold:
    net = state(made, _minute(expected))
    return net is not None and not broken_limits(net) and _insecure_outages(made, expected) == 0


def _limits_today(made: MadeDay, expected: Expected) -> Gold:
    """Whether any limit was broken in the span, looked at every quarter of an hour and at each outage's ends."""
    start, end = _span(expected)
    ends = [moment for one in made.day.outages for moment in (one.start, one.end) if moment and start <= moment <= end]
    minutes = {minute_of(moment) for moment in ends} | set(range(0, MINUTES, 15)) | {MINUTES - 1}
    nets = [state(made, minute) for minute in minutes if minute is not None]
    kept = all(net is not None and not broken_limits(net) for net in nets)
    return "no_violation" if kept else "violation"


def _worst_outage_loading(made: MadeDay, expected: Expected) -> Gold:
    """Highest loading of a branch after any single outage that cuts nothing off."""
    nets = [net for _, net in connected_outages(made, _minute(expected)) if net is not None]
    return max(float(net[f"res_{kind}"].loading_percent.max()) for net in nets for kind in ("line", "trafo"))


# What logs and records hold.


def _alarms(made: MadeDay, expected: Expected) -> Gold:
    start, end = _span(expected)
    return float(
        sum(
            one.count
            for one in made.day.logs
            if one.kind is LogKind.ALARM and start <= one.at <= end and one.action == "raise"
        )
    )


def _logins(success: bool | None) -> DayRecipe:
    """Attempts to log in, all or only those that failed; folded repeats count."""

    def recipe(made: MadeDay, expected: Expected) -> Gold:
        start, end = _span(expected)
        return float(
            sum(
                one.count
                for one in made.day.logs
                if one.kind is LogKind.ACCESS
                and one.action == "login"
                and start <= one.at <= end
                and (success is None or one.success is success)
                and (expected.element is None or f"host:{one.origin}" == expected.element)
            )
        )

    return recipe


def _commands(made: MadeDay, expected: Expected) -> Gold:
    start, end = _span(expected)
    return float(
        sum(
            one.count
            for one in made.day.logs
            if one.kind is LogKind.COMMAND
            and start <= one.at <= end
            and (expected.element is None or f"account:{one.account}" == expected.element)
        )
    )


def _sustained(made: MadeDay, expected: Expected) -> Iterator[tuple[int, float]]:
    """Customers and minutes inside the span, of each outage above five minutes that left somebody without supply."""
    start, end = _span(expected)
    for one in made.day.outages:
        over = one.end or end
        if one.start <= end and over > start and over - one.start > _SUSTAINED and one.customers:
            yield one.customers, (min(over, end) - max(one.start, start)).total_seconds() / 60


def _saidi(made: MadeDay, expected: Expected) -> Gold:
    return sum(customers * minutes for customers, minutes in _sustained(made, expected)) / made.day.customers_served


def _saifi(made: MadeDay, expected: Expected) -> Gold:
    return sum(customers for customers, _ in _sustained(made, expected)) / made.day.customers_served


def _interrupted(made: MadeDay, expected: Expected) -> Gold:
    return float(sum(customers for customers, _ in _sustained(made, expected)))


def _served(made: MadeDay, expected: Expected) -> Gold:
    del expected
    return float(made.day.customers_served)


def _outage(made: MadeDay, expected: Expected) -> OutageRecord:
    start, end = _span(expected)
    [record] = [one for one in made.day.outages if str(one.element) == expected.element and start <= one.start <= end]
    return record


def _outage_start(made: MadeDay, expected: Expected) -> Gold:
    return _outage(made, expected).start


def _outage_end(made: MadeDay, expected: Expected) -> Gold:
    found = _outage(made, expected)
    return found.end or found.start


def _outage_cause(made: MadeDay, expected: Expected) -> Gold:
    return _outage(made, expected).cause


def _permit(made: MadeDay, expected: Expected) -> Permit:
    [found] = [one for one in made.day.permits if str(one.element) == expected.element]
    return found


def _permit_holder(made: MadeDay, expected: Expected) -> Gold:
    return _permit(made, expected).holder


def _permit_end(made: MadeDay, expected: Expected) -> Gold:
    found = _permit(made, expected)
    return found.end or found.start


def _permit_closed(made: MadeDay, expected: Expected) -> Gold:
    found = _permit(made, expected)
    return found.closed_at or found.start


DAY_RECIPES: dict[str, DayRecipe] = {
    "reading": _reading,
    "reading_time": _reading_time,
    "reading_age": _reading_age,
    "quality": _quality,
    "highest_reading": _HIGHEST,
    "highest_reading_time": _HIGHEST_AT,
    "lowest_reading": _LOWEST,
    "lowest_reading_time": _LOWEST_AT,
    "apart": _apart,
    "usual": _usual,
    "above_usual": _above_usual,
    "usual_working_hour": _usual_working_hour,
    "state": _state,
    "load": _total("res_load", "p_mw", "sum"),
    "lowest_voltage": _total("res_bus", "vm_pu", "min"),
    "highest_line_loading": _total("res_line", "loading_percent", "max"),
    "loss": _loss,
    "insecure_outages": _insecure_outages,
    "n1_secure": _n1_secure,
    "limits_today": _limits_today,
    "worst_outage_loading": _worst_outage_loading,
    "highest_hot_spot": highest_hot_spot,
    "highest_hot_spot_time": highest_hot_spot_at,
    "life_lost": life_lost_h,
    "alarms": _alarms,
    "login_attempts": _logins(None),
    "login_failures": _logins(success=False),
    "commands": _commands,
    "saidi": _saidi,
    "saifi": _saifi,
    "customers_interrupted": _interrupted,
    "customers_served": _served,
    "outage_start": _outage_start,
    "outage_end": _outage_end,
    "outage_cause": _outage_cause,
    "permit_holder": _permit_holder,
    "permit_end": _permit_end,
    "permit_closed": _permit_closed,
    **DETECTION_RECIPES,
}


def day_value(needs: DayNeeds, expected: Expected) -> Gold:
    """Recompute one expected value of a suite over a day.

    Raises:
        InvalidArgumentError: when the day does not hold what the recipe needs.
    """
    return DAY_RECIPES[expected.recipe](made_day(needs), expected)


def day_trouble(needs: DayNeeds, wanted: ExpectedFinding) -> Truth | None:
    """What the day knows of a finding that is expected; None when nothing like it was put into the day."""
    return next(
        (one for one in made_day(needs).troubles if one.kind == wanted.kind and one.element == wanted.about), None
    )
