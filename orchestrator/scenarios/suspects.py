"""Cases drawn at random that look alike at first: falsified readings, faults of sensors, events of the grid.

What is drawn, and how often:

- falsified: a constant added to one sensor, a station falsified so that it adds up, an earlier time played again;
- faults: drift, step, held value, spike, dropout of one sensor;
- events: a branch trips (half of them logged), a load or all loads (as in a sudden heat) draw more, a unit swings.

Whoever falsifies leaves one of four traces in the logs within an hour before: a log-in from a machine that nobody
uses; the same and a command to the element; guessed passwords and then a log-in; or all of it. Into the days of
faults and events falls, at a time of its own, an attempt to guess passwords in 15 of 100 and a sequence of commands of
a stranger in 5 of 100: a trace in the logs is no proof of anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from pydantic import JsonValue

from orchestrator.scenarios.generate import generate
from orchestrator.scenarios.incidents import magnitudes
from orchestrator.scenarios.schema.scenario import Scenario
from orchestrator.scenarios.schema.troubles import Trace, TroubleKind
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from orchestrator.scenarios.generated import Generated
    from orchestrator.scenarios.truth import TroubleTruth


class Suspicion(StrEnum):
    """What a case truly is."""

    FALSIFIED = "falsified"
    FAULT = "fault"
    EVENT = "event"


TURNS: tuple[tuple[Suspicion, TroubleKind, dict[str, JsonValue]], ...] = (
    (Suspicion.FALSIFIED, TroubleKind.FALSE_DATA, {}),
    (Suspicion.FAULT, TroubleKind.STEP, {}),
    (Suspicion.EVENT, TroubleKind.LINE_TRIP, {}),
    (Suspicion.FALSIFIED, TroubleKind.COORDINATED, {}),
    (Suspicion.FAULT, TroubleKind.DRIFT, {}),
    (Suspicion.EVENT, TroubleKind.OVERLOAD, {}),
    (Suspicion.FALSIFIED, TroubleKind.REPLAY, {}),
    (Suspicion.FAULT, TroubleKind.STUCK, {}),
    (Suspicion.EVENT, TroubleKind.OSCILLATION, {}),
    (Suspicion.FALSIFIED, TroubleKind.FALSE_DATA, {}),
    (Suspicion.FAULT, TroubleKind.SPIKE, {}),
    (Suspicion.EVENT, TroubleKind.OVERLOAD, {"element": "all"}),
    (Suspicion.FALSIFIED, TroubleKind.COORDINATED, {}),
    (Suspicion.FAULT, TroubleKind.DROPOUT, {}),
    (Suspicion.EVENT, TroubleKind.LINE_TRIP, {}),
)
"""Kinds in turn; five of each class in fifteen."""
TRACES = ((Trace.LOGIN,), (Trace.LOGIN, Trace.COMMAND), (Trace.GUESSING,), (Trace.GUESSING, Trace.COMMAND))
"""What whoever falsifies leaves, each as likely as the others."""
GUESSED_BESIDE, COMMANDED_BESIDE = 0.15, 0.05
"""Shares of the other days into which an unrelated trace falls."""
_LABEL = "case"
_ENTROPY = 20_261_127
_TRIES = 20
_FIRST_MIN, _LAST_MIN = 60, 1000
_GRIDS = ("case14", "demo")


@dataclass(frozen=True, eq=False)
class SuspectCase:
    """One case.

    Attributes:
        made: A day with it.
        what: What it truly is.
    """

    made: Generated
    what: Suspicion

    @property
    def truth(self) -> TroubleTruth:
        """The trouble that the case is about, not an unrelated trace."""
        return next(one for one in self.made.truth if one.label == _LABEL)


def draw_suspects(count: int, seed: int) -> Iterator[SuspectCase]:
    """Cases one after the other; equal seeds give equal cases, whatever the count.

    Raises:
        InvalidArgumentError: for a negative seed, or when no place is found for one.
    """
    if seed < 0:
        raise InvalidArgumentError(f"seed = {seed}: a whole number from zero on would be right")
    for number in range(count):
        yield _draw(seed, number)


def _draw(seed: int, number: int) -> SuspectCase:
    chance = np.random.default_rng([_ENTROPY, seed, number])
    what, kind, more = TURNS[number % len(TURNS)]
    for _ in range(_TRIES):
        scenario = _scenario(what, kind, more, chance)
        try:
            return SuspectCase(generate(scenario), what)
        except InvalidArgumentError as error:  # a branch without which there is no power flow
            reason = error
    raise InvalidArgumentError(f"no place for {kind} in {_TRIES} tries; the last one: {reason}")


def _scenario(what: Suspicion, kind: TroubleKind, more: dict[str, JsonValue], chance: Generator) -> Scenario:
    trouble: dict[str, JsonValue] = {
        "kind": str(kind),
        "id": _LABEL,
        "start_min": [_FIRST_MIN, _LAST_MIN],
        **magnitudes(kind, chance),
        **more,
    }
    if kind is TroubleKind.LINE_TRIP:
        trouble["logged"] = bool(chance.random() < 0.5)  # noqa: PLR2004 - half of them
    if what is Suspicion.FALSIFIED:
        trouble["trace"] = [str(trace) for trace in TRACES[int(chance.integers(len(TRACES)))]]
    beside = [] if what is Suspicion.FALSIFIED else list(_beside(chance))
    return Scenario.model_validate(
        {
            "name": f"suspect-{what}",
            "title": "Drawn at random",
            "grid": {"case": str(chance.choice(_GRIDS)), "load_percent": float(chance.uniform(85, 100))},
            "seed": int(chance.integers(2**31)),
            "troubles": [trouble, *beside],
        }
    )


def _beside(chance: Generator) -> Iterator[dict[str, JsonValue]]:
    if chance.random() < GUESSED_BESIDE:
        yield {"kind": str(TroubleKind.GUESSING), "start_min": [0, 1400]}
    if chance.random() < COMMANDED_BESIDE:
        yield {"kind": str(TroubleKind.COMMAND_SEQUENCE), "start_min": [0, 1400]}
