"""Sentences of an ordinary language model: the true ones stand, and none of their mutations does."""

import math
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from orchestrator.gate import GateFrame, Refusal
from orchestrator.gate.context import Context
from orchestrator.gate.prose import gate_sentence
from tests.orchestrator.gate.fresh import TUNED as FIRST_TUNED
from tests.orchestrator.gate.others import OTHERS

TUNED = FIRST_TUNED | OTHERS
GRIDS = sorted(TUNED)
UNITS = {
    "%": ("percent", 1), "pu": ("pu", 1), "kV": ("kv", 1), "A": ("ka", 1e-3), "kA": ("ka", 1), "MW": ("mw", 1),
    "kW": ("mw", 1e-3), "Mvar": ("mvar", 1), "MVA": ("mva", 1),
}  # fmt: skip
TYPED = re.compile(r"(?<![\w.,/:-])-?\d+(?:\.\d+)?(?= ?(%|pu|kV|kA|A|MW|kW|Mvar|MVA)(?!\w))")


@pytest.fixture(params=GRIDS)
def grid(request) -> str:
    return request.param


@pytest.fixture
def book(studies, grid):
    return studies[grid]


@pytest.fixture
def context(book, frame: GateFrame) -> Context:
    return Context.of(book, frame)


def _leaves(value, name="") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name.rpartition("_")[2], value


def _anywhere(book, digits: str, unit: str) -> bool:
    """Whether any field at all of the evidence has this value; when none has, the sentence is certainly false."""
    suffix, factor = UNITS[unit]
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    return any(
        name == suffix and math.isclose(value, float(digits) * factor, rel_tol=0, abs_tol=half * factor * 1.000001)
        for item in book.values()
        for name, value in _leaves(item.result)
    )


def test_gate_prose__true_sentences_of_an_ordinary_model_stand(grid, context):
    refused = [
        (sentence, outcome.reason)
        for sentence in TUNED[grid]
        if isinstance(outcome := gate_sentence(sentence, context), Refusal)
    ]
    assert len(refused) <= 0.02 * len(TUNED[grid]), refused


def test_gate_prose__no_mutated_number_of_a_fresh_sentence_passes(grid, book, context):
    seed = time.time_ns() % 2**32
    chance = random.Random(seed)
    typed = [sentence for sentence in TUNED[grid] if TYPED.search(sentence)]
    tried, wrong = 0, []
    for _ in range(250):
        sentence = chance.choice(typed)
        match = chance.choice(list(TYPED.finditer(sentence)))
        digits, unit = match[0], match[1]
        how = chance.choice(["digit", "digit", "unit", "sign"])
        if how == "digit":
            spot = chance.choice([place for place, char in enumerate(digits) if char.isdigit()])
            digits = digits[:spot] + chance.choice("0123456789".replace(digits[spot], "")) + digits[spot + 1 :]
        elif how == "unit":
            unit = chance.choice([other for other in UNITS if other != unit])
        else:
            digits = digits[1:] if digits[0] == "-" else f"-{digits}"
        if _anywhere(book, digits, unit):
            continue
        end = match.end() + sentence[match.end() :].index(match[1]) + len(match[1])
        mutated = f"{sentence[: match.start()]}{digits} {unit}{sentence[end:]}"
        tried += 1
        if not isinstance(gate_sentence(mutated, context), Refusal):
            wrong.append((how, mutated))
    assert tried >= 40
    assert not wrong, f"seed {seed}: {wrong[:5]}"


@dataclass(frozen=True)
class Status:
    """A sentence with a status, and whether the stored results say so."""

    words: str
    true: bool


def _screened(result) -> Iterator[Status]:
    for said, means in (("N-1 secure", True), ("secure", True), ("not N-1 secure", False), ("insecure", False)):
        yield Status(f"The grid is {said}.", result["secure"] is means)
    for row in result["rows"]:
        for said in ("secure", "insecure", "islanding"):
            yield Status(f"The outage of {_name(row)} is {said}.", row["outcome"] == said)
    for said, means in (("meaningful", True), ("not meaningful", False), ("meaningless", False)):
        yield Status(f"Loadings are {said}.", result["loading_meaningful"] is means)


