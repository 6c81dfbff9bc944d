"""Attempts to refute an effect: a placebo, other moments, a common cause that nobody measures (DoWhy's refuters)."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from tools.causal.chance import seeded
from tools.causal.schema.causes import Refutation, RefuterKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

TREATMENT, OUTCOME, REST = "cause", "effect", "rest"
_TIMES = 8
_FEW = 5
_SUBSET = 0.7
_CONFOUNDING = 0.25
"""Of the cause's own movement: a common cause that makes a quarter of it, and all of the effect that is unexplained."""
_NEAR, _GONE = 0.25, 0.3
"""An effect stays when it moves by no more than this share; a placebo's is gone below this share."""


@dataclass(frozen=True, eq=False)
class Trial:
    """What an effect is estimated from.

    Attributes:
        cause, effect, rest: Column by moment: the candidate's part, what it explains, and all else upstream. By
            physics the effect is one: effect = cause + rest + noise.
    """

    cause: NDArray[np.float64]
    effect: NDArray[np.float64]
    rest: NDArray[np.float64]

    @property
    def short(self) -> bool:
        """Whether only a few moments hold the departure."""
        height = float(np.abs(self.cause).max())
        return int((np.abs(self.cause) > height / 2).sum()) < _FEW


def refute(trial: Trial, seed: int) -> tuple[Refutation, ...]:
    """All attempts; none where the candidate never moved, so that there is no effect to refute.

    A departure of a few moments can be shuffled in time, but other moments do not hold it: the placebo alone is tried.
    """
    if float(np.std(trial.cause)) <= 0:
        return ()
    with seeded(seed), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas' own future, in DoWhy's code
        level = logging.getLogger("dowhy").level
        logging.getLogger("dowhy").setLevel(logging.ERROR)
        try:
            return tuple(_attempts(trial, seed))
        finally:
            logging.getLogger("dowhy").setLevel(level)


def _attempts(trial: Trial, seed: int) -> Iterator[Refutation]:
    from dowhy import CausalModel  # noqa: PLC0415 - seconds to import, and only needed with something to refute

    scale = float(np.std(trial.effect)) or 1.0
    table = pd.DataFrame({TREATMENT: trial.cause / scale, OUTCOME: trial.effect / scale, REST: trial.rest / scale})
    graph = nx.DiGraph([(TREATMENT, OUTCOME), (REST, OUTCOME), (REST, TREATMENT)])
    model = CausalModel(table, treatment=TREATMENT, outcome=OUTCOME, graph=graph)
    wanted = model.identify_effect(proceed_when_unidentifiable=True)
    estimate = model.estimate_effect(wanted, method_name="backdoor.linear_regression")
    effect = float(estimate.value)
    unexplained = float(np.std(table[OUTCOME] - table[TREATMENT] - table[REST]))
    ways: tuple[tuple[RefuterKind, str, dict[str, Any]], ...] = (
        (RefuterKind.PLACEBO, "placebo_treatment_refuter", {"placebo_type": "permute", "num_simulations": _TIMES}),
        (RefuterKind.SUBSET, "data_subset_refuter", {"subset_fraction": _SUBSET, "num_simulations": _TIMES}),
        (
            RefuterKind.CONFOUNDER,
            "add_unobserved_common_cause",
            {
                "confounders_effect_on_treatment": "linear",
                "confounders_effect_on_outcome": "linear",
                "effect_strength_on_treatment": _CONFOUNDING * float(table[TREATMENT].std()),
                "effect_strength_on_outcome": unexplained,
            },
        ),
    )
    for kind, name, how in ways[:1] if trial.short else ways:
        found = model.refute_estimate(
            wanted, estimate, method_name=name, show_progress_bar=False, random_seed=seed, **how
        )
        new = float(found.new_effect)
        stays = abs(new - effect) <= _NEAR * abs(effect)
        gone = abs(new) <= _GONE * abs(effect)
        yield Refutation(
            kind=kind, effect=effect, new_effect=new, withstood=gone if kind is RefuterKind.PLACEBO else stays
        )
