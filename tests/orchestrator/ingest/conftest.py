"""A store of each kind, and files with their mappings."""

import gzip
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, select, text

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

from databases import engine, migrated_file, migrated_schema, postgres_engine, sqlite_engine

from orchestrator.ingest.ingest import ingest
from orchestrator.ingest.of_grid import OfGrid
from orchestrator.ingest.report import IngestReport
from orchestrator.store.metadata import METADATA
from tools.grid.inventory import Inventory

__all__ = ["engine", "migrated_file", "migrated_schema", "postgres_engine", "sqlite_engine"]

NOW = datetime(2026, 3, 11, tzinfo=UTC)


@dataclass
class Desk:
    """Where files are written and ingested."""

    engine: Engine
    folder: Path
    grids: Callable[[str], Inventory | None] = {}.get

    def take(
        self, content: str | bytes, mapping: dict, name: str = "file.csv", grid: str | None = None
    ) -> IngestReport:
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.take_file(file, mapping, grid)

    def take_file(self, file: Path, mapping: dict, grid: str | None = None) -> IngestReport:
        described = self.folder / f"{file.name}.yaml"
        described.write_text(yaml.safe_dump(mapping), encoding="utf-8")
        return ingest(self.engine, file, described, self.folder / "rejects", NOW, OfGrid(grid, self.grids))

    def tables(self) -> dict[str, list[tuple]]:
        """Everything that is stored, for comparison."""
        with self.engine.connect() as connection:
            return {
                name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for name, table in METADATA.tables.items()
            }

    def values(self, sensor: str) -> list[tuple[str, float | None, int]]:
        """Time, value and quality of one sensor's readings."""
        query = text(
            "SELECT at_us, value, quality FROM reading JOIN sensor ON sensor.seq = reading.sensor"
            " WHERE sensor.name = :name ORDER BY at_us"
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query, {"name": sensor}).all()
        return [(f"{datetime.fromtimestamp(at / 1e6, UTC):%Y-%m-%dT%H:%M:%S}", value, q) for at, value, q in rows]


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    return Desk(sqlite_engine, tmp_path)


def packed(content: str) -> bytes:
    return gzip.compress(content.encode())
