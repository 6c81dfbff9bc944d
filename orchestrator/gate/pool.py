"""What may be claimed: every fact of the run's evidence, with whose and which state's it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import JsonValue

from agents.evidence import Evidence
from orchestrator.gate.derived import derived_statuses
from tools.element import CANONICAL
from tools.facts import facts, is_element, lookup

# Parts of a path that make a value the extreme of its kind, or the slack's.
_ROLES = frozenset({"highest_loading", "worst_loading", "lowest_voltage", "highest_voltage", "largest_loss", "slack"})
# In a row of a screening these are only the ones that the outage adds.
_RENAMED, _SCREENING = "new_unit_violations", "screen_contingencies"
_FEWEST_WORDS = 4  # of a reason that is known again in a sentence
_LIMITED = frozenset({"loading_percent", "vm_pu"})
_COVERAGE_DEPTH, _TABLE_DEPTH = 2, 3  # /buses/checked, /tables/0/count
# Lists whose rows count something, with the field that says what.
_COUNTED = {"tables": ("table", "kind"), "left_out": ("left", "what"), "defects": ("defect", "kind")}
# Tools whose totals speak of the elements asked for only, once some are asked for.
_SELECTIVE = frozenset({"check_limits", "screen_contingencies"})
# Which physical effect a tool's proposed action has on its element, by action type and direction.
_DIRECTION = {("switch_branch", True): "closing", ("switch_branch", False): "opening"}


@dataclass(frozen=True)
class Claimable:
    """One fact that a sentence may rest on.

    Attributes:
        entity: Canonical element; None for the grid as a whole, also for what an outage does to it.
        roles: Extremes that the value is, such as ``lowest_voltage``.
        overall: Whether the extreme is over all outages of a screening.
        actions: What the simulated actions do to which element; empty outside a simulation.
    """

    evidence: str
    tool: str
    path: str
    entity: str | None
    quantity: str
    unit: str | None
    case: str | None
    at: str | None
    value: float | int | str | bool
    roles: frozenset[str]
    overall: bool
    actions: frozenset[tuple[str, str]]


class Pool:
    """The facts of a run by quantity, and the elements that its evidence names."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        self._by_quantity: dict[str, list[Claimable]] = defaultdict(list)
        self._by_place: dict[tuple[str, str], Claimable] = {}
        self.elements: dict[str, str] = {}
        for item in evidence:
            self.elements.update(_elements(item.result))
            for fact in _claimable(item):
                self._by_quantity[fact.quantity].append(fact)
                self._by_place.setdefault((fact.evidence, fact.path), fact)
                if fact.quantity == "case" and isinstance(fact.value, str):
                    for match in CANONICAL.finditer(fact.value):
                        self.elements.setdefault(match[0], "")

    def of(self, quantity: str) -> list[Claimable]:
        """All facts of a quantity."""
        return self._by_quantity.get(quantity, [])

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Reasons that the tools give, with their field: a sentence may repeat them word by word."""
        said = {(name, str(fact.value)) for name in ("reasons", "reason") for fact in self.of(name)}
        return tuple(sorted(item for item in said if len(item[1].split()) >= _FEWEST_WORDS))

    def at(self, evidence: str, path: str) -> Claimable | None:
        """The fact at a place, None when there is none."""
        return self._by_place.get((evidence, path))

    def of_unit(self, unit: str | None) -> Iterator[Claimable]:
        """All facts with a unit."""
        for group in self._by_quantity.values():
            yield from (fact for fact in group if fact.unit == unit)


def _claimable(item: Evidence) -> Iterator[Claimable]:
    actions = frozenset(_actions(item.result.get("proposed")))
    screening = "rows" in item.result and "outages" in item.result
    partial = item.tool in _SELECTIVE and any(item.arguments.get(name) for name in ("elements", "kinds", "overloading"))
    for fact in facts(item.result):
        parts = fact.path.split("/")[1:]
        roles = _ROLES.intersection(parts)
        if partial and (fact.entity is None or parts[0] in _ROLES):
            continue  # what a part of the grid shows is no claim on the grid
        roles |= _counted(item.result, parts)
        claimable = Claimable(
            evidence=item.id,
            tool=item.tool,
            path=fact.path,
            entity=None if _is_out(fact.entity, fact.case) else fact.entity,
            quantity=_RENAMED if fact.quantity == "unit_violations" and item.tool == _SCREENING else fact.quantity,
            unit=fact.unit,
            case=fact.case,
            at=fact.at,
            value=fact.value,
            roles=roles,
            overall=screening and parts[0] in _ROLES,
            actions=actions,
        )
        yield claimable
        if parts[-1] in _LIMITED:
            row = lookup(item.result, fact.path.rpartition("/")[0])
            for field, status in derived_statuses(row) if isinstance(row, dict) else ():
                if field == parts[-1]:
                    yield replace(claimable, quantity="derived", unit=None, value=status)


def _counted(result: dict[str, JsonValue], parts: Sequence[str]) -> frozenset[str]:
    """What a count of a table or of a coverage counts, by the name of the row that it stands in."""
    if len(parts) == _COVERAGE_DEPTH and parts[1] == "checked":
        return frozenset({f"checked:{parts[0]}"})
    if parts[-1] in {"count", "checked", "out_of_service"} and len(parts) >= _TABLE_DEPTH and parts[-3] in _COUNTED:
        name, field = _COUNTED[parts[-3]]
        row = "/" + "/".join(parts[:-1])
        return frozenset({f"{name}:{lookup(result, f'{row}/{field}')}", name})
    return frozenset()


@lru_cache(maxsize=4096)
def _is_out(entity: str | None, case: str | None) -> bool:
    """Whether the row's element is the outage of its own case: then the row speaks of the grid without it."""
    if entity is None or case is None:
        return False
    return any(entity in part.removeprefix("out ").split("+") for part in case.split(", ") if part.startswith("out "))


def _actions(proposed: JsonValue) -> Iterator[tuple[str, str]]:
    for action in proposed if isinstance(proposed, list) else []:
        if isinstance(action, dict):
            kind, closed = str(action.get("type")), action.get("closed")
            element = str(action.get("element"))
            delta = action.get("delta_p_mw")
            if kind == "redispatch" and isinstance(delta, int | float):
                kind = "raising" if delta > 0 else "lowering"
            yield (_DIRECTION.get((kind, closed), kind) if isinstance(closed, bool) else kind), element


def _elements(value: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if is_element(value):
            yield f"{value['kind']}:{value['index']}", str(value["name"])
        for item in value.values():
            yield from _elements(item)
    elif isinstance(value, list):
        for item in value:
            yield from _elements(item)
