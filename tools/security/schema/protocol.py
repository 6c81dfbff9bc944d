"""Arguments and result of ``check_protocol``."""

from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from tools.arguments import Page
from tools.result import Result
from tools.security.schema.context import FindingContext
from tools.subject import SubjectRef
from tools.telemetry.schema.message import ProtocolName
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class CheckProtocolArguments(WindowArguments, Page):
    """Which messages are judged, and which normal traffic they are compared with."""

    normal_start: AwareDatetime | None = Field(
        default=None, description="Begin of the normal traffic that the profile is learnt from; with normal_end"
    )
    normal_end: AwareDatetime | None = Field(
        default=None, description="Its end; without both, the sixty days before the span"
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.normal_start is None) != (self.normal_end is None):
            raise ValueError("normal_start and normal_end belong together; give both or none")
        if self.normal_start and self.normal_end and self.normal_start >= self.normal_end:
            raise ValueError(
                f"normal_start {self.normal_start.isoformat()} is not before normal_end {self.normal_end.isoformat()}"
            )
        return self


class ProtocolIssueKind(StrEnum):
    """What is wrong with messages."""

    UNKNOWN_STATION = "unknown_station"
    UNKNOWN_CONNECTION = "unknown_connection"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_WRITE = "unknown_write"
    WRITE_TO_READ_ONLY = "write_to_read_only"
    UNKNOWN_ADDRESS = "unknown_address"
    UNKNOWN_MESSAGE_TYPE = "unknown_message_type"
    UNKNOWN_FILE_TRANSFER = "unknown_file_transfer"
    AGAINST_THE_STANDARD = "against_the_standard"
    UNEXPECTED_REPLY = "unexpected_reply"
    SCAN = "scan"
    INTERRUPTION = "interruption"
    CONNECTION_LOST = "connection_lost"
    MESSAGE_FLOOD = "message_flood"
    SEQUENCE_BROKEN = "sequence_broken"
    BUSBAR_FAULT = "busbar_fault"
    BREAKER_FAILURE = "breaker_failure"
    PROTECTION_TRIP = "protection_trip"
    BREAKER_MOVED = "breaker_moved"


class ProtocolIssue(Result):
    """Messages, or a lack of them, that do not belong to normal traffic: one alert."""

    subject: SubjectRef = Field(description="Station that it is laid to")
    peer: SubjectRef | None = Field(default=None, description="Station at the other end")
    protocol: ProtocolName
    kind: ProtocolIssueKind
    severity: Severity
    start: AwareDatetime = Field(description="First record that it rests on")
    end: AwareDatetime
    alerted_at: AwareDatetime = Field(description="When it could be known from the messages up to then")
    messages: int = Field(ge=1, description="Records that it rests on")
    detail: str = Field(max_length=500, description="What was found first; names in it are quoted as data")
    breakers: tuple[SubjectRef, ...] = Field(default=(), max_length=20, description="IEDs whose breaker opened")
    breakers_omitted: int = Field(default=0, ge=0)
    lines: tuple[str, ...] = Field(default=(), max_length=3, description="Records, quoted as data")
    confidence: Confidence
    context: FindingContext


class ProtocolProfile(Result):
    """What the profile of normal traffic holds, and of which time it is."""

    start: AwareDatetime = Field(description="First message that it was learnt from")
    end: AwareDatetime
    messages: int = Field(ge=1)
    protocols: tuple[ProtocolName, ...]
    stations: tuple[str, ...] = Field(max_length=20)
    stations_omitted: int = Field(default=0, ge=0)
    connections: int = Field(ge=0, description="Pairs of stations with their roles")
    message_types: int = Field(ge=0, description="Kinds of messages by connection and direction")
    addresses: int = Field(ge=0, description="Addresses of information objects by station")
    writes: int = Field(ge=0, description="Written items by connection")
    longest_pause_s: float | None = Field(
        default=None, ge=0, description="Longest of the usual pauses of any connection; of the rarest there is no limit"
    )
    not_kept: int = Field(default=0, ge=0, description="What did not fit in: not compared")


class ProtocolCheck(Result):
    """What the messages of a time say against normal traffic."""

    start: AwareDatetime
    end: AwareDatetime
    messages: int = Field(ge=0)
    protocols: tuple[ProtocolName, ...]
    unreadable: int = Field(default=0, ge=0, description="Entries of the log without a message that is understood")
    file_transfers: int = Field(default=0, ge=0, description="Transfers of files that follow the standard")
    issues: tuple[ProtocolIssue, ...]
    omitted: int = Field(default=0, ge=0)
    profile: ProtocolProfile | None = None
    not_seen: tuple[str, ...] = Field(default=(), description="What could not be looked at, and why")
    not_compared: str | None = Field(default=None, description="Why there is no profile to compare with")
    simulated: bool = False
