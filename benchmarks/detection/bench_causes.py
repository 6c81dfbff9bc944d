"""Causes of incidents drawn at random: ranked first, confirmed, confirmed and wrong; and with a hidden culprit.

Run as ``python -m benchmarks.detection.bench_causes [DATA] [--count N] [--seed S] [--hidden H]``; DATA is taken and
not used, for everything is simulated. The incidents are those of ``bench_incidents``, each asked about as a whole day:
nobody tells when, where or of which kind. The promise holds for those that an ideal detector could see. A cause is
right when its culprit or its subject is that of the truth; a row that is confirmed and wrong counts wherever it is
ranked. Of the hidden ones, neither sensors of the culprit nor logs tell: there every verdict must be inconclusive.

The rival beside it names what departed farthest from its own rolling median, in its own usual sizes.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.detection.drawn_cases import departures, judged_each, mean, share
from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.incidents import HIDEABLE, TWELVE, draw_hidden, draw_incidents
from tools.causal.causes import attribute_root_cause
from tools.causal.schema.causes import AttributeRootCauseArguments
from tools.vocabulary import CauseVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.scenarios.generated import Generated
    from orchestrator.scenarios.schema.troubles import TroubleKind
    from orchestrator.scenarios.truth import TroubleTruth
    from tools.causal.schema.causes import Cause

FIRST, CONFIRMED = 0.85, 0.6
"""The promise."""


@dataclass(frozen=True)
class Outcome:
    """One incident, judged."""

    kind: TroubleKind
    detectable: bool
    observed: bool
    first: bool
    confirmed: bool
    wrong: int
    inconclusive: bool
    suggested: bool
    rival: bool
    seconds: float


def main() -> bool:
    """Draw, ask, print; whether the promise is kept."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", help="taken and not used")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=24, help="incidents whose culprit nobody observes")
    given = parser.parse_args()
    outcomes = judged_each(draw_incidents(given.count, given.seed), given.count, _judged)
    hidden = judged_each(draw_hidden(given.hidden, given.seed), given.hidden, _judged)
    _show(outcomes, hidden)
    return _promise(outcomes, hidden)


def _judged(incident: Generated) -> Outcome:
    [truth] = incident.truth
    context = held_context(incident)
    asked = AttributeRootCauseArguments(start=incident.timeline.start, end=incident.timeline.last, limit=100)
    started = perf_counter()
    result = attribute_root_cause(context, asked)
    seconds = perf_counter() - started
    causes = result.causes
    first = bool(causes) and _right(truth, causes[0])
    confirmed = [cause for cause in causes if cause.verdict is CauseVerdict.CONFIRMED]
    checks = {str(name) for cause in causes for check in cause.inspect for name in (check.element, check.subject)}
    return Outcome(
        kind=truth.kind,
        detectable=truth.detectability.detectable,
        observed=truth.culprit_observed,
        first=first,
        confirmed=first and causes[0].verdict is CauseVerdict.CONFIRMED,
        wrong=sum(not _right(truth, cause) for cause in confirmed),
        inconclusive=all(cause.verdict is CauseVerdict.INCONCLUSIVE for cause in causes),
        suggested=truth.subject in checks,
        rival=_rival(incident) in _names(truth),
        seconds=seconds,
    )


def _names(truth: TroubleTruth) -> set[str]:
    return {truth.culprit, truth.subject}


def _right(truth: TroubleTruth, cause: Cause) -> bool:
    """Whether a cause names the culprit: a sensor by its name, so that its element is not enough."""
    named = cause.subject if cause.subject is not None and cause.subject.kind != "asset" else cause.element
    return str(named) in _names(truth)


def _rival(incident: Generated) -> str:
    """The sensor, or its element, that departed farthest: of a sensor of an injection or a branch, both are tried."""
    best, name = 0.0, ""
    truth = _names(incident.truth[0])
    for series in incident.series:
        score = float(departures(series.value).max())
        if score > best:
            best, own, element = score, f"sensor:{series.sensor.name}", str(series.sensor.element)
            name = element if element in truth else own
    return name


def _show(outcomes: Sequence[Outcome], hidden: Sequence[Outcome]) -> None:
    print("kind               drawn  detectable  first  confirmed of observed  wrong  largest departure")
    for kind in TWELVE:
        mine = [one for one in outcomes if one.kind == kind]
        able = [one for one in mine if one.detectable]
        seen = [one for one in able if one.observed]
        print(
            f"{kind:<18} {len(mine):>5} {len(able):>11} {share([one.first for one in able]):>6} "
            f"{share([one.confirmed for one in seen]):>22} {sum(one.wrong for one in mine):>6} "
            f"{share([one.rival for one in able]):>18}"
        )
    print("\nculprit hidden     drawn  inconclusive  culprit among what to inspect")
    for kind in HIDEABLE:
        mine = [one for one in hidden if one.kind == kind]
        print(
            f"{kind:<18} {len(mine):>5} {share([one.inconclusive for one in mine]):>13} "
            f"{share([one.suggested for one in mine]):>30}"
        )


def _promise(outcomes: Sequence[Outcome], hidden: Sequence[Outcome]) -> bool:
    able = [one for one in outcomes if one.detectable]
    seen = [one for one in able if one.observed]
    first, confirmed = mean([one.first for one in able]), mean([one.confirmed for one in seen])
    wrong = sum(one.wrong for one in (*outcomes, *hidden))
    open_ones = mean([one.inconclusive for one in hidden])
    rows = (
        ("cause ranked first", first, f">= {FIRST}", first >= FIRST),
        ("confirmed of the observed", confirmed, f">= {CONFIRMED}", confirmed >= CONFIRMED),
        ("confirmed and wrong", float(wrong), "0", wrong == 0),
        ("hidden culprit: inconclusive", open_ones, "1", open_ones == 1.0),
    )
    print()
    for name, value, bound, kept in rows:
        print(f"{name:<30} {value:.3f}  {bound}  {'kept' if kept else 'MISSED'}")
    print(f"largest departure names it     {mean([one.rival for one in able]):.3f}")
    every = [one.seconds for one in (*outcomes, *hidden)]
    print(f"seconds a call: median {np.median(every):.2f}, longest {np.max(every):.2f}")
    return all(kept for *_, kept in rows)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
