"""Random studies in two orders: whether any answer depends on what was asked before it.

Run as ``python -m benchmarks.grid.bench_leaks [studies] [seed]``; exits with 1 when an answer differs. Both orders have
grids of their own, so that nothing which one of them keeps can help the other.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from time import perf_counter

import numpy as np
import pandapower as pp
import pandapower.networks as nw

from benchmarks.grid.random_studies import GRIDS, Desk, Question, Questions

DEFAULT_STUDIES = 1000


def in_order(desk: Desk, asked: Sequence[Question], order: Sequence[int]) -> list[str]:
    """Answers in the order of ``asked``, given in another order."""
    found = {place: desk.answer(asked[place]) for place in order}
    return [found[place] for place in range(len(asked))]


def differing(asked: Sequence[Question], seed: int) -> tuple[list[Question], list[str]]:
    """Questions whose two answers are not the same text, and grids that are not as they were loaded."""
    first, second = Desk(f"first-{seed}"), Desk(f"second-{seed}")
    there = in_order(first, asked, range(len(asked)))
    back = in_order(second, asked, np.random.default_rng(seed).permutation(len(asked)).tolist())
    other = [question for question, one, two in zip(asked, there, back, strict=True) if one != two]
    loaded = {name: pp.to_json(getattr(nw, name)()) for name in GRIDS}
    nets = [(name, net) for desk in (first, second) for name, net in desk.nets.items()]
    return other, [name for name, net in nets if pp.to_json(net) != loaded[name]]


def main(studies: int, seed: int) -> bool:
    """Print what differs; True when nothing does."""
    asked = Questions(seed).draw(studies)
    started = perf_counter()
    other, changed = differing(asked, seed)
    print(f"{studies} studies in two orders, {perf_counter() - started:.0f} s")
    print(", ".join(f"{tool} {count}" for tool, count in Counter(one.tool for one in asked).most_common()))
    print(f"answers that differ: {len(other)}; grids changed: {', '.join(changed) or 'none'}")
    for one in other:
        print(f"    {one}")
    return not other and not changed


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(0 if main(*(numbers + [DEFAULT_STUDIES, 1][len(numbers) :])) else 1)
