"""Which state and which element hold for a clause that names none of its own."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Case, Sign

_WHOLE_GRID = ("grid", "system", "network", "total", "overall", "altogether", "whole", "entire")
_SAY_CASE = "it is not clear which state a value belongs to; name the case beside each value"


def governing_cases(segments: Sequence[Segment], position: int) -> tuple[Case, ...]:
    """The states that hold for a segment: its own, one said in front of it, or one said behind it.

    Empty when the sentence names none, so that the frame's case holds.

    Raises:
        RefusedError: when the sentence names states and none of them clearly holds here.
    """
    if change := _change(segments, position):
        return change
    own = _merged(segments[position].cases)
    if own:
        return own
    before = next((item for item in reversed(segments[:position]) if item.cases), None)
    behind = next((item for item in segments[position + 1 :] if item.cases), None)
    near = before is not None and before.group == segments[position].group
    front = before if before and (before.fronted or near or segments[position].bracketed) else None
    closing = behind if behind and not behind.fronted and behind.group == segments[position].group else None
    if closing and any(case.rank for case in closing.cases):
        closing = None  # an outage that is ranked says where it stands, not what came before
    if front and (front.fronted or not closing):
        return front.cases
    if closing and not before:
        return closing.cases
    if any(case.kind != "base" and not case.rank for item in segments for case in item.cases):
        raise RefusedError(_SAY_CASE)
    return ()


def _merged(cases: Sequence[Case]) -> tuple[Case, ...]:
    """In "opening line 5 raises the losses from X before" the action is that of the state, not a state of its own."""
    acts = [case for case in cases if case.kind == "after" and case.action]
    plain = [case for case in cases if case.kind in {"before", "after"} and not case.elements]
    if len(acts) != 1 or not plain:
        return tuple(cases)
    others = [case for case in cases if case not in acts and case not in plain]
    return (*(replace(case, elements=acts[0].elements, action=acts[0].action) for case in plain), *others)


def alternatives(segments: Sequence[Segment], position: int) -> list[tuple[Case, ...] | None]:
    """The states that one value holds in, as in "both in the base case and with line 8 out"; usually the one."""
    own = _merged(segments[position].cases)
    if len(own) > 1 and len({case.kind for case in own}) == len(own) and "base" in {case.kind for case in own}:
        return [(case,) for case in own]
    return [None]


def _change(segments: Sequence[Segment], position: int) -> tuple[Case, ...]:
    """The states of "from X to Y" where only the later one is named: X held before it."""
    if not any(item.cases for item in segments) and any(item.says("action", "switching") for item in segments):
        if is_start(segments, position):
            return (Case("before"),)
        if position and is_start(segments, position - 1):
            return (Case("after"),)
    if is_start(segments, position):
        start, end = segments[position], segments[position + 1]
        said_after = _said_after_from(start)
        named = end.cases or (start.cases if not said_after else ()) or _fronted(segments, position)
        if not said_after and len(named) == 1 and named[0].kind in {"outage", "after"}:
            return (
                (Case("base"),) if named[0].kind == "outage" else (Case("before", named[0].elements, named[0].action),)
            )
    if position and is_start(segments, position - 1) and not segments[position].cases:
        start = segments[position - 1]
        if len(start.cases) == 1 and not _said_after_from(start):
            return start.cases
    return ()


def _fronted(segments: Sequence[Segment], position: int) -> tuple[Case, ...]:
    """The state in which the sentence began."""
    return next((item.cases for item in reversed(segments[:position]) if item.cases and item.fronted), ())


def is_start(segments: Sequence[Segment], position: int) -> bool:
    """Whether a segment is the "from X" of a "from X to Y"."""
    if position + 1 >= len(segments) or not segments[position].says("from"):
        return False
    first = segments[position + 1].symbols[0]
    return first.sign is Sign.WORD and first.text == "to"


def _said_after_from(segment: Segment) -> bool:
    place = next((i for i, item in enumerate(segment.symbols) if item.text == "from"), len(segment.symbols))
    return any(item.sign is Sign.CASE for item in segment.symbols[place:])


def governing_entities(segments: Sequence[Segment], position: int) -> frozenset[str | None]:
    """The elements that a segment may speak of; None stands for the grid as a whole.

    Raises:
        RefusedError: when it names several, or a pronoun has nothing to stand for.
    """
    here = segments[position]
    if len(here.elements) > 1:
        raise RefusedError(
            f"a value stands beside {' and '.join(sorted(here.elements))}; say in separate clauses whose it is"
        )
    if here.elements:
        return frozenset(here.elements)
    if here.says(*_WHOLE_GRID):
        return frozenset({None})
    before = next((item.elements for item in reversed(segments[:position]) if item.elements), frozenset[str]())
    if here.says("it", "its") and len(before) > 1:
        raise RefusedError('"it" or "its" does not clearly stand for one element; name the element')
    if not before and position == 0 and len(segments) > 1 and here.symbols[0].text in {"at", "with"}:
        return frozenset(segments[1].elements) or frozenset({None})
    return frozenset({None, *before})


_SEVERAL = ("they", "these", "those", "both", "all")


def governing_subjects(segments: Sequence[Segment], position: int) -> list[frozenset[str | None] | None]:
    """The subjects of a status, one after another; it must hold for each of them. None stands for the usual one."""
    here = segments[position]
    meant = here.elements
    theirs = any("their" in item.text.split() for item in here.every(Sign.QUANTITY) if item.relation)
    if not meant and (theirs or here.says(*_SEVERAL)):
        meant = frozenset().union(*(item.elements for item in segments[:position]))
    if len(meant) > 1:
        return [frozenset({element}) for element in sorted(meant)]
    return [None]
