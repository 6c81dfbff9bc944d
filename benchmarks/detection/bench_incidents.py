"""Incidents drawn at random over twelve kinds: what the tools detect, what they call it, and what they raise in vain.

Run as ``python -m benchmarks.detection.bench_incidents [DATA] [--count N] [--seed S] [--quiet N]``; DATA is taken and
not used, for everything is simulated. Each incident is a day of its own on 14 or 39 buses, with magnitudes from
``RANGES``, which include what nobody can see. Recall is shown by kind and by signal-to-noise ratio; the promise holds
for what an ideal detector with the same noise could see, to which the loads' course is as unknown as to the tools
(see ``orchestrator/scenarios/detectability.py``); recall of what it could see if it knew that course is shown too. A
kind whose tool is not in the catalogue counts as missed.

The reference beside it knows no grid: each sensor against its own rolling median, alarm above the quantile that gives
one false alarm a day in white noise.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from benchmarks.detection.drawn_cases import departures, judged_each, mean, share
from orchestrator.catalogue import CATALOGUE
from orchestrator.scenarios.expectations import DETECTED_BY
from orchestrator.scenarios.findings import WATCH, look
from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.incidents import TWELVE, draw_incidents, quiet_day
from orchestrator.scenarios.judging import caught, false_alarms, unexplained
from orchestrator.scenarios.truth import SeenBy
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.scenarios.findings import Found
    from orchestrator.scenarios.generated import Generated
    from orchestrator.scenarios.schema.troubles import TroubleKind
    from orchestrator.scenarios.truth import Detectability

RECALL, FALSE_ALARMS_A_DAY, TYPE_RIGHT = 0.98, 1.0, 0.9
"""The promise."""
EDGES = (0.0, 0.5, 1.0, 2.0, 5.0, 20.0, inf)
"""Signal-to-noise ratios, of the one that an ideal detector needs."""
_NEAR_STEPS = 15


@dataclass(frozen=True)
class Outcome:
    """One incident, judged."""

    kind: TroubleKind
    detectable: bool
    known_course: bool
    ratio: float | None
    found: bool
    told: bool
    right: bool
    plain: bool
    alarms: int
    unexplained: int
    plain_alarms: int
    seconds: float


def main() -> bool:
    """Draw, judge, print; whether the promise is kept."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", help="taken and not used")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", type=int, default=20, help="days without any trouble")
    given = parser.parse_args()
    outcomes = judged_each(draw_incidents(given.count, given.seed), given.count, _judged)
    quiet = [_quiet(quiet_day(given.seed, number)) for number in range(given.quiet)]
    _show_kinds(outcomes)
    _show_sizes(outcomes)
    return _promise(outcomes, quiet)


