"""Migrations make exactly the tables that are declared, once, from nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from orchestrator.store.engine import open_engine
from orchestrator.store.metadata import METADATA, wanted_in
from orchestrator.store.migrate import current, newest, upgrade


def test_current__empty_database_has_no_revision(empty_engine: Engine) -> None:
    assert current(empty_engine) is None


def test_upgrade__reaches_the_newest_revision(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    assert current(empty_engine) == newest() is not None


def test_upgrade__autogenerate_finds_no_difference(engine: Engine) -> None:
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_object": wanted_in(engine.dialect.name),
    }
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def test_compare__would_find_a_missing_column(empty_engine: Engine) -> None:
    engine = empty_engine
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE run DROP COLUMN error"))
    with engine.connect() as connection:
        options = {"include_object": wanted_in(engine.dialect.name)}
        [difference] = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert difference[0] == "add_column"


def test_upgrade__again_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_upgrade__many_at_once_migrate_once(address: str) -> None:
    def start(_: int) -> str | None:
        engine = open_engine(address)
        upgrade(engine)
        revision = current(engine)
        engine.dispose()
        return revision

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(start, range(8))) == {newest()}


def test_upgrade__interrupted_leaves_nothing(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("alembic.operations.Operations.create_index", lambda *_, **__: 1 / 0)
        patch.setattr("alembic.operations.BatchOperations.create_index", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            upgrade(empty_engine)
    assert inspect(empty_engine).get_table_names() == []
    upgrade(empty_engine)
    assert current(empty_engine) == newest()


def test_metadata__every_constraint_has_a_name_by_convention() -> None:
    names = [constraint.name for table in METADATA.tables.values() for constraint in table.constraints]
    assert names
    assert all(str(name).split("_")[0] in {"pk", "fk", "uq", "ck"} for name in names)
