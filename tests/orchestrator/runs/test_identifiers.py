"""Identifiers sort by time and are unique."""

from datetime import UTC, datetime, timedelta

from orchestrator.runs.identifiers import new_id

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_new_id__sorts_by_time_whatever_chance_says() -> None:
    later = new_id("r", NOW + timedelta(milliseconds=1), lambda _: 0)
    assert new_id("r", NOW, lambda bits: 2**bits - 1) < later
    assert later < new_id("r", NOW.replace(year=2200), lambda _: 0)


def test_new_id__is_the_same_for_equal_clock_and_chance() -> None:
    assert new_id("r", NOW, lambda _: 42) == new_id("r", NOW, lambda _: 42)


def test_new_id__is_unique_within_a_millisecond() -> None:
    assert len({new_id("r", NOW) for _ in range(1000)}) == 1000


def test_new_id__fits_the_tables_and_reads_aloud() -> None:
    name = new_id("rep", NOW)
    assert len(name) == 20
    assert set(name.removeprefix("rep-")) <= set("0123456789abcdefghjkmnpqrstvwxyz")
