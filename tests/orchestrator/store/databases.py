"""Databases of the tests' own: a file, and a schema in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url, text

from orchestrator.store.engine import open_engine, sqlite_url
from orchestrator.store.migrate import upgrade


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "home" / "gridcrew.db")


@pytest.fixture
def postgres_address(postgres_url: str) -> Iterator[str]:
    """An empty schema that is dropped afterwards."""
    schema = f"gridcrew_{uuid4().hex[:12]}"
    admin = open_engine(postgres_url)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    address = make_url(postgres_url).update_query_dict({"options": f"-csearch_path={schema}"})
    yield address.render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


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


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A database of each kind with all tables."""
    upgrade(empty_engine)
    return empty_engine
