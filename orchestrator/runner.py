"""The runner: takes a question, keeps its record, gives its report."""

from importlib.metadata import version
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from agents.evidence import Evidence
from agents.plan import Plan
from agents.question import Question, Resolved, Turn
from agents.report import GridStamp, Report
from knowledge.embedding import load_embedder
from knowledge.library import open_library
from knowledge.limits import standard_limits
from orchestrator.desk import Desk
from orchestrator.grids import OneGrid, load_grid
from orchestrator.home import open_home, utc_now
from orchestrator.live import LiveTools, live_model
from orchestrator.planning import make_plan
from orchestrator.prompting import load_prompt
from orchestrator.recommending import candidate_steps
from orchestrator.resolve import resolve
from orchestrator.runs.identifiers import new_id
from orchestrator.runs.journal import JournaledModels, JournaledTools
from orchestrator.runs.recompute import recomputing
from orchestrator.runs.record import ReasonerChoice, RunHeader
from orchestrator.runs.record_source import StoredRecords
from orchestrator.runs.replay import Replay, replay
from orchestrator.runs.verify import Verification, verify_stored
from orchestrator.settings import Settings
from orchestrator.speaking import CORRECTION, TEAM
from orchestrator.way import follow
from tools.context import Clock, ToolContext
from tools.errors import GridUnavailableError, close_names
from tools.grid.grid import Grid
from tools.grid.importing import known_cases
from tools.grid.inventory import build_inventory

_PACKAGES = ("gridcrew", "pandapower", "lightsim2grid", "crewai", "sentence-transformers")


class Runner:
    """Everything that a front door can ask for; one for each process, safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._home = open_home(settings)
        self.runs = self._home.runs
        self.grids = self._home.grids
        self._conversations = self._home.conversations
        self.library = open_library(settings.home / "library")

    @property
    def engine(self) -> Engine:
        """The store."""
        return self._home.engine

    def ask(self, question: Question, reasoner: ReasonerChoice) -> Report:
        """Answer one question; the run is on record whatever happens.

        Raises:
            GridUnavailableError: when the grid cannot be had; nothing is recorded then.
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
        """
        begun = None if run_id is None else self.runs.begun(run_id)
        if begun is not None:
            return begun
        header = self._header(question, reasoner, load_grid(question.grid, self.grids), run_id)
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
        return report

    def _finish(self, header: RunHeader) -> Report:
        fingerprint = None if header.grid is None else header.grid.fingerprint
        try:
            report = self._follow(header, load_grid(header.question.grid, self.grids, fingerprint))
        except Exception as error:
            self.runs.fail(header.id, f"{type(error).__name__}: {error}")
            raise
        self.runs.finish(header.id, report)
        return report

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

    def _context_of(self, identifier: str, evidence: Evidence) -> ToolContext:
        header = self.runs.get(identifier).header
        grid = load_grid(header.question.grid, self.grids, evidence.grid_fingerprint)
        return self.context(grid, Clock(as_of=evidence.as_of, known_until=evidence.known_until), header.seed)

    def named_grid(self, name: str) -> str:
        """The name itself, if it means a shipped case or a registered grid: callers over HTTP name no files.

        Raises:
            GridUnavailableError: with the nearest names.
        """
        known = (*known_cases(), *(item.name for item in self.grids.list()))
        if name not in known:
            raise GridUnavailableError(f"There is no grid called {name!r}. {close_names(name, known)}")
        return name

    def context(self, grid: Grid, clock: Clock, seed: int = 0) -> ToolContext:
        """What tools are given besides their arguments."""
        return ToolContext(
            grids=OneGrid(grid),
            limits=standard_limits(),
            clock=clock,
            seed=seed,
            records=StoredRecords(self._home.engine, clock.known_until),
            passages=self.library,
        )

    def _header(
        self, question: Question, reasoner: ReasonerChoice, grid: Grid, run_id: str | None = None
    ) -> RunHeader:
        now = utc_now()
        resolved, plan = self._understand(question, grid)
        prompts = [load_prompt(name) for name in (*(spec.prompt for spec in TEAM), CORRECTION)]
        return RunHeader(
            id=run_id or new_id("r", now),
            kind=question.kind,
            question=question,
            resolved=resolved,
            plan=plan,
            grid=GridStamp(name=grid.name, fingerprint=grid.fingerprint),
            as_of=question.at or now,
            known_until=now,
            seed=0,
            reasoner=reasoner,
            prompts={prompt.name: prompt.fingerprint for prompt in prompts},
            versions={package: version(package) for package in _PACKAGES},
            started_at=now,
            timezone=self.settings.timezone,
            conversation=question.conversation,
        )

    def _understand(self, question: Question, grid: Grid) -> tuple[Resolved, Plan]:
        """The self-contained question and its plan, with the actions that are worth simulating."""
        turns = self._conversations.turns(question.conversation) if question.conversation else ()
        resolved = resolve(question, build_inventory(grid), turns, load_embedder())
        plan = make_plan(question, resolved)
        return resolved, Plan(steps=(*plan.steps, *candidate_steps(question, resolved, grid, standard_limits())))

    def _follow(self, header: RunHeader, grid: Grid) -> Report:
        clock = Clock(as_of=header.as_of, known_until=header.known_until)
        tools = JournaledTools(self.runs, header.id, LiveTools(self.context(grid, clock, header.seed)))
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
        if header.conversation is None or header.resolved is None:
            return
        earlier = self._conversations.turns(header.conversation)
        if any(turn.run == header.id for turn in earlier):
            return
        self._conversations.add_turn(
            Turn(
                conversation=header.conversation,
                ordinal=len(earlier),
                question=header.question.text,
                grid=header.question.grid,
                resolved=header.resolved,
                run=header.id,
            )
        )
