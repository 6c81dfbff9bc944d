"""The runner: takes a question, keeps its record, gives its report."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from agents.evidence import Evidence
from agents.question import Question, ReportKind, Resolved, Turn
from agents.report import Acknowledgement, Report
from knowledge.library import open_library
from orchestrator.desk import Desk
from orchestrator.grids import load_grid
from orchestrator.heading import Heading
from orchestrator.home import open_home, utc_now
from orchestrator.incidents import explanation_of
from orchestrator.live import LiveTools, live_model
from orchestrator.planning.span import Span
from orchestrator.runs.carried import last_shift_report
from orchestrator.runs.errors import RecordConflictError
from orchestrator.runs.identifiers import new_id
from orchestrator.runs.journal import JournaledModels, JournaledTools
from orchestrator.runs.recompute import recomputing
from orchestrator.runs.record import ReasonerChoice, RunHeader
from orchestrator.runs.replay import Replay, replay
from orchestrator.runs.verify import Verification, verify_stored
from orchestrator.settings import Settings
from orchestrator.settling import settle
from orchestrator.store.stored_telemetry import StoredTelemetry
from orchestrator.way import follow
from orchestrator.workbench import Workbench
from tools.context import Clock, ToolContext
from tools.errors import GridUnavailableError, close_names
from tools.grid.grid import Grid
from tools.grid.importing import known_cases
from tools.grid.neighbourhood import BusDistance
from tools.grid.snapshot_timeline import LEAD
from tools.security.schema.bad_data import LOOK_BACK_H

_BEFORE = (max(LEAD, timedelta(hours=LOOK_BACK_H)), LEAD)
"""How long before a shift readings are held: all that its tools look at, else what most of them look at."""
_AT_ONCE = 100
"""Questions of one conversation that may end at the same moment."""


class Runner:
    """Everything that a front door can ask for; one for each process, safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._home = open_home(settings)
        self.runs = self._home.runs
        self.reports = self._home.reports
        self.grids = self._home.grids
        self.incidents = self._home.incidents
        self.library = open_library(settings.home / "library")
        self._workbench = Workbench(self._home.engine, self.library, settings.standard_limits, settings.spreading)
        self._heading = Heading(self._home, self._workbench, settings.timezone)

    @property
    def engine(self) -> Engine:
        """The store."""
        return self._home.engine

    def ask(self, question: Question, reasoner: ReasonerChoice) -> Report:
        """Answer one question; the run is on record whatever happens.

        Raises:
            GridUnavailableError: when the grid cannot be had; nothing is recorded then.
            UnknownRecordError: when it asks for an incident that is not on record.
        """
        return self.carry_out(self.prepare(question, reasoner).id)

    def prepare(self, question: Question, reasoner: ReasonerChoice, run_id: str | None = None) -> RunHeader:
        """Understand and plan a question, and record that its run begins.

        Args:
            question: What is asked.
            reasoner: Who words the answer.
            run_id: Identifier that the run shall have; a run that has begun under it is not begun again.

        Raises:
            GridUnavailableError: when the grid cannot be had; nothing is recorded then.
            UnknownRecordError: when it asks for an incident that is not on record.
        """
        begun = None if run_id is None else self.runs.begun(run_id)
        if begun is not None:
            return begun
        header = self._heading.make(question, reasoner, load_grid(question.grid, self.grids), utc_now(), run_id)
        self.runs.start(header)
        return header

    def carry_out(self, run_id: str) -> Report:
        """Bring a run that has begun to its end; what is journaled is not done again, a stored report is given back.

        Raises:
            UnknownRecordError: when no such run has begun.
            GridUnavailableError: when its version of the grid is gone.
        """
        record = self.runs.get(run_id)
        report = record.report or self._finish(record.header)
        self._remember(record.header)
        self._settle(report)
        return report

    def explain(self, incident: str, reasoner: ReasonerChoice) -> Report:
        """Explain an incident: sequence, what was affected, cause, advice, what was not checked.

        Raises:
            UnknownRecordError: with the nearest identifiers.
        """
        return self.ask(explanation_of(self.incidents.get(incident)), reasoner)

    def acknowledge(self, report: str, name: str, role: str) -> Report:
        """Record who took note of a report.

        Raises:
            UnknownRecordError: with the nearest identifiers.
        """
        return self.reports.acknowledge(report, Acknowledgement(name=name, role=role, at=utc_now()))

    def verify(self, identifier: str) -> Verification:
        """Whether a run's record is intact and its tools give the same again.

        Raises:
            UnknownRecordError: with the nearest identifiers.
        """
        return verify_stored(
            self.runs, identifier, recomputing(lambda evidence: self._context_of(identifier, evidence))
        )

    def replay(self, identifier: str) -> Replay:
        """Go the way of a run again from its record alone, and compare the reports.

        Raises:
            UnknownRecordError: with the nearest identifiers.
            ReplayMissError: when something is asked for that is not recorded.
        """
        return replay(
            self.runs.get(identifier), lambda header, tools, models: follow(header, tools, models, self._desk(header))
        )

    def named_grid(self, name: str) -> str:
        """The name itself, if it means a shipped case or a registered grid: callers over HTTP name no files.

        Raises:
            GridUnavailableError: with the nearest names.
        """
        known = (*known_cases(), *(item.name for item in self.grids.list()))
        if name not in known:
            raise GridUnavailableError(f"There is no grid called {name!r}. {close_names(name, known)}")
        return name

    def clock(self, grid: str, at: datetime | None) -> Clock:
        """The time of a call on a grid: as asked, of a simulated day its last moment, else now."""
        return self._workbench.clock(grid, at, utc_now())

    def context(self, grid: Grid, clock: Clock, seed: int = 0) -> ToolContext:
        """What tools are given besides their arguments."""
        return self._workbench.context(grid, clock, seed)

    def _context_of(self, identifier: str, evidence: Evidence) -> ToolContext:
        header = self.runs.get(identifier).header
        grid = load_grid(header.question.grid, self.grids, evidence.grid_fingerprint)
        return self.context(grid, Clock(as_of=evidence.as_of, known_until=evidence.known_until), header.seed)

    def _finish(self, header: RunHeader) -> Report:
        fingerprint = None if header.grid is None else header.grid.fingerprint
        try:
            report = self._follow(header, load_grid(header.question.grid, self.grids, fingerprint))
        except Exception as error:
            self.runs.fail(header.id, f"{type(error).__name__}: {error}")
            raise
        self.runs.finish(header.id, report)
        return report

    def _follow(self, header: RunHeader, grid: Grid) -> Report:
        clock = Clock(as_of=header.as_of, known_until=header.known_until)
        context = self.context(grid, clock, header.seed)
        if header.kind is ReportKind.SHIFT and isinstance(context.telemetry, StoredTelemetry):
            span = Span.of_shift(header.as_of)
            for before in _BEFORE:
                if context.telemetry.hold(span.start - before, span.end):
                    break
        live = LiveTools(context)
        tools = JournaledTools(self.runs, header.id, live, len(header.plan.steps) if header.plan else 0)
        models = JournaledModels(self.runs, header.id, live_model(header.reasoner, self.settings))
        return follow(header, tools, models, self._desk(header))

    def _desk(self, header: RunHeader) -> Desk:
        return Desk(
            zone=ZoneInfo(header.timezone),
            calls=self.settings.extra_calls,
            now=utc_now,
            new_id=lambda prefix: new_id(prefix, utc_now()),
        )

    def _remember(self, header: RunHeader) -> None:
        """Add the turn to its conversation; of two questions at once the later one comes after the other."""
        if header.conversation is None or header.resolved is None:
            return
        for _ in range(_AT_ONCE):
            earlier = self._home.conversations.turns(header.conversation)
            if any(turn.run == header.id for turn in earlier):
                return
            try:
                self._home.conversations.add_turn(_turn(header, header.resolved, len(earlier)))
            except RecordConflictError:
                continue
            return
        raise RecordConflictError(f"Conversation {header.conversation} takes in too many questions at once")

    def _settle(self, report: Report) -> None:
        """Incidents and open items of a shift report; a report that was settled before changes nothing."""
        if report.grid is None or report.kind is not ReportKind.SHIFT:
            return
        previous = last_shift_report(self.engine, report.grid.name, besides=report.id)
        near = BusDistance(load_grid(report.question.grid, self.grids, report.grid.fingerprint))
        settle(report, near, self.incidents, self._home.items, previous=previous.as_of if previous else None)


def _turn(header: RunHeader, resolved: Resolved, ordinal: int) -> Turn:
    return Turn(
        conversation=header.conversation or "",
        ordinal=ordinal,
        question=header.question.text,
        grid=header.question.grid,
        resolved=resolved,
        run=header.id,
    )
