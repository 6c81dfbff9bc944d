"""A policy-gradient agent (REINFORCE) that learns which branches to open; it is here to be compared, not trusted.

Williams, Machine Learning 8, 1992. An episode begins with every tie closed and opens one branch after the other until
the feeder is radial. The policy is a softmax over one weight a branch, masked to the branches that still lie in a loop;
the return is what the configuration costs, against the mean of the batch. The seed fixes every draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.feeder.figures import DEPTH, OBJECTIVE, SOLVED, STATUS, evaluate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.feeder.loops import Loops
    from tools.grid.feeder.network import Aim, Network

MOST_LOOPS = 62
"""The labels of loops are bits of one machine word."""

BATCH = 20
RATE = 1.0
WORST = 3.0
"""A configuration without solution counts as this many times the reference; so do any costs above it."""

POINT = 0.1
"""What a point beyond a limit costs, of the reference."""


@dataclass(frozen=True)
class Trained:
    """What the agent learned.

    Attributes:
        opened: Rows that the trained policy opens, each time the likeliest one.
        cost_kw: Costs of every episode, the worst ones capped.
        best_met_kw: Lowest objective of the episodes that kept the limits, where they must be; None without any.
    """

    opened: NDArray[np.int64]
    cost_kw: NDArray[np.float64]
    best_met_kw: float | None


def train(net: Network, aim: Aim, loops: Loops, reference_kw: float, *, episodes: int, seed: int) -> Trained | None:
    """Train an agent; None where there is nothing to learn or there are too many loops for it.

    Args:
        net: The feeder.
        aim: What is better.
        loops: Its loops.
        reference_kw: Costs of a known configuration, that scale the returns.
        episodes: Configurations that it may try.
        seed: Of its draws.
    """
    if not 0 < loops.count <= MOST_LOOPS or not episodes:
        return None
    rows = np.array([row for row, label in loops.label.items() if label], dtype=np.int64)
    labels = np.array([loops.label[row] for row in rows.tolist()], dtype=np.int64)
    chance = np.random.default_rng(seed)
    weight = np.zeros(len(rows))
    costs: list[NDArray[np.float64]] = []
    best_kw = np.inf
    for begin in range(0, episodes, BATCH):
        draws = chance.random((min(BATCH, episodes - begin), loops.count))
        opened, score = _play(weight, labels, draws)
        cost, met_kw = _costs(net, aim, rows[opened], reference_kw)
        costs.append(cost)
        best_kw = min(best_kw, met_kw)
        if (spread := cost.std()) > 0:
            weight = weight + RATE / len(cost) * ((cost.mean() - cost) / spread) @ score
    opened, _ = _play(weight, labels, None, loops.count)
    return Trained(np.sort(rows[opened[0]]), np.concatenate(costs), best_kw if best_kw < np.inf else None)


def _play(
    weight: NDArray[np.float64], labels: NDArray[np.int64], draws: NDArray[np.float64] | None, loops: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Play episodes side by side: the branches opened, and the gradient of the logarithm of their chance.

    Args:
        weight: Of each branch.
        labels: Of each branch, reduced in place of a mask: 0 lies in no loop any more.
        draws: One number between 0 and 1 an episode and step; None takes the likeliest branch, once.
        loops: Steps, where there are no draws.
    """
    count, steps = (1, loops) if draws is None else draws.shape
    every = np.arange(count)
    left = np.tile(labels, (count, 1))
    opened, score = np.empty((count, steps), dtype=np.int64), np.zeros((count, len(weight)))
    for step in range(steps):
        masked = np.where(left != 0, weight, -np.inf)
        share = np.exp(masked - masked.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        if draws is None:
            chosen = share.argmax(axis=1)
        else:
            passed = share.cumsum(axis=1) <= draws[:, step, None]
            # rounding may leave the sum just below one: the last branch of a loop then
            chosen = np.minimum(passed.sum(axis=1), len(weight) - 1 - (share[:, ::-1] > 0).argmax(axis=1))
        score -= share
        score[every, chosen] += 1.0
        opened[:, step] = chosen
        own = left[every, chosen]
        leading = own & -own
        left = np.where(left & leading[:, None], left ^ own[:, None], left)
    return opened, score


def _costs(net: Network, aim: Aim, opened: NDArray[np.int64], reference_kw: float) -> tuple[NDArray[np.float64], float]:
    """Objective of each configuration and the price of limits that it breaks, capped; and the best that breaks none."""
    figures = evaluate(net, aim, opened, np.inf)
    solved, objective = figures[:, STATUS] == SOLVED, figures[:, OBJECTIVE]
    depth = figures[:, DEPTH] if aim.keep_limits else np.zeros(len(figures))
    worst = WORST * reference_kw
    cost = np.where(solved, np.minimum(objective + POINT * reference_kw * depth, worst), worst)
    return cost, float(objective[solved & (depth == 0.0)].min(initial=np.inf))
