"""Whether a fact belongs to the state and the action that a sentence names."""

from collections.abc import Iterable, Sequence

from orchestrator.gate.pool import Claimable
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Case
from tools.element import parse_canonical

_BASE = "base"
# Tools whose facts hold for the model as it stands, whatever its state.
_STATELESS = frozenset({"check_model", "describe_element", "search_standards", "read_record"})
_ACTS = {
    "redispatching": {"redispatch", "raising", "lowering"},
    "shedding": {"shed_load"},
    "switching": {"opening", "closing"},
}


def in_state(fact: Claimable, cases: Sequence[Case], default: str | None) -> bool:
    """Whether a fact holds in the states that a clause names, all of them together.

    Args:
        fact: The candidate.
        cases: As named; empty when the clause names none.
        default: The frame's case; None when a clause must name its own.
    """
    named = [case for case in cases if case.kind != "any"]
    if len(named) != len(cases) and not fact.overall:
        return False
    if any(not _done(fact, case) for case in named if case.elements and case.kind in {"before", "after"}):
        return False
    if fact.case is None:
        return _holds_without_state(fact, named)
    if not cases and default is None:
        raise RefusedError("the sentence before spoke of another state; name the case of this value")
    if not named:
        return len(cases) > 0 or fact.case == default
    return fact.case in _labels(named, default)


def _holds_without_state(fact: Claimable, named: Sequence[Case]) -> bool:
    if not named or fact.tool in _STATELESS:
        return not named or all(case.kind == _BASE for case in named)
    return fact.tool == "simulate_actions" and all(case.kind == "after" for case in named)


def _done(fact: Claimable, case: Case) -> bool:
    """Whether the fact comes from a simulation of exactly the action that is named."""
    meant = {element for choices in case.elements for element in choices}
    if {element for _, element in fact.actions} != meant:
        return False
    allowed = _ACTS.get(case.action or "", {case.action})
    return all(act in allowed for act, _ in fact.actions)


def _labels(named: Sequence[Case], default: str | None) -> set[str]:
    """The case labels that name these states; more than one where an outage may come on top of the frame's case."""
    if len(named) == 1 and named[0].label is not None:
        return {named[0].label}
    states = {case.kind for case in named if case.kind != "outage"}
    out = {element for case in named if case.kind == "outage" for choices in case.elements for element in choices}
    if len(states) > 1 or any(case.label for case in named):
        raise RefusedError("two states are named for one value; say in separate clauses which value belongs to which")
    if states:
        [state] = states
        if not out:
            return {state}
        return set() if state == _BASE else {f"{state}, {_out(out)}"}
    labels = {_out(out)}
    if default and default != _BASE:
        labels.add(f"{default}, {_out(out)}")
        if default.startswith("out ") and "," not in default:
            labels.add(_out(out | set(default.removeprefix("out ").split("+"))))
    return labels


def _out(elements: Iterable[str]) -> str:
    parsed = sorted(found for element in elements if (found := parse_canonical(element)))
    return f"out {'+'.join(f'{kind}:{index}' for kind, index in parsed)}"
