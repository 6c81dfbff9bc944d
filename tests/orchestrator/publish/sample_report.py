"""A report as a run makes it: evidence first, every sentence rendered by the gate from references."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from pandapower import networks

from agents.evidence import Evidence, evidence_digest
from agents.finding import Finding, Recommendation
from agents.question import Intent, Question, ReportKind, ReportStatus, Resolved
from agents.report import (
    Acknowledgement,
    Citation,
    Figure,
    GridStamp,
    ReasonerStamp,
    Report,
    Section,
    SectionState,
    Table,
)
from agents.statement import Draft, Ref, Statement, Struck, Text, Token, TokenKind
from orchestrator.gate.render import render
from tests.tools.grid.drawing_context import context_for
from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind, ElementRef
from tools.grid.drawing import draw_grid
from tools.grid.schema.drawing import DrawGridArguments
from tools.vocabulary import ActionVerdict, CauseVerdict, Confidence, Severity

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FINGERPRINT = "9f2c" * 16
COVERAGE = Coverage(checked=41, solved=38, islanding=3, left_out=(LeftOut(what="shunts", count=2, reason="no rating"),))


def evidence(identifier: str, tool: str, arguments: dict, result: dict) -> Evidence:
    """One recorded call."""
    draft = Evidence(
        id=identifier,
        tool=tool,
        tool_version="1",
        agent="grid_monitor",
        arguments=arguments,
        result=result,
        grid_fingerprint=FINGERPRINT,
        as_of=NOW,
        known_until=NOW,
        digest="",
        elapsed_ms=12.25,
    )
    return draft.model_copy(update={"digest": evidence_digest(draft)})


def limit_check(name: str) -> dict:
    """A violation as ``check_limits`` stores it; the name is untrusted text of the grid model."""
    element = {"kind": "line", "index": 9, "name": name}
    row = {
        "element": element,
        "case": "base",
        "kind": "overload",
        "severity": "critical",
        "loading_percent": 111.8312,
        "limit_percent": 100.0,
        "i_ka": 0.1528,
        "rating_ka": 0.1366,
        "basis": "grid model",
    }
    return {"case": "base", "status": "violation", "violations": [row], "overloads": 1, "omitted": 0}


def screening() -> dict:
    """Order-1 outages with more rows than the appendix shows."""
    rows = [
        {
            "element": {"kind": "line", "index": index, "name": ""},
            "case": f"out line:{index}",
            "outcome": "insecure",
            "unserved_p_mw": 0.0,
            "worst_loading": {"element": {"kind": "line", "index": 9, "name": ""}, "loading_percent": 130.0 - index},
        }
        for index in range(20)
    ]
    return {
        "case": "base",
        "secure": False,
        "coverage": COVERAGE.model_dump(mode="json"),
        "outages_adding_overloads": 10,
        "rows": rows,
        "omitted": 21,
    }


@lru_cache(maxsize=4)
def drawing() -> dict:
    """A real picture of case30."""
    return draw_grid(context_for("case30", networks.case30()), DrawGridArguments()).model_dump(mode="json")


def simulation() -> dict:
    """A redispatch that clears the overload."""
    return {
        "before": {"case": "before", "highest_loading": {"loading_percent": 111.8312}},
        "after": {"case": "after", "highest_loading": {"loading_percent": 96.4}},
        "security_after": {"case": "after", "secure": False, "insecure_outages": 7},
        "verdict": "best_available",
    }


class Sample:
    """Builds one report; hostile texts can be given for everything that is untrusted."""

    def __init__(self, *, name: str = "Line 6-8", question: str | None = None, quote: str | None = None) -> None:
        self.name = name
        self.question = question or "What is overloaded at 110 % or more, and what should I do?"
        self.quote = quote or "A branch above 100 % of its rating is relieved within 15 minutes."
        self.evidence = (
            evidence("e1", "check_limits", {"limit": 10}, limit_check(name)),
            evidence("e2", "screen_contingencies", {"order": 1, "limit": 20}, screening()),
            evidence("e3", "draw_grid", {}, drawing()),
            evidence(
                "e4", "simulate_actions", {"proposed": [{"type": "redispatch", "delta_p_mw": -8.0}]}, simulation()
            ),
        )
        self.by_id = {item.id: item for item in self.evidence}

    def say(self, *pieces: str | Ref | Token) -> Statement:
        """A sentence: plain words as str, values as Ref, anything else with digits as Token."""
        parts = tuple(Text(text=piece) if isinstance(piece, str) else piece for piece in pieces)
        return render(Draft(parts=parts), self.by_id, BERLIN)

    def report(self, kind: ReportKind = ReportKind.SHIFT) -> Report:
        """The report."""
        line = Ref(evidence="e1", path="/violations/0/element")
        loading = Ref(evidence="e1", path="/violations/0/loading_percent")
        limit = Ref(evidence="e1", path="/violations/0/limit_percent")
        return Report(
            id="rep-01HZX3",
            run_id="run-01HZX2",
            kind=kind,
            status=ReportStatus.QUALIFIED,
            question=Question(text=self.question, kind=kind, grid="case30"),
            resolved=Resolved(
                intents=(Intent.LIMITS, Intent.ADVICE),
                understood=self.say("Broken limits and advice for the grid as it stands, ", line, " in focus."),
            ),
            grid=GridStamp(name="case30", fingerprint=FINGERPRINT),
            as_of=NOW,
            created_at=NOW,
            coverage=COVERAGE,
            summary=(
                self.say("Branch ", line, " carries ", loading, " of its rating."),
                self.say("Outages that add overloads: ", Ref(evidence="e2", path="/outages_adding_overloads"), "."),
            ),
            sections=self._sections(line, loading, limit),
            findings=(self._finding(line, loading, limit),),
            recommendations=self._advice(line),
            evidence=self.evidence,
            citations=(
                Citation(id="c1", document="GridCrew digest: loading", edition="2026", clause="3.2", quote=self.quote),
            ),
            not_checked=(self.say("Voltage angle limits: the grid model states none."),),
            disagreements=(self.say("The sources of the rating of ", line, " differ."),),
            struck=(Struck(reason="no evidence holds this value", masked="Line ▮ will fail within ▮ hours."),),
            acknowledgements=(Acknowledgement(name="Ada 7", role="shift engineer 2", at=NOW),),
            reasoner=ReasonerStamp(kind="embedded", model="all-MiniLM-L6-v2"),
            prompts={"coordinator.v1": "a1b2c3d4e5f6", "grid_monitor.v1": "0f1e2d3c4b5a"},
        )

    def _sections(self, line: Ref, loading: Ref, limit: Ref) -> tuple[Section, ...]:
        rows = tuple(
            (
                self.say(Ref(evidence="e2", path=f"/rows/{index}/element")),
                self.say(Ref(evidence="e2", path=f"/rows/{index}/outcome")),
                self.say(Ref(evidence="e2", path=f"/rows/{index}/worst_loading/loading_percent")),
            )
            for index in (0, 1, 2, 18)
        )
        table = Table(
            title="Outages, worst first (N-1)",
            columns=("Outage", "Outcome", "Worst loading"),
            rows=rows,
            omitted=self.say("Rows not shown: ", Ref(evidence="e2", path="/omitted"), "."),
        )
        figure = Figure(
            title="The grid",
            caption=self.say(Ref(evidence="e3", path="/title"), ". ", Ref(evidence="e3", path="/note")),
            svg=str(self.by_id["e3"].result["svg"]),
            evidence=("e3",),
        )
        return (
            Section(
                key="state",
                title="State of the grid",
                state=SectionState.FINDINGS,
                statements=(self.say("The worst branch is ", line, " at ", loading, "."),),
                figures=(figure,),
            ),
            Section(
                key="exceedances",
                title="Broken limits",
                state=SectionState.FINDINGS,
                statements=(self.say(line, " carries ", loading, " against a limit of ", limit, "."),),
            ),
            Section(key="security", title="Security (N-1)", state=SectionState.FINDINGS, tables=(table,)),
            Section(key="reliability", title="Reliability", state=SectionState.NOTHING_FOUND),
            Section(
                key="alarms",
                title="Alarms",
                state=SectionState.NOT_CHECKED,
                statements=(self.say("not checked: no alarm log"),),
            ),
        )

    def _finding(self, line: Ref, loading: Ref, limit: Ref) -> Finding:
        return Finding(
            id="f1",
            agent="grid_monitor",
            kind="overload",
            severity=Severity.CRITICAL,
            title=self.say(line, ": ", Ref(evidence="e1", path="/violations/0/kind")),
            statement=self.say("It carries ", loading, "; the limit is ", limit, "."),
            assets=(ElementRef(kind=ElementKind.LINE, index=9, name=self.name),),
            start=NOW,
            cause=self.say("Too much of the import takes this path."),
            verdict=CauseVerdict.LIKELY,
            confidence=Confidence.HIGH,
            evidence=("e1", "e2"),
            citations=("c1",),
        )

    def _advice(self, line: Ref) -> tuple[Recommendation, ...]:
        proven = Recommendation(
            id="r1",
            title=self.say("Lower unit ", Token(kind=TokenKind.IDENTIFIER, text="gen:1")),
            verdict=ActionVerdict.BEST_AVAILABLE,
            before=self.say("highest loading ", Ref(evidence="e4", path="/before/highest_loading/loading_percent")),
            after=self.say("highest loading ", Ref(evidence="e4", path="/after/highest_loading/loading_percent")),
            security=self.say("insecure outages: ", Ref(evidence="e4", path="/security_after/insecure_outages")),
            rationale=self.say("It relieves ", line, "."),
            evidence=("e4",),
        )
        others = [
            Recommendation(
                id=f"r{number}",
                title=self.say(title),
                verdict=verdict,
                rationale=self.say("Simulated with the same state."),
                evidence=("e4",),
            )
            for number, verdict, title in (
                (2, ActionVerdict.VERIFIED, "Close the tie"),
                (3, ActionVerdict.REJECTED, "Open the parallel branch"),
                (4, ActionVerdict.PROCEDURAL, "Inspect the conductor"),
            )
        ]
        return (proven, *others)
