"""Tables of runs, reports, conversations, open items and incidents.

A ``body`` is canonical JSON as text, so that the digest of what is read equals the digest of what was written;
columns beside it only serve to find a row.
"""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.telemetry.metadata import UtcTime

_ID = 40
_NAME = 100
_DIGEST = 64


def _body() -> Column[str]:
    return Column(Text, nullable=False)


def _owner(target: str) -> Column[str]:
    return Column(String(_ID), ForeignKey(target), nullable=False)


class RunRow(SQLModel, table=True):
    """One run: its header, its state and, once it is done, what proves its integrity."""

    __tablename__ = "run"

    id: str = Field(primary_key=True, max_length=_ID)
    kind: str = Field(max_length=_NAME)
    state: str = Field(max_length=_NAME)
    started_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    header: str = Field(sa_column=_body(), description="RunHeader")
    report_digest: str | None = Field(default=None, max_length=_DIGEST)
    seal: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True), description="Gzipped JSON")
    error: str | None = Field(default=None, sa_column=Column(Text, nullable=True), description="JSON text")


class ToolCallRow(SQLModel, table=True):
    """One tool call: evidence when it was answered, a failed call when it was not."""

    __tablename__ = "tool_call"
    __table_args__ = (
        UniqueConstraint("run_id", "evidence_id"),
        UniqueConstraint("run_id", "call_hash", "occurrence"),
    )

    seq: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(sa_column=_owner("run.id"))
    evidence_id: str | None = Field(default=None, max_length=_ID, description="None for a failed call")
    call_hash: str = Field(max_length=_DIGEST, description="SHA-256 over agent, tool and arguments")
    occurrence: int = Field(description="How many equal calls of the run came before")
    body: str = Field(sa_column=_body(), description="Evidence or FailedCall")


class ModelCallRow(SQLModel, table=True):
    """One call of a language model."""

    __tablename__ = "model_call"
    __table_args__ = (UniqueConstraint("run_id", "agent", "ordinal", "content_hash"),)

    seq: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(sa_column=_owner("run.id"))
    agent: str = Field(max_length=_NAME)
    ordinal: int
    content_hash: str = Field(max_length=_DIGEST)
    body: str = Field(sa_column=_body(), description="ModelCall")


class ReportRow(SQLModel, table=True):
    """The report of a run; its evidence stands with the run's tool calls, and only there."""

    __tablename__ = "report"

    id: str = Field(primary_key=True, max_length=_ID)
    run_id: str = Field(sa_column=Column(String(_ID), ForeignKey("run.id"), nullable=False, unique=True))
    kind: str = Field(max_length=_NAME)
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    body: str = Field(sa_column=_body(), description="Report without evidence and acknowledgements")
    evidence_ids: str = Field(sa_column=_body(), description="JSON list, in the report's order")


class AcknowledgementRow(SQLModel, table=True):
    """Who took note of a report; only ever added."""

    __tablename__ = "acknowledgement"

    seq: int | None = Field(default=None, primary_key=True)
    report_id: str = Field(sa_column=Column(String(_ID), ForeignKey("report.id"), nullable=False, index=True))
    body: str = Field(sa_column=_body(), description="Acknowledgement")


class TurnRow(SQLModel, table=True):
    """One step of a conversation."""

    __tablename__ = "turn"

    conversation: str = Field(primary_key=True, max_length=_NAME)
    ordinal: int = Field(primary_key=True)
    run_id: str = Field(sa_column=_owner("run.id"))
    body: str = Field(sa_column=_body(), description="Turn")


class OpenItemRow(SQLModel, table=True):
    """Something that a shift report found and no later one has found gone; closed rows stay."""

    __tablename__ = "open_item"

    id: str = Field(primary_key=True, max_length=_ID)
    grid: str = Field(max_length=200, index=True)
    key: str = Field(max_length=500, description="Kind and assets: what makes two findings the same item")
    kind: str = Field(max_length=_NAME)
    opened_report: str = Field(max_length=_ID)
    opened_at: datetime = Field(sa_column=Column(UtcTime, nullable=False), description="When it was recorded")
    opened_as_of: datetime = Field(sa_column=Column(UtcTime, nullable=False), description="Moment of that report")
    closed_report: str | None = Field(default=None, max_length=_ID)
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    closed_as_of: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    body: str = Field(sa_column=_body(), description="Finding that opened it")


class IncidentRow(SQLModel, table=True):
    """An incident as the report that found it first recorded it."""

    __tablename__ = "incident"

    id: str = Field(primary_key=True, max_length=_ID)
    grid: str = Field(max_length=200, index=True)
    start_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    body: str = Field(sa_column=_body(), description="Incident")


class IncidentFeedbackRow(SQLModel, table=True):
    """What a person said of an incident; only ever added, the newest counts."""

    __tablename__ = "incident_feedback"

    seq: int | None = Field(default=None, primary_key=True)
    incident_id: str = Field(sa_column=Column(String(_ID), ForeignKey("incident.id"), nullable=False, index=True))
    body: str = Field(sa_column=_body(), description="IncidentFeedback")
