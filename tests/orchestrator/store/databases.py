"""Databases of the tests' own: a file, and a schema in PostgreSQL."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url, text

from orchestrator.store.engine import open_engine, sqlite_url
from orchestrator.store.metadata import METADATA
from orchestrator.store.migrate import upgrade


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "home" / "gridcrew.db")


@pytest.fixture
def postgres_address(postgres_url: str) -> Iterator[str]:
    with _schema(postgres_url) as found:
        yield found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def address(request: pytest.FixtureRequest) -> str:
    """Address of an empty database, of each kind in turn."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
def empty_engine(address: str) -> Iterator[Engine]:
    engine = open_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: a migration takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "gridcrew.db"
    engine = open_engine(sqlite_url(file))
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def migrated_schema(postgres_url: str) -> Iterator[Engine]:
    """A migrated schema, to be emptied."""
    with _schema(postgres_url) as found:
        engine = open_engine(found)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def sqlite_engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    file = tmp_path / "home" / "gridcrew.db"
    file.parent.mkdir(mode=0o700)
    shutil.copyfile(migrated_file, file)
    engine = open_engine(sqlite_url(file))
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(migrated_schema: Engine) -> Iterator[Engine]:
    yield migrated_schema
    with migrated_schema.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(METADATA.tables)} CASCADE"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database with all tables and no rows, of each kind in turn."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@contextmanager
def _schema(url: str) -> Iterator[str]:
    """An empty schema in PostgreSQL that is dropped afterwards."""
    schema = f"gridcrew_{uuid4().hex[:12]}"
    admin = open_engine(url)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        address = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
        yield address.render_as_string(hide_password=False)
    finally:
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()
