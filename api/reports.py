"""Reports: shift reports on demand, all reports in every format, and who took note of them."""

from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from agents.question import Question, ReportKind
from agents.report import Acknowledgement, Report
from api.dependencies import HostDep, LimitQuery, OffsetQuery, WaitingDep
from api.running import Standing, WaitOptions, answered, take
from orchestrator.home import utc_now
from orchestrator.publish import to_html, to_markdown, to_pdf
from orchestrator.runs.record import ReportSummary
from orchestrator.service.timetable import SHIFT_QUESTION

router = APIRouter(prefix="/reports", tags=["reports"])


class Wanted(BaseModel):
    """A shift report."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["shift"] = "shift"
    grid: str | None = Field(default=None, min_length=1, max_length=200, description="The default grid when absent")
    at: AwareDatetime | None = Field(default=None, description="Time of the state; now when absent")
    reasoner: str | None = None


class Role(StrEnum):
    """Which shift takes note."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class Noted(BaseModel):
    """Somebody takes note of a report."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, pattern=r"\S")
    role: Role


class Form(StrEnum):
    """How a report is written."""

    JSON = "json"
    HTML = "html"
    MARKDOWN = "md"
    PDF = "pdf"


MEDIA = {Form.HTML: "text/html", Form.MARKDOWN: "text/markdown", Form.PDF: "application/pdf"}


@router.post("", responses={202: {"model": Standing, "description": "Not done yet: ask again at `where`"}})
async def write(
    wanted: Wanted, wait: Annotated[WaitOptions, Depends()], host: HostDep, waiting: WaitingDep, response: Response
) -> Report | Standing:
    """Write the shift report of a grid."""
    question = Question(
        text=SHIFT_QUESTION, kind=ReportKind.SHIFT, grid=wanted.grid or host.settings.default_grid, at=wanted.at
    )
    return await answered(host, await take(host, waiting, question, wanted.reasoner, wait), response)


@router.get("")
def list_reports(
    host: HostDep, limit: LimitQuery = 20, offset: OffsetQuery = 0, kind: ReportKind | None = None
) -> tuple[ReportSummary, ...]:
    """Reports, newest first."""
    return host.home.reports.list(limit, offset, kind)


@router.get(
    "/{report}",
    response_model=Report,
    responses={200: {"content": {media: {} for media in MEDIA.values()}, "description": "In the format asked for"}},
)
def show(
    report: str,
    host: HostDep,
    form: Annotated[Form, Query(alias="format", description="How it is written")] = Form.JSON,
) -> Response:
    """One report; `latest` is the newest."""
    found = host.home.reports.get(report)
    if form is Form.JSON:
        return Response(found.model_dump_json(), media_type="application/json")
    writers = {Form.HTML: to_html, Form.MARKDOWN: to_markdown, Form.PDF: to_pdf}
    return Response(writers[form](found, host.settings.zone), media_type=MEDIA[form])


@router.post("/{report}/acknowledgements", status_code=201)
def acknowledge(report: str, noted: Noted, host: HostDep) -> Report:
    """Take note of a report, for the outgoing or the incoming shift; nothing is ever taken back."""
    note = Acknowledgement(name=noted.name.strip(), role=noted.role.value, at=utc_now())
    return host.home.reports.acknowledge(report, note)
