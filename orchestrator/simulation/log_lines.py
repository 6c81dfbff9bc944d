"""Lines of access and command logs, as the simulated control centre writes them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestrator.simulation.staff import SCADA
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from tools.element import ElementRef

Line = tuple[datetime, LogKind, dict[str, Any]]


def login_line(at: datetime, origin: str, account: str, *, success: bool, count: int = 1) -> Line:
    """One or more attempts of an origin to log in to an account."""
    what = "session opened" if success else "authentication failure"
    text = f"{SCADA}: {what} for {account} from {origin}"
    if count > 1:
        text += f" (repeated {count} times)"
    columns = {"host": SCADA, "origin": origin, "account": account, "action": "login"}
    return at, LogKind.ACCESS, {**columns, "success": success, "count": count, "text": text}


def command_line(at: datetime, who: tuple[str, str], action: str, element: ElementRef | None, *, success: bool) -> Line:
    """One command of an origin and account; interlocking refuses what has no success."""
    origin, account = who
    text = f"{SCADA}: {account}@{origin} {action} {element or 'station configuration'}"
    if not success:
        text += ", refused by interlocking"
    columns = {"host": SCADA, "origin": origin, "account": account, "action": action, "element": element}
    return at, LogKind.COMMAND, {**columns, "success": success, "text": text}
