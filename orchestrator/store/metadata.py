"""All tables of the service, for migrations: importing this module declares every one of them."""

from collections.abc import Callable

from sqlalchemy.schema import SchemaItem

import orchestrator.store.model_table
import orchestrator.store.schedule_table
import orchestrator.store.tables  # noqa: F401 - declares its tables
import tools.telemetry.reading_table
import tools.telemetry.tables  # noqa: F401 - declares its tables
from tools.telemetry.metadata import METADATA

__all__ = ["METADATA", "wanted_in"]


def wanted_in(dialect: str) -> Callable[..., bool]:
    """Alembic's ``include_object``: what is declared for one kind of database only is no difference in another."""

    def wanted(item: SchemaItem, *_: object) -> bool:
        return bool(item.info.get("dialect", dialect) == dialect)

    return wanted
