"""Fresh sentences with an element, a state or the order of their values changed: none may rest on the old facts."""

import random
import re
import time
from itertools import combinations

import pytest

from orchestrator.gate import GateFrame, Refusal
from orchestrator.gate.context import Context
from orchestrator.gate.prose import gate_sentence
from tests.orchestrator.gate.fresh import TUNED
from tests.orchestrator.gate.others import OTHERS

STUDIES = TUNED | OTHERS
ELEMENT = re.compile(r"\b(line|bus|trafo|gen|Line|Bus)[ :](\d+)\b")
VALUE = re.compile(r"(?<![\w.,/:\[-])-?\d+(?:\.\d+)?(?= ?(%|pu|kV|A|MW|Mvar)(?!\w))")
STATES = re.compile(r"\b[Ii]n the base case\b|\b[Ww]ith (?:line|trafo)[ :]\d+ out(?: of service)?\b")


@pytest.fixture(params=sorted(STUDIES))
def study(request) -> str:
    return request.param


@pytest.fixture
def book(studies, study):
    return studies[study]


@pytest.fixture
def context(book, frame: GateFrame) -> Context:
    return Context.of(book, frame)


def _owner(result, path: str) -> str | None:
    """The element of the nearest row around a place, by a walk of its own."""
    owner, row = None, result
    for part in path.split("/")[1:]:
        if isinstance(row, dict) and isinstance(row.get("element"), dict):
            owner = f"{row['element']['kind']}:{row['element']['index']}"
        row = row[int(part)] if isinstance(row, list) else row[part]
    return owner


def _places(statement) -> set[tuple[str, str]]:
    return {(span.evidence, span.path) for span in statement.spans}


def test_gate_prose__a_value_follows_its_element(study, book, context):
    seed = time.time_ns() % 2**32
    chance = random.Random(seed)
    known = sorted(context.pool.elements)
    kept = []
    for sentence in STUDIES[study]:
        before = gate_sentence(sentence, context)
        for match in ELEMENT.finditer(sentence):
            element = f"{match[1].lower()}:{match[2]}"
            owned = {place for place in _places(before) if _owner(book[place[0]].result, place[1]) == element}
            others = [item for item in known if item.startswith(f"{match[1].lower()}:") and item != element]
            for other in chance.sample(others, min(6, len(others))):
                mutated = sentence[: match.start()] + other + sentence[match.end() :]
                after = gate_sentence(mutated, context)
                if owned and not isinstance(after, Refusal) and owned & _places(after) and element not in mutated:
                    kept.append((mutated, after.text))
    again = [item for item in kept if not re.search(r"\b(?:it|its|their)\b", item[0])]
    assert not again, f"seed {seed}: {again[:5]}"


def test_gate_prose__two_values_cannot_change_places(study, context):
    passed = []
    for sentence in STUDIES[study]:
        for one, other in combinations(VALUE.finditer(sentence), 2):
            if one[1] != other[1] or one[0] == other[0]:
                continue
            head, between, tail = sentence[: one.start()], sentence[one.end() : other.start()], sentence[other.end() :]
            if not isinstance(gate_sentence(head + other[0] + between + one[0] + tail, context), Refusal):
                passed.append(sentence)
    assert not passed


def test_gate_prose__a_value_follows_its_state(study, book, context):
    out = next(item.arguments["outages"][0] for item in book.values() if item.arguments.get("outages"))
    kept = []
    for sentence in STUDIES[study]:
        states = list(STATES.finditer(sentence))
        if len(states) != 1:
            continue
        [state] = states
        base = "base" in state[0]
        other = f"with {out} out" if base else "in the base case"
        mutated = sentence[: state.start()] + other + sentence[state.end() :]
        before, after = gate_sentence(sentence, context), gate_sentence(mutated, context)
        if not isinstance(after, Refusal) and not base and _places(before) and _places(before) == _places(after):
            kept.append((mutated, after.text))
        if not isinstance(after, Refusal) and base and _places(before) == _places(after):
            kept.append((mutated, after.text))
    assert not kept
