"""Single tool calls of a plan, with the hypothesis of the question laid in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from agents.plan import PlanStep
from agents.question import DispatchWish, Fault, Hypothesis
from tools.element import ElementRef
from tools.grid.schema.actions import Action

MONITOR = "grid_monitor"
DETECTOR = "anomaly_detector"
FORECASTER = "demand_forecaster"
PREDICTOR = "maintenance_predictor"
SENTINEL = "cyber_sentinel"
COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Case:
    """The state that grid tools are asked about.

    Attributes:
        at: RFC 3339 time, None for the run's own.
        since: Begin of a time that ends at ``at`` and is looked through for limits and security; None for ``at`` alone.
    """

    hypothesis: Hypothesis = field(default_factory=Hypothesis)
    at: str | None = None
    since: str | None = None

    @property
    def arguments(self) -> dict[str, JsonValue]:
        """As the tools take it; what is empty is left out."""
        found: dict[str, JsonValue] = {} if self.at is None else {"at": self.at}
        if self.hypothesis.outages:
            found["outages"] = refs(self.hypothesis.outages)
        if self.hypothesis.actions:
            found["actions"] = actions(self.hypothesis.actions)
        return found

    @property
    def swept(self) -> dict[str, JsonValue]:
        """As the tools take it that can look through a time."""
        return self.arguments if self.since is None else self.arguments | {"since": self.since}

    @property
    def changed(self) -> bool:
        """Whether anything is laid over the grid."""
        return bool(self.hypothesis.outages or self.hypothesis.actions)

    def base(self) -> Case:
        """The same time without the hypothesis."""
        return Case(at=self.at, since=self.since)


_RESTORING = 3
"""Switchings after an outage: two ties and what opens the loop between them. Supply comes first, losses can wait."""

_WHOLE_PATH = 100
"""Branches of a path; an operator wants all of it, and the tool gives no more at once."""


def refs(elements: Iterable[ElementRef]) -> list[JsonValue]:
    """Canonical forms."""
    return [str(element) for element in elements]


def actions(proposed: Iterable[Action]) -> list[JsonValue]:
    """Actions as JSON."""
    return [action.model_dump(mode="json") for action in proposed]


def check_model() -> PlanStep:
    """What the model makes meaningless comes before any number of it."""
    return PlanStep(agent=MONITOR, tool="check_model", purpose="what the model makes meaningless")


def solve(
    case: Case, elements: Sequence[ElementRef] = (), rank_by: str | None = None, limit: int | None = None
) -> PlanStep:
    """The state itself."""
    arguments = filled(case.arguments, elements=refs(elements), rank_by=rank_by, limit=limit)
    return PlanStep(agent=MONITOR, tool="solve_power_flow", arguments=arguments, purpose=f"values of {_state(case)}")


def check_limits(case: Case, elements: Sequence[ElementRef] = (), limit: int | None = None) -> PlanStep:
    """Supply and limits of the state."""
    arguments = filled(case.swept, elements=refs(elements), limit=limit)
    return PlanStep(
        agent=MONITOR, tool="check_limits", arguments=arguments, purpose=f"supply and limits of {_state(case)}"
    )


def simulate(case: Case, proposed: Sequence[Action], focus: Sequence[ElementRef]) -> PlanStep:
    """The proposed actions, before and after."""
    arguments = filled(case.arguments, proposed=actions(proposed), focus=refs(focus))
    return PlanStep(agent=MONITOR, tool="simulate_actions", arguments=arguments, purpose="before and after the actions")


def break_down_losses(case: Case, elements: Sequence[ElementRef] = (), limit: int | None = None) -> PlanStep:
    """Where the state loses its power."""
    arguments = filled(case.arguments, elements=refs(elements), limit=limit)
    return PlanStep(agent=MONITOR, tool="break_down_losses", arguments=arguments, purpose="where power is lost")


def short_circuit(case: Case, fault: Fault, buses: Sequence[ElementRef] = (), limit: int | None = None) -> PlanStep:
    """Fault currents, with what the user assumes."""
    arguments = filled(
        case.arguments,
        buses=refs(buses),
        fault=fault.kind.value,
        current=fault.current.value,
        breaking_capacity_ka=fault.breaking_capacity_ka,
        assumptions=[item.model_dump(mode="json", exclude_none=True) for item in fault.assumptions],
        limit=limit,
    )
    return PlanStep(agent=MONITOR, tool="calculate_short_circuit", arguments=arguments, purpose="fault currents")


def reconfigure(case: Case, elements: Sequence[ElementRef]) -> PlanStep:
    """The best radial configuration of a feeder; after an outage the one that a few switchings lead to."""
    few = _RESTORING if case.hypothesis.outages else None
    arguments = filled(case.arguments, paths_to=refs(elements), max_switchings=few)
    return PlanStep(
        agent=MONITOR, tool="reconfigure_feeder", arguments=arguments, purpose="the best radial configuration"
    )


def describe(element: ElementRef) -> PlanStep:
    """Nameplate and neighbours."""
    return PlanStep(
        agent=MONITOR, tool="describe_element", arguments={"element": str(element)}, purpose="data in the model"
    )


def find_path(case: Case, start: ElementRef, end: ElementRef | None = None) -> PlanStep:
    """The way between two elements, or to the nearest infeed."""
    arguments = filled(case.arguments, start=str(start), end=None if end is None else str(end), limit=_WHOLE_PATH)
    return PlanStep(agent=MONITOR, tool="find_path", arguments=arguments, purpose="how it is connected")


def draw(case: Case, around: ElementRef | None) -> PlanStep:
    """A picture."""
    arguments = filled(case.arguments, around=None if around is None else str(around))
    return PlanStep(agent=MONITOR, tool="draw_grid", arguments=arguments, purpose="a picture of the state")


def optimize(case: Case, wish: DispatchWish) -> PlanStep:
    """The optimal dispatch of the state."""
    arguments = filled(
        case.arguments,
        model=wish.model.value,
        objective=wish.objective.value,
        secure_all_outages=wish.secure_all_outages or None,
        reserve_mw=wish.reserve_mw,
    )
    return PlanStep(agent=MONITOR, tool="optimize_dispatch", arguments=arguments, purpose="the optimal dispatch")


def search(query: str) -> PlanStep:
    """What the library says."""
    return PlanStep(
        agent=COORDINATOR, tool="search_standards", arguments={"query": query}, purpose="what the library says"
    )


def read_record(identifier: str | None, kind: str | None = None) -> PlanStep:
    """An earlier run, report or incident; the newest report when none is named."""
    arguments = filled({}, kind=kind, identifier=identifier)
    return PlanStep(agent=COORDINATOR, tool="read_record", arguments=arguments, purpose="what was reported earlier")


def filled(arguments: dict[str, JsonValue], **more: JsonValue) -> dict[str, JsonValue]:
    """Arguments with those that are not empty."""
    return arguments | {name: value for name, value in more.items() if value not in (None, [])}


def _state(case: Case) -> str:
    return "the state with the hypothesis" if case.changed else "the present state"