def _judged(incident: Generated) -> Outcome:
    started = perf_counter()
    [truth] = incident.truth
    findings = _findings(incident)
    last = incident.timeline.last
    mine = [one for one in findings if caught(truth, one, last)]
    tools, kinds = DETECTED_BY[truth.kind]
    seen = truth.detectability
    plain = _plain(incident)
    observed = {f"sensor:{one.sensor}" for one in truth.observed_by} | {truth.subject}
    begin, end = (int((moment - incident.timeline.start).total_seconds() // 60) for moment in (truth.start, truth.end))
    of_it = [name in observed and begin - _NEAR_STEPS <= step <= end + _NEAR_STEPS for name, step in plain]
    return Outcome(
        kind=truth.kind,
        detectable=seen.detectable,
        known_course=_seen_in_known_course(seen),
        ratio=seen.snr / seen.threshold if seen.snr is not None and seen.threshold else None,
        found=bool(mine),
        told=any(one.severity is not Severity.INFORMATION for one in mine),
        right=any(one.tool in tools and one.kind in kinds for one in mine),
        plain=any(of_it) and seen.seen_by is SeenBy.MATCHED_FILTER,
        alarms=len(false_alarms(incident, findings)),
        unexplained=len(unexplained(incident, findings)),
        plain_alarms=_episodes([pair for pair, mine_too in zip(plain, of_it, strict=True) if not mine_too]),
        seconds=perf_counter() - started,
    )


def _seen_in_known_course(seen: Detectability) -> bool:
    """Whether one could see it who knew the course without it: more than any detector can know."""
    if seen.snr_known_course is None or seen.threshold is None:
        return seen.detectable
    return seen.detectable or seen.snr_known_course >= seen.threshold


def _quiet(day: Generated) -> tuple[int, int, int]:
    """False alarms, the reference's, and findings of any severity."""
    findings = _findings(day)
    return len(false_alarms(day, findings)), _episodes(_plain(day)), len(unexplained(day, findings))


def _findings(incident: Generated) -> tuple[Found, ...]:
    """What all tools say that find any of the kinds, whatever the incident is: nobody tells them."""
    known = {spec.name for spec in CATALOGUE}
    tools = dict.fromkeys((*WATCH, *(tool for kind in TWELVE for tool in DETECTED_BY[kind][0])))
    span, context = (incident.timeline.start, incident.timeline.last), held_context(incident)
    sensors = [one.sensor.name for one in incident.series]
    looks = [look(tool, context, span, (), sensors) for tool in tools if tool in known]
    return tuple(found for one in looks for found in one.findings)


def _plain(incident: Generated) -> list[tuple[str, int]]:
    """The reference's alarms: sensor and step."""
    steps = incident.timeline.steps
    limit = float(norm.isf(0.5 / (steps * len(incident.series))))
    found = []
    for series in incident.series:
        at = (series.at_us - incident.series[0].at_us[0]) // 60_000_000
        found += [(f"sensor:{series.sensor.name}", int(step)) for step in at[departures(series.value) > limit]]
    return found


def _episodes(alarms: Sequence[tuple[str, int]]) -> int:
    """Alarms of one sensor within a quarter of an hour count once."""
    count = 0
    last: dict[str, int] = {}
    for name, step in alarms:
        count += step - last.get(name, -inf) > _NEAR_STEPS
        last[name] = step
    return count


def _show_kinds(outcomes: Sequence[Outcome]) -> None:
    print("kind               drawn  detectable  recall  type right  rolling median")
    for kind in TWELVE:
        mine = [one for one in outcomes if one.kind == kind]
        able = [one for one in mine if one.detectable]
        print(
            f"{kind:<18} {len(mine):>5} {len(able):>11} {share([one.found for one in able]):>7} "
            f"{share([one.right for one in able if one.found]):>11} {share([one.plain for one in able]):>15}"
        )


def _show_sizes(outcomes: Sequence[Outcome]) -> None:
    print("\nSNR over needed    drawn  recall  rolling median")
    for low, high in pairwise(EDGES):
        mine = [one for one in outcomes if one.ratio is not None and low <= one.ratio < high]
        print(
            f"{low:>4g} to {high:<10g} {len(mine):>5} {share([one.found for one in mine]):>7} "
            f"{share([one.plain for one in mine]):>15}"
        )
    rest = [one for one in outcomes if one.ratio is None]
    print(f"seen without noise {len(rest):>5} {share([one.found for one in rest]):>7}")


def _promise(outcomes: Sequence[Outcome], quiet: Sequence[tuple[int, int, int]]) -> bool:
    able = [one for one in outcomes if one.detectable]
    known = {spec.name for spec in CATALOGUE}
    tooled = [one for one in able if any(tool in known for tool in DETECTED_BY[one.kind][0])]
    recall, right = mean([one.found for one in able]), mean([one.right for one in able if one.found])
    days = len(outcomes) + len(quiet)
    alarms = (sum(one.alarms for one in outcomes) + sum(day[0] for day in quiet)) / max(days, 1)
    plain = (sum(one.plain_alarms for one in outcomes) + sum(day[1] for day in quiet)) / max(days, 1)
    rows = (
        ("recall of the detectable", recall, f">= {RECALL}", recall >= RECALL),
        ("type right of the found", right, f">= {TYPE_RIGHT}", right >= TYPE_RIGHT),
        ("false alarms a day", alarms, f"<= {FALSE_ALARMS_A_DAY}", alarms <= FALSE_ALARMS_A_DAY),
    )
    print()
    for name, value, bound, kept in rows:
        print(f"{name:<28} {value:.3f}  {bound}  {'kept' if kept else 'MISSED'}")
    print(f"recall where a tool exists   {mean([one.found for one in tooled]):.3f}  ({len(tooled)} incidents)")
    known_course = [one.found for one in outcomes if one.known_course]
    print(f"recall, quiet course known   {mean(known_course):.3f}  ({len(known_course)} incidents)")
    print(f"found though undetectable    {sum(one.found for one in outcomes if not one.detectable)}")
    print(f"rolling median: recall {mean([one.plain for one in able]):.3f}, false alarms a day {plain:.2f}")
    told = mean([one.told for one in able])
    vain = (sum(one.unexplained for one in outcomes) + sum(day[2] for day in quiet)) / max(days, 1)
    print(f"recall without information   {told:.3f}, and with it findings in vain a day {vain:.3f}")
    print(f"quiet days: {len(quiet)}, false alarms {sum(day[0] for day in quiet)}")
    print(f"seconds an incident, judged: {np.mean([one.seconds for one in outcomes]):.2f}")
    return all(kept for *_, kept in rows)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
