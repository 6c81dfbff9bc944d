"""Every radial configuration of a feeder: solved, or shown to be worse than the best by a bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.feeder.figures import evaluate
from tools.grid.feeder.ranking import Counts, Ranked, merge, rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.feeder.loops import Loops
    from tools.grid.feeder.network import Aim, Network

CHUNK = 20_000


def configurations(loops: Loops) -> Iterator[NDArray[np.int64]]:
    """The open rows of every radial configuration, each once, in pieces of some ten thousand."""
    classes = [np.array(rows, dtype=np.int64) for rows in loops.classes]
    held: list[NDArray[np.int64]] = []
    count = 0
    for chosen in loops.open_classes():
        sizes = [len(classes[at]) for at in chosen]
        places = np.unravel_index(np.arange(int(np.prod(sizes))), sizes) if sizes else ()
        held.append(
            np.stack([classes[at][place] for at, place in zip(chosen, places, strict=True)], axis=1)
            if sizes
            else np.empty((1, 0), dtype=np.int64)
        )
        count += len(held[-1])
        if count >= CHUNK:
            yield np.concatenate(held)
            held, count = [], 0
    if held:
        yield np.concatenate(held)


def search_all(net: Network, aim: Aim, loops: Loops, known: Ranked, most: int) -> Ranked:
    """The best of all radial configurations; its counts are those of all of them.

    Args:
        net: The feeder.
        aim: What is better.
        loops: Its loops.
        known: Good configurations to begin with: the better they are, the more the bound excludes.
        most: How many of the best are wanted.
    """
    best = replace(known, counts=Counts())
    for opened in configurations(loops):
        allowed = switchings_of(aim, opened) <= aim.most_switchings
        figures = evaluate(net, aim, opened[allowed], best.enough_kw(aim, most))
        best = merge(aim, best, rank(aim, opened[allowed], figures, most), most)
        best = replace(best, counts=best.counts + Counts(beyond=int((~allowed).sum())))
    return best


def switchings_of(aim: Aim, opened: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of each configuration whose state differs from the present one."""
    stays = (~aim.closed[opened]).sum(axis=1)
    return np.asarray(opened.shape[1] - stays + (~aim.closed).sum() - stays, dtype=np.int64)
