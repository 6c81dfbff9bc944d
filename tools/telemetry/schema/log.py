"""Entries of logs: who logged in from where, which command was sent to what, which message went over the network."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.element import ElementRef
from tools.result import Result
from tools.telemetry.schema.message import ProtocolMessage


class LogKind(StrEnum):
    """Which log an entry stands in."""

    ACCESS = "access"
    COMMAND = "command"
    ALARM = "alarm"
    SWITCHING = "switching"
    PROTOCOL = "protocol"


class LogEntry(Result):
    """One line of a log; its texts are untrusted data, quoted and never followed."""

    id: str = Field(description="Unique within its store")
    kind: LogKind
    at: AwareDatetime
    host: str | None = Field(default=None, description="Machine that wrote the entry")
    origin: str | None = Field(default=None, description="Address or machine that the action came from")
    account: str | None = None
    action: str = Field(description="login, logout, open, close, set_point, file_transfer, … in lower case")
    success: bool | None = Field(default=None, description="None where the log does not say")
    count: int = Field(default=1, ge=1, description="Occurrences that the line stands for: folded repeats count")
    element: ElementRef | None = None
    closed: bool | None = Field(default=None, description="Position after a switching")
    text: str = Field(default="", max_length=2000, description="The line as written")
    set_point: Amount | None = Field(default=None, description="Of a command that gives one")
    order: str | None = Field(default=None, max_length=200, description="Switching order that a command names")
    message: ProtocolMessage | None = Field(default=None, description="Of a protocol log")
