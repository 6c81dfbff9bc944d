"""A flood of two disturbances at once: who belongs to which is known, because the log was made that way."""

from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.test_alarms import NOON
from tests.tools.memory_sources import MemoryLogs
from tools.context import Clock, ToolContext
from tools.detection.alarms import summarize_alarms
from tools.detection.schema.alarms import AlarmLoad, Grouping, SummarizeAlarmsArguments, UpsetLoad
from tools.element import ElementKind, ElementRef
from tools.grid.importing import open_grid
from tools.limits import LimitTable
from tools.telemetry.schema.log import LogEntry, LogKind


class _Grids:
    def __init__(self, grid):
        self._grid = grid

    def grid(self, at=None):
        del at
        return self._grid


@pytest.fixture(scope="module")
def grid():
    return open_grid("case39")


def _bus(index):
    return ElementRef(kind=ElementKind.BUS, index=index)


def _entry(number, seconds, element=None, text="voltage low", action="raise", host="ems"):
    at = NOON + timedelta(seconds=seconds)
    return LogEntry(id=f"{number:04d}", kind=LogKind.ALARM, at=at, action=action, element=element, host=host, text=text)


def _summary(entries, grid=None, hours=2.0):
    clock = Clock(NOON + timedelta(hours=hours), NOON + timedelta(hours=hours))
    context = ToolContext(
        grids=_Grids(grid) if grid else None, limits=LimitTable(limits=()), clock=clock,
        logs=MemoryLogs(entries, (LogKind.ALARM,)),
    )  # fmt: skip
    return summarize_alarms(context, SummarizeAlarmsArguments(start=NOON))


def _two(seed):
    """Around bus 0 (lines to 1, 38) and around bus 22 (to 21, 23): eight branches apart, interleaved in time."""
    rng = np.random.default_rng(seed)
    first = [_entry(0, 595.0, _bus(1), "line 1-2: tripped by distance protection")]
    second = [_entry(1, 640.0, _bus(22), "transformer: buchholz relay")]
    first += [_entry(10 + n, 600 + rng.uniform(0, 120), _bus(int(rng.choice([0, 1, 2, 38])))) for n in range(14)]
    second += [_entry(40 + n, 641 + rng.uniform(0, 120), _bus(int(rng.choice([22, 23, 21, 35])))) for n in range(9)]
    return first, second


@pytest.mark.parametrize("seed", range(8))
def test_disturbances__two_at_once_are_told_apart_with_their_first_alarm(seed, grid):
    first, second = _two(seed)
    found = _summary([*first, *second], grid)
    assert found.grouping is Grouping.TOPOLOGY_AND_TIME
    assert [(item.alarms, str(item.element), item.message) for item in found.disturbances] == [
        (15, "bus:1", "line 1-2: tripped by distance protection"),
        (10, "bus:22", "transformer: buchholz relay"),
    ]
    assert found.ungrouped == 0


def test_disturbances__begin_before_the_piece_in_which_the_flood_is_counted(grid):
    first, _ = _two(1)
    [found] = _summary(first, grid).disturbances
    assert found.start == NOON + timedelta(seconds=595)


def test_disturbances__do_not_depend_on_the_order_of_the_log(grid):
    first, second = _two(3)
    everything = [*first, *second]
    shuffled = [everything[place] for place in np.random.default_rng(1).permutation(len(everything))]
    assert _summary(everything, grid).disturbances == _summary(shuffled, grid).disturbances


def test_disturbances__without_a_grid_only_equal_sources_belong_together():
    first, second = _two(2)
    found = _summary([*first, *second])
    assert found.grouping is Grouping.SOURCE_AND_TIME
    assert {item.sources for item in found.disturbances} == {1}


def test_disturbances__equal_times_are_named_as_tied(grid):
    together = [_entry(n, 600, _bus(bus)) for n, bus in enumerate((0, 1, 38))]
    rest = [_entry(10 + n, 601 + n, _bus(1)) for n in range(10)]
    [found] = _summary([*together, *rest], grid).disturbances
    assert (str(found.element), found.tied) == ("bus:0", 2)


def test_chattering__three_in_a_minute_of_one_alarm_but_not_of_three():
    one = [_entry(n, 100 + 20 * n, _bus(4), f"voltage {0.9 + n / 100:.2f} pu") for n in range(4)]
    three = [_entry(20 + n, 100 + n, _bus(7), text) for n, text in enumerate(("door open", "fan off", "oil low"))]
    slow = [_entry(40 + n, 100 + 30 * n, _bus(9), "fuse") for n in range(6)]
    [row] = _summary([*one, *three, *slow]).chattering
    assert (str(row.element), row.most_in_a_minute, row.alarms) == ("bus:4", 3, 4)


def test_stale__a_day_without_a_return_though_raised_before_the_time():
    day = 24 * 3600
    old = _entry(1, -2 * day, _bus(4), "breaker gas low")
    back = [_entry(2, -2 * day, _bus(5)), _entry(3, -day, _bus(5), "voltage back", action="return")]
    found = _summary([old, *back, _entry(4, 60, _bus(6))])
    [row] = found.stale
    assert (str(row.element), row.standing_h) == ("bus:4", pytest.approx(50))
    assert (found.alarms, found.standing) == (1, 1)


def test_priorities__as_the_lines_state_them():
    texts = ["P1 trip"] + ["priority: 2 voltage"] * 3 + ["prio=high fan", "no word of it", "priority unknown"]
    found = _summary([_entry(n, 60 * n, _bus(n), text) for n, text in enumerate(texts)])
    assert [(row.priority, row.alarms, row.share_percent) for row in found.priorities] == [
        ("2", 3, pytest.approx(60)),
        ("1", 1, pytest.approx(20)),
        ("high", 1, pytest.approx(20)),
    ]
    assert found.without_priority == 2


@pytest.mark.parametrize(
    ("alarms", "load"),
    [
        (11, AlarmLoad.ACCEPTABLE),
        (24, AlarmLoad.MANAGEABLE),
        (25, AlarmLoad.OVER_DEMANDING),
        (120, AlarmLoad.OVER_DEMANDING),
        (121, AlarmLoad.UNACCEPTABLE),
    ],
)
def test_classes__of_the_mean_rate_over_two_hours(alarms, load):
    spread = [_entry(n, n * 7200 / alarms, _bus(n % 30)) for n in range(alarms)]
    assert _summary(spread).rate_class is load


@pytest.mark.parametrize(
    ("alarms", "load"),
    [(9, UpsetLoad.MANAGEABLE), (10, UpsetLoad.BETWEEN), (20, UpsetLoad.HARD), (100, UpsetLoad.HARD),
     (101, UpsetLoad.EXCESSIVE)],
)  # fmt: skip
def test_classes__of_the_busiest_ten_minutes(alarms, load):
    assert _summary([_entry(n, n * 5, _bus(n % 30)) for n in range(alarms)]).peak_class is load


def test_classes__no_mean_rate_of_less_than_an_hour():
    assert _summary([_entry(1, 60)], hours=0.5).rate_class is None
