"""Screening all pairs of case1354pegase: recall and flagged share of the prediction on a random sample, and its time.

Run as ``python -m benchmarks.grid.bench_pairs [sample] [--whole]``; exits with 1 when a budget of the design is missed.
Every pair of the sample is solved by AC, flagged or not. With ``--whole`` the tool is called on all 2.0 million pairs.
"""

import resource
import sys
from time import perf_counter

import numpy as np
import pandapower.networks as nw

from benchmarks.grid.bench_screening import whole_call
from knowledge.limits import standard_limits
from tools.grid.grid import Grid
from tools.grid.screening.pairs import PairStudy
from tools.grid.screening.predict import predict
from tools.grid.screening.resident import resident
from tools.grid.screening.screen import screen

CASE = "case1354pegase"
LEAST_RECALL_PERCENT, MOST_FLAGGED_PERCENT = 99.8, 30.0
DEFAULT_SAMPLE = 4000
_PREDICTED = 50_000
_SEED = 3


def main(size: int, *, whole: bool) -> bool:
    """Print the figures; True when the budgets hold."""
    grid = Grid(name=CASE, fingerprint=CASE, net=getattr(nw, CASE)())
    state = resident(grid, (), (), standard_limits())
    if state.model is None:
        return False
    every = len(state.refs)
    prediction = predict(state, screen(state, range(every)))
    drawn = np.sort(np.random.default_rng(_SEED).integers(0, every, (_PREDICTED + size, 2)), axis=1)
    pairs = np.unique(drawn[drawn[:, 0] < drawn[:, 1]], axis=0)
    prediction.flags(pairs[:1])
    started = perf_counter()
    flags = prediction.flags(pairs)
    predicted_us = (perf_counter() - started) / len(pairs) * 1e6
    sample = np.sort(np.random.default_rng(_SEED).choice(len(pairs), size, replace=False))
    started = perf_counter()
    figures = PairStudy(state, state.model).study(pairs[sample], np.empty(0, dtype=np.int64)).figures
    solved_us = (perf_counter() - started) / size * 1e6
    overloaded, flagged = figures["new_overloads"] > 0, flags[sample] > 0
    recall, share = 100 * (overloaded & flagged).sum() / overloaded.sum(), 100 * (flags > 0).mean()
    kept = bool(recall >= LEAST_RECALL_PERCENT and share <= MOST_FLAGGED_PERCENT)
    total = every * (every - 1) // 2
    minutes = total * (predicted_us + share / 100 * solved_us) / 60e6
    print(f"pairs {total}, sample {size}, with new overloads {overloaded.sum()}")
    print(f"recall {recall:.2f} %, flagged {share:.1f} %: {'kept' if kept else 'MISSED'}")
    print(f"predicted {predicted_us:.1f} us a pair, solved {solved_us:.0f} us a pair: {minutes:.1f} min for all")
    if whole:
        started = perf_counter()
        print(whole_call(CASE, 2)().screening)
        print(f"whole call {(perf_counter() - started) / 60:.1f} min")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return kept


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()]
    sys.exit(0 if main(sizes[0] if sizes else DEFAULT_SAMPLE, whole="--whole" in sys.argv) else 1)
