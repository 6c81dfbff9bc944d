"""IEEE 1366 by hand: three feeders of one utility over one day, then the figures that a study published."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from tests.tools.memory_sources import MemoryOutages
from tools.context import Clock, ToolContext
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.limits import LimitTable
from tools.reliability.indices import compute_reliability_indices
from tools.reliability.schema.indices import ComputeReliabilityIndicesArguments
from tools.telemetry.schema.operations import OutageKind, OutageRecord

DAY = datetime(2026, 3, 10, tzinfo=UTC)
NIGHT = DAY + timedelta(days=1)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def outage(name: str, start: datetime, length_min: float | None, customers: int = 100, **more) -> OutageRecord:
    end = None if length_min is None else start + minutes(length_min)
    return OutageRecord(**{"id": name, "kind": "forced", "start": start, "end": end, "customers": customers} | more)


def compute(*records: OutageRecord, served: int | None = 1000, as_of: datetime = NIGHT, **arguments):
    context = ToolContext(None, LimitTable(limits=()), Clock(as_of, as_of), outages=MemoryOutages(records, served))
    return compute_reliability_indices(context, ComputeReliabilityIndicesArguments(**arguments))


def test_indices__textbook_day():
    # 200 customers for 90 min, 300 for 20 min, 50 for 3 min: CI 500, CMI 18000 + 6000
    found = compute(
        outage("a", DAY + minutes(60), 90, 200),
        outage("b", DAY + minutes(300), 20, 300, kind="planned"),
        outage("c", DAY + minutes(400), 3, 50),
    )
    everything = found.all_outages
    assert (everything.interruptions, everything.customers_interrupted) == (2, 500)
    assert everything.customer_minutes == 24_000
    assert everything.saifi == pytest.approx(0.5)
    assert everything.saidi_min == pytest.approx(24.0)
    assert everything.caidi_min == pytest.approx(48.0)
    assert everything.asai_percent == pytest.approx(100 * (1 - 24 / 1440))
    assert everything.maifi == pytest.approx(0.05)


def test_indices__planned_and_forced_add_up_to_all():
    found = compute(
        outage("a", DAY + minutes(60), 90, 200),
        outage("b", DAY + minutes(300), 20, 300, kind="planned"),
    )
    assert (found.forced.saidi_min, found.planned.saidi_min) == (pytest.approx(18.0), pytest.approx(6.0))
    assert found.planned.interruptions == found.forced.interruptions == 1


def test_indices__span_cuts_the_minutes_on_both_sides():
    found = compute(outage("before", DAY - minutes(30), 50), outage("after", NIGHT - minutes(10), 60), end=NIGHT)
    assert {row.id: row.duration_min for row in found.rows} == {"before": 20, "after": 10}
    assert found.all_outages.customer_minutes == 3000


@pytest.mark.parametrize(("length_min", "sustained"), [(5.0, False), (5.1, True)])
def test_indices__five_minutes_exactly_is_momentary(length_min, sustained):
    found = compute(outage("a", DAY + minutes(60), length_min))
    assert (found.all_outages.interruptions == 1, found.rows[0].momentary) == (sustained, not sustained)


def test_indices__a_long_outage_of_which_two_minutes_are_inside_is_sustained():
    found = compute(outage("a", DAY - minutes(58), 60))
    assert not found.rows[0].momentary
    assert found.all_outages.customer_minutes == 200


def test_indices__recorded_customer_minutes_win_and_are_shared_out_by_time():
    # staged restoration: 4000 recorded instead of 100 x 80; 60 of the 80 minutes are inside
    found = compute(outage("a", DAY - minutes(20), 80, customer_minutes=4000.0))
    assert found.all_outages.customer_minutes == pytest.approx(3000)


def test_indices__standing_outages_come_first_and_tell_whether_they_are_overdue():
    found = compute(
        outage("big", DAY + minutes(60), 600, 900),
        outage("late", NIGHT - minutes(120), None, 10, expected_end=NIGHT - minutes(30)),
        outage("in time", NIGHT - minutes(90), None, 10, expected_end=NIGHT + minutes(30)),
    )
    assert [row.id for row in found.rows] == ["late", "in time", "big"]
    assert [row.overdue for row in found.rows] == [True, False, False]
    assert found.standing == 2
    assert found.rows[0].duration_min == 120


def test_indices__one_that_began_just_now_is_neither_sustained_nor_momentary():
    found = compute(outage("a", NIGHT - minutes(3), None))
    assert found.all_outages.interruptions == 0
    assert found.all_outages.maifi == 0
    assert (found.rows[0].lasts, found.rows[0].momentary) == (True, False)


def test_indices__without_customers_served_there_are_no_system_indices():
    indices = compute(outage("a", DAY + minutes(60), 60), served=None).all_outages
    assert (indices.saifi, indices.saidi_min, indices.asai_percent, indices.maifi) == (None,) * 4
    assert indices.caidi_min == 60


def test_indices__quiet_day_is_a_full_answer():
    found = compute()
    assert (found.all_outages.saifi, found.all_outages.saidi_min, found.all_outages.asai_percent) == (0, 0, 100)
    assert found.all_outages.caidi_min is None


def test_indices__outage_without_customers_is_an_outage_but_no_interruption():
    found = compute(outage("a", DAY + minutes(60), 60, 0))
    assert (found.outages, found.all_outages.interruptions) == (1, 0)


def test_indices__contradictory_customer_count_gives_no_availability():
    assert compute(outage("a", DAY, 1440, 2000), served=1000).all_outages.asai_percent is None


def test_indices__rows_are_paged_and_the_totals_are_not():
    records = [outage(f"o{number}", DAY + minutes(10 * number), 8, number + 1) for number in range(30)]
    found = compute(*records, limit=10, offset=25)
    assert (len(found.rows), found.omitted, found.outages) == (5, 25, 30)
    assert found.rows[-1].customers == 1


def test_indices__the_span_ends_where_knowledge_ends():
    found = compute(outage("a", DAY, None), as_of=DAY + minutes(60), start=DAY, end=NIGHT)
    assert found.end == DAY + minutes(60)
    assert found.rows[0].duration_min == 60
    with pytest.raises(InvalidArgumentError, match="as_of"):
        compute(as_of=DAY, start=NIGHT, end=NIGHT + minutes(5))


def test_indices__without_records_it_is_not_checked():
    context = ToolContext(None, LimitTable(limits=()), Clock(NIGHT, NIGHT))
    with pytest.raises(SourceMissingError, match="outage records"):
        compute_reliability_indices(context, ComputeReliabilityIndicesArguments())


@pytest.mark.realdata
@pytest.mark.parametrize("middle", ["2018-07-02", "2020-03-15", "2022-06-30"])
def test_indices__published_study_of_a_year_recomputes(realdata, middle):
    """EAGLE-I: 365 days around a date, eight regions, a day of a region as one record with its customer minutes."""
    with gzip.open(realdata / "outage" / "eaglei_rolling_reliability.csv.gz", "rt") as file:
        published = next(row for row in csv.DictReader(file) if row["Date"] == middle)
    served = defaultdict(float)
    with (realdata / "outage" / "eaglei_coverage_by_NERC.csv").open() as file:
        for row in csv.DictReader(file):
            served[row["year"]] += float(row["min_covered"])
    begin = datetime.fromisoformat(middle).replace(tzinfo=UTC) - timedelta(days=182)
    days = [begin + timedelta(days=number) for number in range(365)]
    with gzip.open(realdata / "outage" / "eaglei_NERC_time_adjusted.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["Date"] and days[0] <= _day(row) <= days[-1]]
    records = [
        OutageRecord(
            id=f"{row['NERC']} {row['Date']}",
            kind=OutageKind.FORCED,
            start=_day(row),
            end=_day(row) + timedelta(days=1),
            customers=round(float(row["daily_ci"])),
            customer_minutes=float(row["customer_minutes"]),
        )
        for row in rows
    ]
    end = days[-1] + timedelta(days=1)
    found = compute(*records, served=round(served[middle[:4]]), as_of=end, start=begin, end=end).all_outages
    assert found.customers_interrupted == pytest.approx(float(published["rolling_daily_ci"]), rel=1e-6)
    assert found.saifi == pytest.approx(float(published["saifi_sum_method_min"]), rel=1e-6)
    assert found.saidi_min == pytest.approx(float(published["saidi_max"]), rel=1e-6)
    assert found.caidi_min == pytest.approx(float(published["caidi_sum_method"]), rel=1e-6)
    assert found.caidi_min == pytest.approx(found.saidi_min / found.saifi, rel=1e-12)


def _day(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["Date"]).replace(tzinfo=UTC)
