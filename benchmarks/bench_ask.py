"""How long an answer takes in a running service: embedded reasoner, case118, one warm process.

Budget (design, section 9): p50 at most 0.5 s, p95 at most 1.5 s.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from time import perf_counter

from agents.question import Question
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner

GRID = "case118"
QUESTIONS = (
    "What is the voltage at bus 100?",
    "How is the grid?",
    "Is the grid N-1 secure?",
    "What happens if line 14 trips?",
    "What are the losses?",
    "Which bus has the lowest voltage?",
    "Any violations?",
    "What happens if trafo 12 trips?",
    "What is the output of gen 3?",
    "How is bus 20 fed?",
)
ROUNDS = 5
BUDGET_S = {"p50": 0.5, "p95": 1.5}


def measure() -> dict[str, float]:
    """Seconds from question to recorded report, p50 and p95 over all rounds."""
    with tempfile.TemporaryDirectory() as home:
        runner = Runner(Settings(_env_file=None, home=Path(home)))
        reasoner = parse_reasoner("embedded")
        times = []
        for turn in range(ROUNDS + 1):
            for text in QUESTIONS:
                started = perf_counter()
                runner.ask(Question(text=text, grid=GRID), reasoner)
                if turn:  # the first round loads models and compiles
                    times.append(perf_counter() - started)
    cuts = statistics.quantiles(times, n=20)
    return {"p50": statistics.median(times), "p95": cuts[-1]}


def main() -> bool:
    """Print the table; True when the budget holds."""
    found = measure()
    for name, seconds in found.items():
        print(f"ask {GRID} {name}: {seconds * 1e3:.0f} ms (budget {BUDGET_S[name] * 1e3:.0f} ms)")
    return all(found[name] <= BUDGET_S[name] for name in found)


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
