"""Incidents drawn at random: kinds, places, times and magnitudes from declared ranges, some of which nobody can see.

Each is a scenario of its own with one trouble, cheap enough for hundreds: a day or less on 14 or 39 buses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import JsonValue

from orchestrator.scenarios.generate import generate
from orchestrator.scenarios.schema.scenario import Scenario
from orchestrator.scenarios.schema.troubles import TroubleKind
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator

    from orchestrator.scenarios.generated import Generated

TWELVE = (
    TroubleKind.DRIFT,
    TroubleKind.STEP,
    TroubleKind.OSCILLATION,
    TroubleKind.DROPOUT,
    TroubleKind.SPIKE,
    TroubleKind.STUCK,
    TroubleKind.COOLING_LOSS,
    TroubleKind.OVERLOAD,
    TroubleKind.LINE_TRIP,
    TroubleKind.FALSE_DATA,
    TroubleKind.GUESSING,
    TroubleKind.COMMAND_SEQUENCE,
)
HIDEABLE = (TroubleKind.OVERLOAD, TroubleKind.OSCILLATION, TroubleKind.LINE_TRIP)
"""Kinds whose culprit can go unmeasured and unlogged while the flows around it tell; a sensor cannot hide itself."""
RANGES: dict[TroubleKind, dict[str, JsonValue]] = {
    TroubleKind.DRIFT: {"rate_sigma_per_h": [0.1, 10], "duration_min": [90, 240]},
    TroubleKind.STEP: {"size_sigma": [0.2, 20], "duration_min": [60, 240]},
    TroubleKind.OSCILLATION: {"amplitude_percent": [0.05, 10], "cycle_s": [300, 1200], "duration_min": [60, 180]},
    TroubleKind.DROPOUT: {"missing_percent": [10, 100], "duration_min": [20, 180]},
    TroubleKind.SPIKE: {"size_sigma": [1, 40], "readings": [1, 3], "duration_min": 10},
    TroubleKind.STUCK: {"duration_min": [10, 240]},
    TroubleKind.COOLING_LOSS: {"capability_percent": [50, 98], "duration_min": [180, 420]},
    TroubleKind.OVERLOAD: {"extra_percent": [1, 60], "duration_min": [45, 180]},
    TroubleKind.LINE_TRIP: {"duration_min": [15, 120]},
    TroubleKind.BREAKER_FAILURE: {"duration_min": [15, 120]},
    TroubleKind.FALSE_DATA: {"size_sigma": [0.2, 20], "duration_min": [30, 240]},
    TroubleKind.COORDINATED: {"change_percent": [1, 40], "duration_min": [30, 240]},
    TroubleKind.REPLAY: {"from_earlier_min": [30, 60], "duration_min": [30, 180]},
    TroubleKind.GUESSING: {"attempts": [5, 40], "accounts": [1, 6], "within_s": [60, 590]},
    TroubleKind.COMMAND_SEQUENCE: {"breakers": [3, 7], "seconds_between": [5, 40]},
    TroubleKind.PROTOCOL_SCAN: {"stations": [3, 20], "messages": [10, 80], "within_s": [30, 600]},
}
"""Magnitudes of each kind, with their units in the names; sizes of readings begin far below the noise."""
_LOGGED_SHARE = 0.5
_TRIES = 20
_FIRST_MIN, _LAST_MIN = 60, 1000
_GRIDS = ("case14", "demo")
_ENTROPY = 20_260_512
_HIDDEN_FROM = 1_000_000


def draw_incidents(count: int, seed: int, kinds: Sequence[TroubleKind] = TWELVE) -> Iterator[Generated]:
    """Incidents one after the other, the kinds in turn.

    Args:
        count: How many.
        seed: What is drawn from; equal seeds give equal incidents, whatever the count.
        kinds: Which kinds.
    """
    for number in range(count):
        yield draw_incident(kinds[number % len(kinds)], seed, number)


def draw_incident(kind: TroubleKind, seed: int, number: int = 0) -> Generated:
    """One incident with its truth.

    Args:
        kind: Which kind.
        seed: What is drawn from.
        number: Which of the incidents of that seed.

    Raises:
        InvalidArgumentError: for a negative seed, or when no place is found that the trouble can befall.
    """
    if seed < 0:
        raise InvalidArgumentError(f"seed = {seed}: a whole number from zero on would be right")
    chance = np.random.default_rng([_ENTROPY, seed, number])
    for _ in range(_TRIES):
        scenario = _scenario(kind, chance)
        try:
            return generate(scenario)
        except InvalidArgumentError as error:  # a branch without which there is no power flow
            reason = error
    raise InvalidArgumentError(f"no place for {kind} in {_TRIES} tries; the last one: {reason}")


def draw_hidden(count: int, seed: int) -> Iterator[Generated]:
    """Incidents whose culprit nobody measures and nobody logs, and that what is around it shows all the same.

    Args:
        count: How many; the kinds in turn.
        seed: What is drawn from.

    Raises:
        InvalidArgumentError: as for single incidents, or when none is drawn that anybody could see.
    """
    for number in range(count):
        yield _hidden(HIDEABLE[number % len(HIDEABLE)], seed, number)


def _hidden(kind: TroubleKind, seed: int, number: int) -> Generated:
    for attempt in range(_TRIES):
        open_to_all = draw_incident(kind, seed, _HIDDEN_FROM + number * _TRIES + attempt)
        [truth] = open_to_all.truth
        if not truth.detectability.detectable:
            continue
        said = open_to_all.scenario.model_dump(mode="json")
        [trouble] = said["troubles"]
        trouble["element"] = truth.subject
        if kind is TroubleKind.LINE_TRIP:
            trouble["logged"] = False
        said["measurement"]["without"] = [f"{truth.subject.replace(':', '')}.*"]
        hidden = generate(Scenario.model_validate(said))
        [told] = hidden.truth
        if told.detectability.detectable and not told.culprit_observed:
            return hidden
    raise InvalidArgumentError(f"no hidden {kind} that anybody could see in {_TRIES} tries")


def quiet_day(seed: int, number: int = 0) -> Generated:
    """A day without any trouble, for what tools say without a reason."""
    chance = np.random.default_rng([_ENTROPY, seed, number])
    return generate(_with(chance, "quiet", ()))


def _scenario(kind: TroubleKind, chance: Generator) -> Scenario:
    trouble: dict[str, JsonValue] = {
        "kind": str(kind),
        "start_min": [_FIRST_MIN, _LAST_MIN],
        **magnitudes(kind, chance),
    }
    if kind in {TroubleKind.LINE_TRIP, TroubleKind.BREAKER_FAILURE}:
        trouble["logged"] = bool(chance.random() < _LOGGED_SHARE)
    return _with(chance, str(kind).replace("_", "-"), (trouble,))


def magnitudes(kind: TroubleKind, chance: Generator) -> dict[str, JsonValue]:
    """Magnitudes of a kind from ``RANGES``; sizes evenly by their logarithm, the rest is left a range."""
    found: dict[str, JsonValue] = {}
    for name, span in RANGES[kind].items():
        sized = name.startswith(("rate", "size", "amplitude", "extra", "change")) and isinstance(span, list)
        found[name] = float(np.exp(chance.uniform(*np.log(np.array(span, dtype=float))))) if sized else span
    return found


def _with(chance: Generator, name: str, troubles: tuple[JsonValue, ...]) -> Scenario:
    grid = "demo" if "cooling" in name else str(chance.choice(_GRIDS))
    return Scenario.model_validate(
        {
            "name": f"incident-{name}",
            "title": "Drawn at random",
            "grid": {"case": grid, "load_percent": float(chance.uniform(85, 100))},
            "seed": int(chance.integers(2**31)),
            "troubles": troubles,
        }
    )