def _simulated(result) -> Iterator[Status]:
    for said in ("verified", "rejected", "best available", "procedural"):
        yield Status(f"The proposed action is {said}.", result["verdict"] == said.replace(" ", "_"))


def _solved(result) -> Iterator[Status]:
    where = "in the base case" if result["case"] == "base" else f"with {result['case'][4:]} out"
    for said, means in (("enforced", True), ("not enforced", False)):
        yield Status(f"Reactive limits were {said} {where}.", result["reactive_limits_enforced"] is means)
    for row in result["branches"]:
        over = row["loading_percent"] > row["limit_percent"]
        for said, true in (("overloaded", over), ("within its limits", not over), ("undervolted", False)):
            yield Status(f"{_name(row)} is {said} {where}.", true)
        yield Status(f"{_name(row)} is above its rating {where}.", over)
    for row in result["buses"]:
        low, high = row["vm_pu"] < (row["limit_min_pu"] or 0), row["vm_pu"] > (row["limit_max_pu"] or 9)
        for said, true in (("undervolted", low), ("overvolted", high), ("within its limits", not low | high)):
            yield Status(f"{_name(row)} is {said} {where}.", true)


def _name(row) -> str:
    return f"{row['element']['kind']}:{row['element']['index']}"


_WORDED = {"screen_contingencies": _screened, "simulate_actions": _simulated, "solve_power_flow": _solved}


def _statuses(book) -> Iterator[Status]:
    """Every wording of every status of the evidence, true and false ones, judged by the stored results."""
    for item in book.values():
        if item.tool in _WORDED:
            yield from _WORDED[item.tool](item.result)


def _citations(book) -> Iterator[Status]:
    hits = [hit for item in book.values() if item.tool == "search_standards" for hit in item.result["hits"]]
    known = {(hit["document"], hit["clause"], hit["quote"]) for hit in hits}
    documents = sorted({hit["document"] for hit in hits})
    clauses = sorted({hit["clause"] for hit in hits} | {re.sub(r"\d(?=\D*$)", "7", hit["clause"]) for hit in hits})
    for hit in hits:
        quote = hit["quote"].split(". ")[0].rstrip(".")
        for document in [*documents, re.sub(r"\d(?=\D*$)", "3", hit["document"])]:
            for clause in clauses:
                true = (document, clause, hit["quote"]) in known
                yield Status(f'{document}, {clause}, says: "{quote}."', true)
                yield Status(f'According to {clause} of {document}, "{quote}".', true)


def test_gate_prose__no_mutated_status_and_no_mutated_clause_passes(studies, frame: GateFrame):
    seed = time.time_ns() % 2**32
    chance = random.Random(seed)
    mutations, true, refused, wrong = 0, 0, [], []
    for book in (studies["case30"], studies["case39"], studies["case118"]):
        context = Context.of(book, frame)
        statuses, citations = list(_statuses(book)), list(_citations(book))
        drawn = chance.sample(statuses, min(len(statuses), 180)) + chance.sample(citations, min(len(citations), 60))
        for status in drawn:
            accepted = not isinstance(outcome := gate_sentence(status.words, context), Refusal)
            mutations, true = mutations + (not status.true), true + status.true
            if accepted and not status.true:
                wrong.append(status.words)
            if status.true and isinstance(outcome, Refusal):
                refused.append((status.words, outcome.reason))
    assert mutations >= 300
    assert not wrong, f"seed {seed}: {len(wrong)} false statuses passed: {wrong[:5]}"
    assert len(refused) <= 0.02 * true, f"seed {seed}: {len(refused)} of {true}: {refused[:6]}"
