"""All tables of the service, for migrations: importing this module declares every one of them."""

import orchestrator.store.schedule_table  # noqa: F401 - declares its table
import orchestrator.store.tables  # noqa: F401 - declares its tables
import tools.telemetry.tables  # noqa: F401 - declares its tables
from tools.telemetry.metadata import METADATA

__all__ = ["METADATA"]
