"""An ingest that is killed leaves whole batches, and the next one completes it."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from orchestrator.ingest.ingest import ingest
from orchestrator.store.engine import open_engine, sqlite_url
from orchestrator.store.migrate import upgrade
from tests.orchestrator.ingest.conftest import NOW
from tests.orchestrator.ingest.test_tables import WIDE
from tools.telemetry.reading_table import READING

PIECE = 500
ROWS = 20_000
INGEST = """
import sys
from pathlib import Path
import orchestrator.ingest.cells
orchestrator.ingest.cells._PIECE = {piece}
from orchestrator.ingest.ingest import ingest
from orchestrator.store.engine import open_engine
from datetime import UTC, datetime
ingest(open_engine({url!r}), Path({file!r}), Path({mapping!r}), Path({rejects!r}), datetime(2026, 3, 11, tzinfo=UTC))
"""


def stored(engine):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(READING)).scalar_one()


def rows_of(engine):
    with engine.connect() as connection:
        return connection.execute(select(READING).order_by(READING.c.sensor, READING.c.at_us)).all()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    file, mapping = tmp_path / "long.csv", tmp_path / "long.yaml"
    lines = (f"{(start + timedelta(minutes=i)).isoformat()},{i}" for i in range(ROWS))
    file.write_text("time,p\n" + "\n".join(lines))
    mapping.write_text(yaml.safe_dump(WIDE))
    return file, mapping


def test_ingest__killed_in_the_middle(files, tmp_path: Path):
    file, mapping = files
    url = sqlite_url(tmp_path / "home" / "gridcrew.db")
    engine = open_engine(url)
    upgrade(engine)
    script = INGEST.format(
        piece=PIECE, url=url, file=str(file), mapping=str(mapping), rejects=str(tmp_path / "rejects")
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    deadline = time.monotonic() + 120
    while (found := count_or_none(engine)) is None or found < 4 * PIECE:
        assert process.poll() is None, "it ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = stored(engine)
    assert 0 < left < ROWS
    assert left % PIECE == 0
    report = ingest(engine, file, mapping, tmp_path / "rejects", NOW)
    assert (report.taken, report.duplicates, report.rejected) == (ROWS - left, left, 0)
    undisturbed = open_engine(sqlite_url(tmp_path / "other" / "gridcrew.db"))
    upgrade(undisturbed)
    ingest(undisturbed, file, mapping, tmp_path / "rejects", NOW)
    assert rows_of(engine) == rows_of(undisturbed)


def count_or_none(engine):
    try:
        return stored(engine)
    except OperationalError:
        return None
