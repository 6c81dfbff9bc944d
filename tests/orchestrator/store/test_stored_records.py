"""Logs, outages, permits, assets: what a run may know of them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from orchestrator.store.open_sources import Sources, open_sources
from orchestrator.store.operations import write_assets, write_customers_served, write_outages, write_permits
from orchestrator.store.stored_logs import write_log
from orchestrator.store.write_series import Written, write_series
from tests.tools.memory_sources import MemoryLogs, series
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import Asset, OutageKind, OutageRecord, Permit, TransformerNameplate
from tools.telemetry.schema.sensor import Sensor

DAY = datetime(2026, 3, 10, tzinfo=UTC)
LATER = DAY + timedelta(days=30)


def entry(number, minute, kind=LogKind.ACCESS, **more):
    return LogEntry(id=f"e{number}", kind=kind, at=DAY + timedelta(minutes=minute), action="login", **more)


def outage(identifier="o1", **more):
    return OutageRecord(id=identifier, kind=OutageKind.FORCED, start=DAY, customers=10, **more)


def test_open_sources__nothing_is_known_of_a_grid(engine: Engine) -> None:
    assert open_sources(engine, "demo", LATER) == Sources()


def test_open_sources__each_source_is_there_for_its_own_grid_only(engine: Engine) -> None:
    write_series(engine, [series(Sensor(name="a", grid="demo", quantity="p", unit="mw"), DAY, 60, [1])])
    write_log(engine, "demo", [entry(1, 0)])
    write_outages(engine, "demo", [outage()])
    write_permits(engine, "demo", [Permit(id="p1", work="w", holder="h", start=DAY)])
    write_assets(engine, [Asset(name="T1", kind="transformer", grid="demo")], DAY)
    assert all(value is not None for value in vars(open_sources(engine, "demo", LATER)).values())
    assert open_sources(engine, "north", LATER) == Sources()
    assert open_sources(engine, "demo", DAY - timedelta(minutes=1)) == Sources()


def test_open_sources__a_sensor_without_readings_is_no_telemetry(engine: Engine) -> None:
    write_series(engine, [series(Sensor(name="a", grid="demo", quantity="p", unit="mw"), DAY, 60, [])])
    assert open_sources(engine, "demo", LATER).telemetry is None


def test_logs__equal_the_ones_in_memory(engine: Engine) -> None:
    held = [entry(i, i % 7, kind, account=f"op.{i}", count=2) for i, kind in enumerate([*LogKind][:2] * 10)]
    assert write_log(engine, "demo", held) == Written(taken=20)
    stored, memory = open_sources(engine, "demo", LATER).logs, MemoryLogs(held)
    assert stored is not None
    assert stored.kinds() == memory.kinds()
    for kind in LogKind:
        span = DAY + timedelta(minutes=1), DAY + timedelta(minutes=5)
        assert stored.entries(kind, *span) == memory.entries(kind, *span)


def test_logs__a_second_time_changes_nothing_and_an_id_keeps_its_entry(engine: Engine) -> None:
    write_log(engine, "demo", [entry(1, 0), entry(2, 1)])
    again = [entry(1, 0), entry(2, 1, account="other"), entry(3, 2), entry(3, 2)]
    assert write_log(engine, "demo", again) == Written(taken=1, duplicates=2, conflicts=1)
    logs = open_sources(engine, "demo", LATER).logs
    assert logs is not None
    assert [(item.id, item.account) for item in logs.entries(LogKind.ACCESS, DAY, LATER)] == [
        ("e1", None), ("e2", None), ("e3", None)
    ]  # fmt: skip


def test_logs__what_arrived_later_is_not_seen(engine: Engine) -> None:
    write_log(engine, None, [entry(1, 0), entry(2, 10)])
    logs = open_sources(engine, "any", DAY + timedelta(minutes=5)).logs
    assert logs is not None
    assert [item.id for item in logs.entries(LogKind.ACCESS, DAY, LATER)] == ["e1"]


def test_outages__are_reported_as_they_ran(engine: Engine) -> None:
    whole = outage(end=DAY + timedelta(hours=2), customer_minutes=1200.0)
    assert write_outages(engine, "demo", [whole]) == Written(taken=1)
    assert write_outages(engine, "demo", [whole]) == Written(duplicates=1)
    early, late = (open_sources(engine, "demo", DAY + timedelta(hours=h)).outages for h in (1, 2))
    assert early is not None
    assert late is not None
    assert early.outages(DAY, LATER) == (outage(),)
    assert late.outages(DAY, LATER) == (whole,)
    assert late.outages(DAY + timedelta(hours=3), LATER) == ()
    assert late.outages(DAY - timedelta(hours=1), DAY - timedelta(minutes=1)) == ()


def test_outages__customers_served_in_their_versions(engine: Engine) -> None:
    write_outages(engine, "demo", [outage()])
    write_customers_served(engine, "demo", 900, DAY)
    write_customers_served(engine, "demo", 950, DAY + timedelta(days=1))
    served = [open_sources(engine, "demo", DAY + timedelta(days=d)).outages.customers_served() for d in (0, 1)]  # type: ignore[union-attr]
    assert served == [900, 950]


def test_outages__customers_alone_are_no_record_of_outages(engine: Engine) -> None:
    write_customers_served(engine, "demo", 900, DAY)
    assert open_sources(engine, "demo", LATER).outages is None


def test_permits__stand_until_they_are_handed_back(engine: Engine) -> None:
    planned = {"work": "w", "holder": "h", "start": DAY, "end": DAY + timedelta(hours=1)}
    back = Permit(id="back", closed_at=DAY + timedelta(hours=3), **planned)
    write_permits(engine, "demo", [Permit(id="out", **planned), back])
    source = open_sources(engine, "demo", LATER).permits
    assert source is not None
    ids = [[item.id for item in source.permits(DAY + timedelta(hours=h), LATER)] for h in (2, 3, 4)]
    assert ids == [["back", "out"], ["back", "out"], ["out"]]
    early = open_sources(engine, "demo", DAY + timedelta(hours=2)).permits
    assert early is not None
    assert {item.closed_at for item in early.permits(DAY, LATER)} == {None}


def test_assets__of_one_name_in_two_grids(engine: Engine) -> None:
    plate = TransformerNameplate(rated_power_mva=40.0)
    ours = Asset(name="T1", kind="transformer", grid="demo", nameplate=plate)
    theirs = Asset(name="T1", kind="transformer", grid="north")
    assert write_assets(engine, [ours, theirs], DAY) == Written(taken=2)
    assets = open_sources(engine, "demo", LATER).assets
    assert assets is not None
    assert assets.assets() == (ours,)
