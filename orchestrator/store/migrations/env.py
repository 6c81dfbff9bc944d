"""Alembic's entry: always in process, on the connection that ``orchestrator.store.migrate`` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from orchestrator.store.metadata import METADATA, wanted_in
from tools.telemetry.metadata import UtcTime


def _plain(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write database types into a migration, not our classes: a migration must outlive them."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    include_object=wanted_in(connection.dialect.name),
    render_as_batch=True,  # SQLite changes a table by copying it
    render_item=_plain,
)
context.run_migrations()
