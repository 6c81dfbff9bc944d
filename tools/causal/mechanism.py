"""A mechanism as a structural causal model: what the target is the sum of, by physics; what is left is noise.

The graph comes from the grid, the factors from its equations (every column is what its node does to the target, in
the target's own unit), and DoWhy fits the noise of each node to ordinary moments. So a departure of the target is
attributed to the nodes upstream of it whose own part is out of the ordinary (Budhathoki, Minorics, Bloebaum and
Janzing, Causal structure-based root cause analysis of outliers, ICML 2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import networkx as nx
import numpy as np

from tools.causal.chance import seeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

SAMPLES = 200
ROWS = 600
"""Ordinary moments that the noise is fitted to, at most."""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """One target and what it follows from.

    Attributes:
        graph: Directed from cause to effect; every node is a column.
        target: The node that departed.
        ordinary: Ordinary moments, a column a node.
        departed: The moments to be explained.
        unit: Of every column.
    """

    graph: nx.DiGraph
    target: str
    ordinary: pd.DataFrame
    departed: pd.DataFrame
    unit: str


@dataclass(frozen=True)
class Attribution:
    """Whose part of a departure is how large.

    Attributes:
        share: By node; they add up to one. A node's own noise only: what came from upstream is told there.
        departure: How far the target departed, in its usual sizes.
        without: Target, had a node been as usual, by node without parents.
    """

    share: Mapping[str, float]
    departure: float
    without: Mapping[str, float]


def attribute(mechanism: Mechanism, seed: int) -> Attribution:
    """Attribute the departure of the target to the nodes of its mechanism.

    Args:
        mechanism: At most some seven nodes: every set of them is looked at.
        seed: Of the samples that stand for what is usual.
    """
    with seeded(seed):
        return _attributed(mechanism)


def _attributed(mechanism: Mechanism) -> Attribution:
    from dowhy import gcm  # noqa: PLC0415 - seconds to import, and only needed with something to explain

    gcm.config.disable_progress_bars()
    model = gcm.InvertibleStructuralCausalModel(mechanism.graph)
    for node in mechanism.graph.nodes:
        if list(mechanism.graph.predecessors(node)):
            model.set_causal_mechanism(node, gcm.AdditiveNoiseModel(_sum_of_parents()))
        else:
            model.set_causal_mechanism(node, gcm.EmpiricalDistribution())
    gcm.fit(model, mechanism.ordinary)
    parts = gcm.attribute_anomalies(
        model,
        mechanism.target,
        mechanism.departed,
        anomaly_scorer=gcm.MeanDeviationScorer(),
        attribute_mean_deviation=True,
        num_distribution_samples=SAMPLES,
        shapley_config=gcm.shapley.ShapleyConfig(
            approximation_method=gcm.shapley.ShapleyApproximationMethods.EXACT, n_jobs=1
        ),
    )
    means = {node: float(np.mean(values)) for node, values in parts.items()}
    total = sum(max(0.0, value) for value in means.values())
    usual = mechanism.ordinary.median()
    roots = [node for node in mechanism.graph.nodes if not list(mechanism.graph.predecessors(node))]
    without = {
        node: float(
            gcm.counterfactual_samples(model, {node: _constant(float(usual[node]))}, observed_data=mechanism.departed)[
                mechanism.target
            ].mean()
        )
        for node in roots
        if node != mechanism.target
    }
    return Attribution(
        share={node: max(0.0, value) / total if total > 0 else 0.0 for node, value in means.items()},
        departure=float(sum(means.values())),
        without=without,
    )


def _constant(value: float) -> Any:  # noqa: ANN401 - what an intervention is to DoWhy
    return lambda _: value


def _sum_of_parents() -> Any:  # noqa: ANN401 - DoWhy's classes are not typed, and are imported late
    from dowhy.gcm.ml.prediction_model import PredictionModel  # noqa: PLC0415

    class SumOfParents(PredictionModel):  # type: ignore[misc]
        """The physics is in the columns: parents add up, and nothing is left to be learnt but the noise."""

        def fit(self, X: NDArray[np.float64], Y: NDArray[np.float64]) -> None:  # noqa: N803 - DoWhy's names
            """Nothing."""

        def predict(self, X: NDArray[np.float64]) -> NDArray[np.float64]:  # noqa: N803
            """The sum."""
            total: NDArray[np.float64] = np.asarray(X, dtype=np.float64).sum(axis=1, keepdims=True)
            return total

        def clone(self) -> Self:
            """Another one."""
            return type(self)()

    return SumOfParents()
