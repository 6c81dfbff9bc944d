"""A small recorded run: two tool calls, one that fails, one model call, a report rendered from the evidence."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from agents.evidence import Evidence, FailedCall, evidence_digest
from agents.finding import Finding
from agents.plan import Plan, PlanStep
from agents.question import Question, ReportKind, ReportStatus, Resolved
from agents.report import Citation, GridStamp, ReasonerStamp, Report, Section, SectionState
from agents.statement import Draft, Ref, Statement, Text
from orchestrator.gate.render import render
from orchestrator.runs.journal import JournaledModels, JournaledTools, ModelCaller, ModelFailedError, ToolCaller
from orchestrator.runs.record import ReasonerChoice, RunHeader
from orchestrator.runs.run_store import RunStore
from tools.vocabulary import Confidence, Severity

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
FINGERPRINT = "ab" * 32
LOADING = {(): 61.25, ("line:14",): 111.8312}
"""Loading of line 9 in percent, by what is out."""


def power_flow(outages: tuple[str, ...]) -> dict[str, JsonValue]:
    case = f"out {outages[0]}" if outages else "base"
    element: JsonValue = {"kind": "line", "index": 9, "name": "Line 9"}
    return {
        "case": case,
        "branches": [{"element": element, "case": case, "loading_percent": LOADING[outages], "p_from_mw": -3.5}],
    }


class FakeTools:
    """Answers like a power flow; counts its calls, to show what was not called again."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def call(
        self, agent: str, tool: str, arguments: dict[str, JsonValue], number: int | None = None
    ) -> Evidence | FailedCall:
        del number  # the journal's
        self.calls.append((tool, str(arguments)))
        if tool == "search_standards":
            return FailedCall(
                tool=tool, agent=agent, arguments=arguments, error="SourceMissingError", reason="no library"
            )
        outages = arguments.get("outages", [])
        assert isinstance(outages, list)
        return evidence_of(power_flow(tuple(str(item) for item in outages)), arguments, agent=agent)


class FakeModel:
    """A language model that says one thing, or nothing."""

    def __init__(self, reply: str | None = "Line 9 is the worst.") -> None:
        self.reply = reply
        self.calls = 0

    def call(self, agent: str, request: dict[str, JsonValue]) -> str:
        del agent, request
        self.calls += 1
        if self.reply is None:
            message = "server is down"
            raise ModelFailedError(message)
        return self.reply


def evidence_of(
    result: dict[str, JsonValue], arguments: dict[str, JsonValue], identifier: str = "", **changes: object
) -> Evidence:
    fields: dict[str, object] = {
        "id": identifier,
        "tool": "solve_power_flow",
        "tool_version": "1",
        "agent": "grid_monitor",
        "arguments": arguments,
        "result": result,
        "grid_fingerprint": FINGERPRINT,
        "as_of": START,
        "known_until": START,
        "digest": "",
        "elapsed_ms": 3.25,
    }
    draft = Evidence.model_validate(fields | changes)
    return draft.model_copy(update={"digest": evidence_digest(draft)})


def header_of(identifier: str = "r-1", **changes: object) -> RunHeader:
    fields: dict[str, object] = {
        "id": identifier,
        "kind": ReportKind.ANSWER,
        "question": Question(text="What if line 14 trips?", grid="case30"),
        "as_of": START,
        "known_until": START,
        "seed": 7,
        "reasoner": ReasonerChoice(kind="embedded", model="embedded"),
        "prompts": {"grid_monitor.v1": "0123456789ab"},
        "versions": {"pandapower": "3.5.6"},
        "started_at": START,
        "timezone": "Europe/Berlin",
    }
    return RunHeader.model_validate(fields | changes)


PLAN = Plan(
    steps=(
        PlanStep(agent="grid_monitor", tool="solve_power_flow", purpose="base"),
        PlanStep(agent="grid_monitor", tool="solve_power_flow", arguments={"outages": ["line:14"]}, purpose="outage"),
        PlanStep(agent="coordinator", tool="search_standards", arguments={"query": "loading"}, purpose="limit"),
    )
)


def way(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
    """A question's way as the Runner goes it: plan, calls, one wording, report."""
    outcomes = [tools.call(step.agent, step.tool, step.arguments) for step in PLAN.steps]
    models.call("coordinator", {"model": "m", "messages": [{"role": "user", "content": header.question.text}]})
    return report_of(header, [item for item in outcomes if isinstance(item, Evidence)])


def report_of(header: RunHeader, evidence: list[Evidence]) -> Report:
    zone = ZoneInfo(header.timezone)
    known = {item.id: item for item in evidence}
    base, out = evidence[0].id, evidence[1].id

    def said(*parts: Text | Ref) -> Statement:
        return render(Draft(parts=parts), known, zone)

    loading = "/branches/0/loading_percent"
    answer = said(
        Ref(evidence=out, path="/branches/0/element"),
        Text(text=" is loaded to "),
        Ref(evidence=out, path=loading),
        Text(text=", before it was "),
        Ref(evidence=base, path=loading),
        Text(text="."),
    )
    return Report(
        id=f"rep-{header.id}",
        run_id=header.id,
        kind=header.kind,
        status=ReportStatus.ANSWERED,
        question=header.question,
        resolved=Resolved(),
        grid=GridStamp(name="case30", fingerprint=FINGERPRINT),
        as_of=header.as_of,
        created_at=header.started_at,
        summary=(answer,),
        sections=(Section(key="state", title="State", state=SectionState.FINDINGS, statements=(answer,)),),
        findings=(
            Finding(
                id="f1",
                agent="grid_monitor",
                kind="overload",
                severity=Severity.WARNING,
                title=said(Text(text="Worst branch: "), Ref(evidence=out, path="/branches/0/element")),
                statement=answer,
                confidence=Confidence.HIGH,
                evidence=(out,),
            ),
        ),
        evidence=tuple(evidence),
        citations=(Citation(id="c1", document="Digest", edition="2026", clause="4.2", quote="Loading stays below."),),
        reasoner=ReasonerStamp(kind="embedded", model="embedded"),
    )


def go(store: RunStore, header: RunHeader, tools: ToolCaller | None = None, model: ModelCaller | None = None) -> Report:
    """A live run, recorded."""
    store.start(header)
    journaled_tools = JournaledTools(store, header.id, tools or FakeTools())
    report = way(header, journaled_tools, JournaledModels(store, header.id, model or FakeModel()))
    store.finish(header.id, report)
    return report
