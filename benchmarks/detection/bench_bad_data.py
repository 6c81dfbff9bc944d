"""False data against real event against sensor fault: what ``assess_bad_data`` says of cases drawn at random.

Run as ``python -m benchmarks.detection.bench_bad_data [DATA] [--count N] [--seed S] [--fitted N]``; DATA is taken and
not used, for everything is simulated. Cases, their magnitudes and the traces that attackers leave are those of
``orchestrator/scenarios/suspects.py``. The tool looks at the whole day of a case and is told nothing; its answer is the
kind of its first issue. "Undecided" and no issue at all count as wrong.

Judged are the cases that an ideal detector with the same sensors could see: of wrong readings, those whose signature in
the residuals of all equations has the signal-to-noise ratio of a 98 % chance at one false alarm per sensor and reading,
and whose mean error is at least the standard error of the sensor, below which it matters to nobody (a held value, a
missing reading and a repetition carry no noise); of events, those that stand out from the loads' own wander. The others
are shown apart, and so is everything once more without any log.

The rival knows each sensor's largest z-score against its rolling median: a decision tree, fitted to cases of another
seed, on the largest of all, how many sensors exceed five at that time, and for how long the largest one does.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.metrics import f1_score
from sklearn.tree import DecisionTreeClassifier

from benchmarks.detection.drawn_cases import departures, judged_each
from knowledge.threats import known_threats
from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.schema.troubles import TroubleKind
from orchestrator.scenarios.suspects import SuspectCase, Suspicion, draw_suspects
from tools.detection.diagnosis import diagnose
from tools.security.bad_data.assess import assess_bad_data
from tools.security.bad_data.equations import Equations
from tools.security.schema.bad_data import AssessBadDataArguments, BadDataKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.context import ToolContext

PROMISED = 0.95
"""Macro-F1."""
WANDERS = 5.0
"""Times a load's own wander that an event must add to stand out."""
ANSWERS = {
    BadDataKind.INJECTION: Suspicion.FALSIFIED,
    BadDataKind.REPLAY: Suspicion.FALSIFIED,
    BadDataKind.SENSOR_FAULT: Suspicion.FAULT,
    BadDataKind.REAL_EVENT: Suspicion.EVENT,
}
UNDECIDED, NOTHING = "undecided", "nothing"
COLUMNS = (*Suspicion, UNDECIDED, NOTHING)
_WITHOUT_NOISE = frozenset({TroubleKind.STUCK, TroubleKind.DROPOUT, TroubleKind.REPLAY})
_ROUNDED = 0.1
"""Standard errors below which a signature is no more than the rounding of the readings."""
_LOUD, _NEAR_STEPS = 5.0, 2
_HELD_S = 600.0
"""A value that is held for less is no stuck sensor yet: rounding alone repeats some."""
_FITTED_SEED = 7_000


@dataclass(frozen=True)
class Outcome:
    """One case, judged with logs, without them, and by the rival's figures."""

    what: Suspicion
    kind: TroubleKind
    judged: bool
    said: str
    said_without_logs: str
    figures: tuple[float, float, float]
    seconds: float
    number: int


