"""Every benchmark, one after the other; run as ``python -m benchmarks``, exits with 1 when a budget is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import bench_ask, bench_service, bench_shift
from benchmarks.grid import bench_estimation, bench_feeder, bench_screening
from benchmarks.knowledge import bench_retrieval


def _retrieval() -> bool:
    # it has no budget of the design: its table is printed, its hit rates are judged by the tests
    bench_retrieval.main()
    return True


SUITE: dict[str, Callable[[], bool]] = {
    "order-1 screening": bench_screening.main,
    "state estimation": bench_estimation.main,
    "feeder": bench_feeder.main,
    "library": _retrieval,
    "questions": bench_ask.main,
    "shift report": bench_shift.main,
    "questions at once": bench_service.main,
}


def main() -> int:
    """Run all of them, also after one has missed its budget."""
    missed = []
    for name, run in SUITE.items():
        print(f"\n{name}", flush=True)
        if not run():
            missed.append(name)
    print(f"\nbudgets missed: {', '.join(missed) if missed else 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
