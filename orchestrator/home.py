"""The data directory of a service: its store, opened and brought up to date."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from orchestrator.runs.conversations import ConversationStore
from orchestrator.runs.incidents import IncidentStore
from orchestrator.runs.open_items import OpenItems
from orchestrator.runs.reports import ReportStore
from orchestrator.runs.run_store import RunStore
from orchestrator.settings import Settings
from orchestrator.store.engine import open_engine
from orchestrator.store.migrate import upgrade
from orchestrator.store.registered_grids import RegisteredGrids


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Home:
    """What is kept; opening it loads no engine and no model.

    Attributes:
        engine: The store.
        runs: Runs with their calls.
        reports: Reports, and who acknowledged them.
        conversations: Turns of conversations.
        grids: Grids of the user's own.
        incidents: What belongs together, as shift reports found it.
        items: What shift reports left open.
    """

    engine: Engine
    runs: RunStore
    reports: ReportStore
    conversations: ConversationStore
    grids: RegisteredGrids
    incidents: IncidentStore
    items: OpenItems


def open_home(settings: Settings) -> Home:
    """Open the data directory, making it where it is missing, readable by its owner only."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(settings.store_url)
    upgrade(engine)
    return Home(
        engine=engine,
        runs=RunStore(engine, utc_now),
        reports=ReportStore(engine),
        conversations=ConversationStore(engine),
        grids=RegisteredGrids(engine, utc_now),
        incidents=IncidentStore(engine),
        items=OpenItems(engine),
    )
