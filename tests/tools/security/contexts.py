"""Contexts and log entries for the tests of this folder."""

from datetime import UTC, datetime, timedelta
from itertools import count

from tools.context import Clock, ToolContext
from tools.element import ElementRef, parse_canonical
from tools.limits import LimitTable
from tools.telemetry.schema.log import LogEntry, LogKind

DAY = datetime(2026, 3, 10, tzinfo=UTC)
AS_OF = DAY + timedelta(hours=23, minutes=59)
_number = count()


def access(at, success=True, account="op.kay", origin="ws-1", **more) -> LogEntry:
    return LogEntry(
        id=f"a{next(_number)}",
        kind=LogKind.ACCESS,
        at=at,
        host=more.pop("host", "scada-1"),
        origin=origin,
        account=account,
        action=more.pop("action", "login"),
        success=success,
        **more,
    )


def command(at, action="open", element="line:3", account="op.kay", origin="ws-1", **more) -> LogEntry:
    pair = parse_canonical(element) if element else None
    return LogEntry(
        id=f"c{next(_number)}",
        kind=LogKind.COMMAND,
        at=at,
        host="scada-1",
        origin=origin,
        account=account,
        action=action,
        success=more.pop("success", True),
        element=ElementRef(kind=pair[0], index=pair[1]) if pair else None,
        **more,
    )


def context(**sources) -> ToolContext:
    return ToolContext(grids=None, limits=LimitTable(limits=()), clock=Clock(AS_OF, AS_OF), **sources)