def main() -> bool:
    """Draw, judge, print; whether the promise is kept."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", help="taken and not used")
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fitted", type=int, default=90, help="cases of another seed that the rival is fitted to")
    given = parser.parse_args()
    cases = enumerate(draw_suspects(given.count, given.seed))
    outcomes = judged_each(cases, given.count, lambda case: _judged(*case))
    able = [one for one in outcomes if one.judged]
    print(f"{len(outcomes)} cases, {len(able)} of them to be told apart\n")
    print("with logs")
    kept = _show(able, [one.said for one in able])
    print("\nwithout any log (an added constant and a wrong calibration are then the same)")
    _show(able, [one.said_without_logs for one in able])
    print("\nrival: largest z-scores")
    _show(able, _rival(given.fitted, given.seed + _FITTED_SEED, able))
    print("\nall cases drawn, with logs, those included that nobody can tell apart")
    _show(outcomes, [one.said for one in outcomes])
    _kinds(able)
    apart = [one for one in outcomes if not one.judged]
    print(f"\nnot to be told apart ({len(apart)}): " + ", ".join(_counted(apart)))
    for one in able:
        if one.said != one.what:
            print(f"  wrong: case {one.number}, {one.kind} is {one.what}, said {one.said}")
    print(f"\nseconds a case: {np.mean([one.seconds for one in outcomes]):.2f}")
    print(f"macro-F1 >= {PROMISED}: {'kept' if kept >= PROMISED else 'MISSED'}")
    return kept >= PROMISED


def _judged(number: int, case: SuspectCase) -> Outcome:
    context = replace(held_context(case.made), threats=known_threats())
    started = perf_counter()
    said = _said(context, case)
    seconds = perf_counter() - started
    return Outcome(
        what=case.what,
        kind=case.truth.kind,
        judged=_judgeable(context, case),
        said=said,
        said_without_logs=_said(replace(context, logs=None, outages=None), case),
        figures=_figures(case),
        seconds=seconds,
        number=number,
    )


def _said(context: ToolContext, case: SuspectCase) -> str:
    line = case.made.timeline
    found = assess_bad_data(context, AssessBadDataArguments(start=line.start, end=line.last, limit=1))
    return str(ANSWERS.get(found.issues[0].kind, UNDECIDED)) if found.issues else NOTHING


def _judgeable(context: ToolContext, case: SuspectCase) -> bool:
    truth = case.truth
    if truth.kind in _WITHOUT_NOISE:
        return truth.kind is not TroubleKind.STUCK or (truth.end - truth.start).total_seconds() > _HELD_S
    if case.what is Suspicion.EVENT:
        wander = case.made.scenario.profiles.wander_percent
        large = truth.kind is not TroubleKind.OVERLOAD or truth.magnitude >= WANDERS * wander
        return truth.detectability.detectable and large
    line = case.made.timeline
    diagnosis = diagnose(context, line.start, line.last)
    equations = Equations.of(diagnosis)
    if equations is None or truth.detectability.threshold is None:
        return False
    signature = np.zeros(diagnosis.frame.value.shape)
    material = False
    for row, sensor in enumerate(diagnosis.frame.sensors):
        if sensor.name in case.made.shown:
            signature[row] = case.made.shown[sensor.name] - case.made.true[sensor.name]
            size = np.abs(signature[row]) / float(diagnosis.frame.noise[row])
            wrong = size[size > _ROUNDED]
            material |= bool(len(wrong)) and float(wrong.mean()) >= 1.0
    root = np.linalg.cholesky(equations.covariance)
    white = solve_triangular(root, equations.jacobian @ np.nan_to_num(signature), lower=True)
    return material and float(np.sqrt((white**2).sum())) >= truth.detectability.threshold


def _figures(case: SuspectCase) -> tuple[float, float, float]:
    """Largest z-score, how many sensors are loud then, and for how many readings the loudest is."""
    steps = case.made.timeline.steps
    scores = np.zeros((len(case.made.series), steps))
    for row, series in enumerate(case.made.series):
        at = (series.at_us - case.made.timeline.times_us()[0]) // round(case.made.timeline.step_s * 1e6)
        known = np.isfinite(series.value)
        scores[row, at[known]] = departures(series.value[known])
    loudest, step = divmod(int(scores.argmax()), steps)
    near = scores[:, max(0, step - _NEAR_STEPS) : step + _NEAR_STEPS + 1].max(axis=1)
    return float(scores.max()), float((near > _LOUD).sum()), float((scores[loudest] > _LOUD).sum())


def _rival(count: int, seed: int, able: Sequence[Outcome]) -> list[str]:
    cases = list(draw_suspects(count, seed))
    tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, class_weight="balanced", random_state=0)
    tree.fit([_figures(case) for case in cases], [str(case.what) for case in cases])
    return [str(said) for said in tree.predict([one.figures for one in able])]


def _show(able: Sequence[Outcome], said: Sequence[str]) -> float:
    """The confusion matrix and the scores; returns macro-F1."""
    print(f"{'truth':<12}" + "".join(f"{column:>12}" for column in COLUMNS))
    for what in Suspicion:
        counts = Counter(word for one, word in zip(able, said, strict=True) if one.what is what)
        print(f"{what:<12}" + "".join(f"{counts[column]:>12}" for column in COLUMNS))
    labels = [str(what) for what in Suspicion]
    truth = [str(one.what) for one in able]
    each = f1_score(truth, said, labels=labels, average=None, zero_division=0)
    macro = float(f1_score(truth, said, labels=labels, average="macro", zero_division=0))
    print(
        "F1 "
        + ", ".join(f"{name} {value:.3f}" for name, value in zip(labels, each, strict=True))
        + f"; macro {macro:.3f}"
    )
    return macro


def _kinds(able: Sequence[Outcome]) -> None:
    print("\nkind                     judged  right  right without logs")
    for kind in dict.fromkeys(one.kind for one in able):
        mine = [one for one in able if one.kind is kind]
        right, bare = (
            np.mean([one.said == one.what for one in mine]),
            np.mean([one.said_without_logs == one.what for one in mine]),
        )
        print(f"{kind:<24} {len(mine):>6} {right:>6.2f} {bare:>19.2f}")


def _counted(apart: Sequence[Outcome]) -> list[str]:
    counts = Counter((one.kind, one.said) for one in apart)
    return [f"{kind} said {said} {count}" for (kind, said), count in sorted(counts.items())]


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
