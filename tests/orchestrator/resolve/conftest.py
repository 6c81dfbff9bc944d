"""Shipped cases as inventories, and the embedder as in service; both are costly and made once."""

import warnings
from collections.abc import Callable, Sequence
from functools import cache

import pandapower.networks as cases
import pytest

from agents.question import Question, Resolved, Turn
from knowledge.embedding import SentenceEmbedder, load_embedder
from orchestrator.resolve import resolve
from tools.grid.grid import Grid
from tools.grid.inventory import Inventory, build_inventory


@cache
def shipped(case: str) -> Inventory:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return build_inventory(Grid(case, "0" * 64, getattr(cases, case)()))


@pytest.fixture(scope="session")
def inventory() -> Callable[[str], Inventory]:
    return shipped


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch and transformers announce removals at import
        return load_embedder()


@pytest.fixture
def converse(embedder) -> Callable[[str, Sequence[str]], list[Resolved]]:
    """Ask the questions of one conversation in order."""

    def ask(case: str, questions: Sequence[str]) -> list[Resolved]:
        turns: list[Turn] = []
        for ordinal, text in enumerate(questions):
            resolved = resolve(Question(text=text, grid=case), shipped(case), turns, embedder)
            turn = Turn(
                conversation="c", ordinal=ordinal, question=text, grid=case, resolved=resolved, run=f"run{ordinal}"
            )
            turns.append(turn)
        return [turn.resolved for turn in turns]

    return ask
