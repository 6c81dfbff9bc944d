"""The search of a feeder: branch exchange first, then all configurations where there are few enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.feeder.exchange import exchange, open_last
from tools.grid.feeder.exhaustive import configurations, search_all, switchings_of
from tools.grid.feeder.figures import evaluate
from tools.grid.feeder.ranking import Counts, Ranked, better, merge, rank
from tools.grid.schema.reconfiguration import ReconfigureFeederArguments, SearchMethod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.feeder.model import Feeder
    from tools.grid.feeder.network import Aim, Network

WANTED = 4
"""The best and the next three."""

FEW = 4
"""Up to so many switchings the best configuration of each number is told."""


@dataclass(frozen=True)
class Found:
    """What the search found.

    Attributes:
        best: The best configurations.
        method: How they were found.
        complete: Whether every radial configuration was solved, excluded or has too many switchings.
        few: The best with at most 1, 2, ... switchings, each better than the one before.
    """

    best: Ranked
    method: SearchMethod
    complete: bool
    few: tuple[tuple[NDArray[np.int64], NDArray[np.float64]], ...]


def search(feeder: Feeder, net: Network, aim: Aim, args: ReconfigureFeederArguments) -> Found:
    """The best radial configurations of a feeder.

    Raises:
        InvalidArgumentError: when an exhaustive search is asked for and there are too many, or no configuration is
            within the switchings allowed.
        NotSolvedError: when no radial configuration has a solution.
    """
    method = _method(feeder, args)
    best = _by_exchange(feeder, net, aim)
    if method is SearchMethod.EXHAUSTIVE:
        best = search_all(net, aim, feeder.loops, best, WANTED)
    if not len(best):
        if best.counts.beyond == best.counts.radial:
            raise InvalidArgumentError(
                f"max_switchings: no radial configuration that supplies every bus is within {args.max_switchings}"
            )
        raise NotSolvedError("No radial configuration that supplies every bus has a power flow solution.")
    complete = method is SearchMethod.EXHAUSTIVE and best.counts.radial == feeder.loops.configurations
    return Found(best, method, complete, tuple(_few(feeder, net, aim, best, method)))


def present(feeder: Feeder) -> NDArray[np.int64]:
    """The rows that are open now."""
    return np.flatnonzero(~feeder.closed)


def _method(feeder: Feeder, args: ReconfigureFeederArguments) -> SearchMethod:
    many = feeder.loops.configurations > args.max_configurations
    if args.method is SearchMethod.EXHAUSTIVE and many:
        raise InvalidArgumentError(
            f"max_configurations: {args.max_configurations} is less than the {feeder.loops.configurations} radial "
            "configurations; raise it, restrict switchable, or take method auto"
        )
    if args.method is SearchMethod.AUTO:
        return SearchMethod.BRANCH_EXCHANGE if many else SearchMethod.EXHAUSTIVE
    return args.method


def _by_exchange(feeder: Feeder, net: Network, aim: Aim) -> Ranked:
    """Walks from the present configuration and from the one that opens the least loaded branches of the mesh."""
    arrays, rows = feeder.arrays, sorted(feeder.refs)
    current = np.abs(arrays.yff * arrays.voltage[arrays.start] + arrays.yft * arrays.voltage[arrays.end])
    orders = (
        sorted(rows, key=lambda row: (not feeder.closed[row], row)),
        sorted(rows, key=lambda row: (-current[row], row)),
    )
    first, second = (exchange(net, aim, feeder.loops, open_last(feeder.loops, order), WANTED) for order in orders)
    return merge(aim, first, second, WANTED)


def _few(
    feeder: Feeder, net: Network, aim: Aim, best: Ranked, method: SearchMethod
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The best with at most so many switchings, better than doing nothing, for numbers below that of the best one."""
    needed = int(switchings_of(aim, best.opened[:1])[0])
    top = min(FEW, needed - 1)
    last: NDArray[np.float64] | None = None
    for allowed in range(top + 1):
        found = _with_at_most(feeder, net, aim, allowed, method)
        if len(found) and (last is None or better(aim, found.figures[0], last)):
            last = found.figures[0]
            if allowed:
                yield found.opened[0], found.figures[0]


def _with_at_most(feeder: Feeder, net: Network, aim: Aim, allowed: int, method: SearchMethod) -> Ranked:
    limited = aim._replace(most_switchings=allowed)
    if method is not SearchMethod.EXHAUSTIVE:
        begin = open_last(feeder.loops, sorted(feeder.refs, key=lambda row: (not feeder.closed[row], row)))
        return exchange(net, limited, feeder.loops, begin, 1)
    empty = np.empty((0, feeder.loops.count), dtype=np.int64)
    best = rank(limited, empty, evaluate(net, limited, empty, np.inf), 1)
    for opened in configurations(feeder.loops):
        near = opened[switchings_of(aim, opened) <= allowed]
        best = merge(limited, best, rank(limited, near, evaluate(net, limited, near, best.enough_kw(limited, 1)), 1), 1)
    return replace(best, counts=Counts())
