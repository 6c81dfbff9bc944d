"""Single tool calls of a plan, with the hypothesis of the question laid in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from agents.plan import PlanStep
from agents.question import DispatchWish, Fault, Hypothesis, RemedyWish, RestorationWish, ScreeningWish, SheddingWish
from tools.element import ElementRef
from tools.grid.schema.actions import Action, SwitchBranch
from tools.grid.schema.remedies import ActionType

MONITOR = "grid_monitor"
DETECTOR = "anomaly_detector"
FORECASTER = "demand_forecaster"
PREDICTOR = "maintenance_predictor"
SENTINEL = "cyber_sentinel"
COORDINATOR = "coordinator"
COMMON_MODE = "common mode"
"""Name of a group of outages that a question makes."""


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


_BRANCHES = frozenset({"line", "trafo", "trafo3w"})
_INITIATING = frozenset({*_BRANCHES, "gen", "sgen", "ext_grid"})
_SINGLES = 500
"""Single outages that a question without a named one follows to their end; the coverage says what was left out."""
_RESTORING = 3
"""Switchings after an outage: two ties and what opens the loop between them. Supply comes first, losses can wait."""

AFFECTED = 7
"""Branches, and buses, of a heat map: as many columns as stand side by side on a page."""
_ACTIONS: tuple[ActionType, ...] = (
    "switch_branch",
    "redispatch",
    "set_tap",
    "switch_shunt",
    "transfer_load",
    "shed_load",
)
_UNITS: list[JsonValue] = ["gen", "sgen", "ext_grid"]
_CIRCUITS: list[JsonValue] = ["line", "trafo", "trafo3w"]
_LAST, _FIRST = 1, 9
"""Classes of loads that are shed last and first."""
_WHOLE_PLAN = 60
"""Steps of a restoration; the answer tells the first of them, the table has these."""
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
    arguments = _with(case.arguments, elements=refs(elements), rank_by=rank_by, limit=limit)
    return PlanStep(agent=MONITOR, tool="solve_power_flow", arguments=arguments, purpose=f"values of {_state(case)}")


def check_limits(case: Case, elements: Sequence[ElementRef] = (), limit: int | None = None) -> PlanStep:
    """Supply and limits of the state."""
    arguments = _with(case.swept, elements=refs(elements), limit=limit)
    return PlanStep(
        agent=MONITOR, tool="check_limits", arguments=arguments, purpose=f"supply and limits of {_state(case)}"
    )


def screen(
    case: Case, overloading: Sequence[ElementRef] = (), limit: int | None = None, wish: ScreeningWish | None = None
) -> PlanStep:
    """Every single outage on top of the state; as wished of units instead, or beside them."""
    kinds = None if wish is None or not wish.units else [*(_CIRCUITS if wish.branches else []), *_UNITS]
    arguments = _with(case.swept, overloading=refs(overloading), kinds=kinds, affected=AFFECTED, limit=limit)
    return PlanStep(agent=MONITOR, tool="screen_contingencies", arguments=arguments, purpose="every single outage")


def screen_group(case: Case, group: Sequence[ElementRef]) -> PlanStep:
    """What one event takes out together, beside each of it alone."""
    together: list[JsonValue] = [{"name": COMMON_MODE, "elements": refs(group)}]
    arguments = _with(case.arguments, elements=refs(group), groups=together)
    return PlanStep(agent=MONITOR, tool="screen_contingencies", arguments=arguments, purpose="a common mode")


def screen_pairs(
    case: Case, elements: Sequence[ElementRef] = (), limit: int | None = None, wish: ScreeningWish | None = None
) -> PlanStep:
    """Two elements out on top of the state, at once or one after the other: those that are named, else all."""
    after: list[JsonValue] = []
    if wish is not None and wish.adjustment and elements:
        after = [{"after": str(elements[0]), "actions": actions(wish.adjustment)}]
    sequence = "sequential" if wish is not None and wish.sequential else None
    arguments = _with(
        case.arguments,
        order=2,
        elements=refs(elements),
        affected=None if sequence else AFFECTED,  # successive outages have no matrix
        limit=limit,
        sequence=sequence,
        adjustments=after,
    )
    purpose = "two outages at once" if sequence is None else "two outages one after the other"
    return PlanStep(agent=MONITOR, tool="screen_contingencies", arguments=arguments, purpose=purpose)


def find_remedies(case: Case, wish: RemedyWish) -> PlanStep:
    """What helps; a corrective remedy is for the state before its outage."""
    before = case
    if wish.mode == "corrective":
        outages = tuple(ref for ref in case.hypothesis.outages if ref not in wish.contingencies)
        before = Case(Hypothesis(outages=outages, actions=case.hypothesis.actions), case.at)
    allowed: list[JsonValue] = [kind for kind in _ACTIONS if kind not in wish.without] if wish.without else []
    arguments = _with(
        before.arguments,
        mode="corrective" if wish.mode == "corrective" else None,
        contingencies=refs(wish.contingencies),
        allowed=allowed,
        barred=refs(wish.barred),
        effort="quick",
    )
    return PlanStep(agent=MONITOR, tool="find_remedies", arguments=arguments, purpose="actions that help, each proven")


def plan_load_shedding(case: Case, wish: SheddingWish) -> PlanStep:
    """The least load that restores the limits of the state."""
    ranked = [*((ref, _LAST) for ref in wish.last), *((ref, _FIRST) for ref in wish.first)]
    priorities: list[JsonValue] = [{"element": str(ref), "priority": priority} for ref, priority in ranked]
    arguments = _with(case.arguments, priorities=priorities, barred=refs(wish.barred), secure=wish.secure or None)
    return PlanStep(agent=MONITOR, tool="plan_load_shedding", arguments=arguments, purpose="the least load to be shed")


def cascade(
    case: Case, proposed: Sequence[Action], focus: Sequence[ElementRef] = (), limit: int | None = None
) -> PlanStep:
    """What outages in force, and branches that are to be opened, lead to; else those in focus, else every single one.

    Outages of what no protection trips, and all other actions, are in force beforehand.
    """
    opened = [one.element for one in proposed if isinstance(one, SwitchBranch) and not one.closed]
    initiating: list[JsonValue] = [str(ref) for ref in case.hypothesis.outages if ref.kind in _INITIATING]
    initiating += [element for element in opened if element.split(":")[0] in _BRANCHES and element not in initiating]
    initiating = initiating or [str(ref) for ref in focus if ref.kind in _INITIATING]
    before = Case(
        Hypothesis(
            outages=tuple(ref for ref in case.hypothesis.outages if ref.kind not in _INITIATING),
            actions=(*case.hypothesis.actions, *(one for one in proposed if one.element not in initiating)),
        ),
        case.at,
    )
    wanted: dict[str, JsonValue] = {"initiating": [initiating]} if initiating else {"order": 1, "sample": _SINGLES}
    arguments = _with(before.arguments | wanted, limit=limit)
    return PlanStep(agent=MONITOR, tool="simulate_cascade", arguments=arguments, purpose="how far outages spread")


def draw_cascade(simulated: PlanStep) -> PlanStep:
    """The picture of what was simulated."""
    arguments = {name: value for name, value in simulated.arguments.items() if name != "limit"}
    return PlanStep(agent=MONITOR, tool="draw_cascade", arguments=arguments, purpose="a picture of how outages spread")


def restore(case: Case, proposed: Sequence[Action], wish: RestorationWish, limit: int | None = None) -> PlanStep:
    """How what is dark comes back; what is opened beside the outages is open from the beginning."""
    state = Case(Hypothesis(outages=case.hypothesis.outages, actions=(*case.hypothesis.actions, *proposed)), case.at)
    arguments = _with(
        state.arguments,
        whole_grid=wish.whole_grid or None,
        dead=refs(wish.dead),
        black_start=[{"element": str(ref)} for ref in wish.black_start],
        critical=[{"element": str(ref), "priority": 1} for ref in wish.critical],
        limit=limit or _WHOLE_PLAN,
    )
    return PlanStep(agent=MONITOR, tool="plan_restoration", arguments=arguments, purpose="how what is dark comes back")


def simulate(case: Case, proposed: Sequence[Action], focus: Sequence[ElementRef]) -> PlanStep:
    """The proposed actions, before and after."""
    arguments = _with(case.arguments, proposed=actions(proposed), focus=refs(focus))
    return PlanStep(agent=MONITOR, tool="simulate_actions", arguments=arguments, purpose="before and after the actions")


def break_down_losses(case: Case, elements: Sequence[ElementRef] = (), limit: int | None = None) -> PlanStep:
    """Where the state loses its power."""
    arguments = _with(case.arguments, elements=refs(elements), limit=limit)
    return PlanStep(agent=MONITOR, tool="break_down_losses", arguments=arguments, purpose="where power is lost")


def short_circuit(case: Case, fault: Fault, buses: Sequence[ElementRef] = (), limit: int | None = None) -> PlanStep:
    """Fault currents, with what the user assumes."""
    arguments = _with(
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
    arguments = _with(case.arguments, paths_to=refs(elements), max_switchings=few)
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
    arguments = _with(case.arguments, start=str(start), end=None if end is None else str(end), limit=_WHOLE_PATH)
    return PlanStep(agent=MONITOR, tool="find_path", arguments=arguments, purpose="how it is connected")


def draw(case: Case, around: ElementRef | None) -> PlanStep:
    """A picture."""
    arguments = _with(case.arguments, around=None if around is None else str(around))
    return PlanStep(agent=MONITOR, tool="draw_grid", arguments=arguments, purpose="a picture of the state")


def optimize(case: Case, wish: DispatchWish) -> PlanStep:
    """The optimal dispatch of the state."""
    arguments = _with(
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
    arguments = _with({}, kind=kind, identifier=identifier)
    return PlanStep(agent=COORDINATOR, tool="read_record", arguments=arguments, purpose="what was reported earlier")


def _with(arguments: dict[str, JsonValue], **more: JsonValue) -> dict[str, JsonValue]:
    return arguments | {name: value for name, value in more.items() if value not in (None, [])}


def _state(case: Case) -> str:
    return "the state with the hypothesis" if case.changed else "the present state"
