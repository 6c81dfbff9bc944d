"""The head of a run: its question understood, its time fixed, its plan made."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

from agents.incident import Incident
from agents.plan import Plan
from agents.question import Question, ReportKind, ReportStatus, Resolved
from agents.report import GridStamp
from agents.team import TEAM
from knowledge.embedding import load_embedder
from orchestrator.home import Home
from orchestrator.observing import (
    Observable,
    asked_time,
    last_of,
    observe,
    only_a_time,
    place,
    replace_time,
    unreadable,
)
from orchestrator.planning import make_plan
from orchestrator.prompting import load_prompt
from orchestrator.recommending import candidate_steps
from orchestrator.resolve import resolve
from orchestrator.runs.identifiers import new_id
from orchestrator.runs.record import ReasonerChoice, RunHeader
from orchestrator.speaking import CORRECTION
from orchestrator.workbench import Workbench
from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.inventory import build_inventory

_PACKAGES = ("gridcrew", "pandapower", "lightsim2grid", "crewai", "sentence-transformers")


@dataclass(frozen=True)
class Heading:
    """Makes the headers of runs.

    Attributes:
        home: Conversations and incidents that a question may refer to.
        workbench: Sources of the grids.
        timezone: IANA name of the control room's zone.
    """

    home: Home
    workbench: Workbench
    timezone: str

    def make(
        self, question: Question, reasoner: ReasonerChoice, grid: Grid, now: datetime, run_id: str | None = None
    ) -> RunHeader:
        """Understand and plan a question.

        Raises:
            UnknownRecordError: when it asks for an incident that is not on record.
        """
        incident = self.home.incidents.get(question.incident, now) if question.incident else None
        clock = self.workbench.clock(grid.name, question.at, now)
        context = self.workbench.context(grid, clock)
        resolved = self._resolve(question, grid, context)
        plan = self._plan(question, resolved, context, incident)
        prompts = [load_prompt(name) for name in (*(spec.prompt for spec in TEAM), CORRECTION)]
        return RunHeader(
            id=run_id or new_id("r", now),
            kind=question.kind,
            question=question,
            resolved=resolved,
            plan=plan,
            grid=GridStamp(name=grid.name, fingerprint=grid.fingerprint),
            as_of=clock.as_of,
            known_until=clock.known_until,
            seed=0,
            reasoner=reasoner,
            prompts={prompt.name: prompt.fingerprint for prompt in prompts},
            versions={package: version(package) for package in _PACKAGES},
            started_at=now,
            timezone=self.timezone,
            conversation=question.conversation,
        )

    def _resolve(self, question: Question, grid: Grid, context: ToolContext) -> Resolved:
        """What was measured, logged and recorded has words of its own; everything else is about the grid.

        A grid whose state was measured can be asked about a time: the rest of the question is understood without it.
        """
        inventory, seen = build_inventory(grid), self._observable(grid, context)
        turns = self.home.conversations.turns(question.conversation) if question.conversation else ()
        observed = observe(question, inventory, seen, turns)
        if observed is not None:
            return observed
        if question.kind is not ReportKind.ANSWER or not self._measured(context):
            return resolve(question, inventory, turns, load_embedder())
        if reason := unreadable(question.text):
            return Resolved(status=ReportStatus.REFUSED, reason=reason)
        asked = asked_time(question.text, seen.as_of, seen.zone)
        last = last_of(question.grid, turns)
        if last is not None and only_a_time(question.text, asked):
            return replace_time(last, asked, seen, inventory)
        timeless = question.model_copy(update={"text": asked.without(question.text) or question.text})
        return place(resolve(timeless, inventory, turns, load_embedder()), asked, seen)

    def _observable(self, grid: Grid, context: ToolContext) -> Observable:
        newest = self.home.incidents.list(1, grid.name, context.clock.known_until)
        return Observable(
            sensors=context.telemetry.sensors() if context.telemetry else (),
            assets=context.assets.assets() if context.assets else (),
            as_of=context.clock.as_of,
            zone=ZoneInfo(self.timezone),
            incident=newest[0].id if newest else None,
        )

    def _plan(self, question: Question, resolved: Resolved, context: ToolContext, incident: Incident | None) -> Plan:
        """The deterministic steps, and the actions that are worth simulating."""
        measured = self._measured(context)
        plan = make_plan(question, resolved, context.clock.as_of, measured=measured, incident=incident)
        at = resolved.at if incident is None else _height(incident, context.clock)
        candidates = candidate_steps(question, resolved, context, at)
        return Plan(steps=(*plan.steps, *candidates))

    def _measured(self, context: ToolContext) -> bool:
        grid = context.loaded_grid().name
        return self.workbench.sources(grid, context.clock.known_until).measured


def _height(incident: Incident, clock: Clock) -> datetime:
    """The moment that advice on an incident is for: when the last of its findings began."""
    starts = [item.start for item in incident.findings if item.start is not None]
    return max(starts, default=clock.as_of)
