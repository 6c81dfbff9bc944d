"""All initiating sets of a question: screened together, then simulated one by one where a relay may act."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError
from tools.grid.cascading.course import Course
from tools.grid.cascading.quiet import screened
from tools.grid.cascading.relays import BELOW_STANDING_PU, Settings, pickups
from tools.grid.cascading.simulate import Cascade
from tools.grid.cascading.subject import Initiating, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.schema.cascade import FrequencySettings, ProtectionSettings, SimulateCascadeArguments
    from tools.grid.schema.power_flow import FlowModel
    from tools.grid.screening.resident import Resident
    from tools.spreading import Spreading

# More pairs than this are not simulated in one call: ask for a sample.
MOST_SETS = 50_000
# Sets that are simulated as one part.
PART = 250
# Load lost below this share of the load does not rank before trips and near trips.
SLIGHT_SHARE = 0.01


@dataclass(frozen=True)
class Study:
    """What became of every set.

    Attributes:
        subject: The grid.
        settings: Of the relays.
        sets: The initiating sets; ``courses`` belong to them one by one.
        screened: How many sets the screen alone answered.
        drawn_of: Number of sets that a sample was drawn from; None without a sample.
        spared: Whether the pickups stand above the loadings after single outages.
    """

    subject: Subject
    settings: Settings
    sets: tuple[Initiating, ...]
    courses: tuple[Course, ...]
    screened: int
    drawn_of: int | None
    spared: bool


def study(subject: Subject, args: SimulateCascadeArguments, seed: int, spreading: Spreading) -> Study:
    """Simulate every initiating set.

    Raises:
        InvalidArgumentError: for sets that cannot be, or too many of them.
        UnknownElementError, AmbiguousElementError: for elements.
    """
    sets, drawn_of = _sets(subject, args, seed)
    asked = args.protection.spare_single_outages
    spared = len(sets) > 1 and all(len(one.refs) > 1 for one in sets) if asked is None else asked
    settings = _settings(subject, args.protection, spared=spared)
    courses: list[Course | None] = [None] * len(sets)
    if len(sets) > 1:
        for found in screened(subject, settings, sets):
            if found.quiet(settings.pickup_percent):
                courses[found.place] = Course(
                    worst_loading_percent=float(found.loading_percent.max(initial=0.0)),
                    worst_pickup_percent=settings.worst_pickup_percent(found.loading_percent),
                    lowest_hz=subject.control.nominal_hz,
                )
    loud = [place for place, course in enumerate(courses) if course is None]
    parts = [loud[first : first + PART] for first in range(0, len(loud), PART)]
    whole = (subject.state, args.model, args.frequency, settings)
    given = [(*whole, [sets[place] for place in part], args.horizon_s) for part in parts]
    ran = chain.from_iterable(spreading.each(simulated, given))
    done = tuple(next(ran) if course is None else course for course in courses)
    return Study(subject, settings, sets, done, len(sets) - len(loud), drawn_of, spared)


def simulated(
    state: Resident,
    model: FlowModel,
    frequency: FrequencySettings,
    settings: Settings,
    sets: Sequence[Initiating],
    horizon_s: float,
) -> list[Course]:
    """Courses of one part of the sets; the grid is prepared anew, so that a part does not depend on those before it."""
    subject = Subject(state, model, frequency)
    return [Cascade(subject, settings, one).run(horizon_s) for one in sets]


def _sets(subject: Subject, args: SimulateCascadeArguments, seed: int) -> tuple[tuple[Initiating, ...], int | None]:
    if bool(args.initiating) == (args.order is not None):
        raise InvalidArgumentError(
            "initiating: name the sets of outages to begin with, or give order 1 or 2 for all of them, not both"
        )
    if args.initiating:
        return tuple(subject.initiating(texts) for texts in args.initiating), None
    circuits = range(len(subject.arrays.circuits))
    count = len(circuits) if args.order == 1 else len(circuits) * (len(circuits) - 1) // 2
    wanted = min(args.sample or count, count)
    if wanted > MOST_SETS:
        raise InvalidArgumentError(
            f"sample: order {args.order} has {count} sets here, and at most {MOST_SETS} are simulated at once; "
            "ask for a sample of them"
        )
    groups = (
        list(combinations(circuits, args.order or 1)) if wanted == count else _drawn(len(circuits), args, wanted, seed)
    )
    sets = tuple(Initiating(tuple(subject.state.refs[c] for c in group), group, ()) for group in groups)
    return sets, None if wanted == count else count


def _drawn(circuits: int, args: SimulateCascadeArguments, wanted: int, seed: int) -> list[tuple[int, ...]]:
    """Different sets, each as likely as any other, in table order."""
    generator, found = np.random.default_rng(seed), set[tuple[int, ...]]()
    while len(found) < wanted:
        for group in generator.integers(circuits, size=(wanted, args.order or 1)).tolist():
            if len(set(group)) == len(group) and len(found) < wanted:
                found.add(tuple(sorted(group)))
    return sorted(found)


def _settings(subject: Subject, protection: ProtectionSettings, *, spared: bool) -> Settings:
    vm_pu = np.abs(subject.base_voltage)
    undervoltage = np.minimum(protection.undervoltage_pu, vm_pu - BELOW_STANDING_PU)
    load = subject.plant.demand_mva.real > 0
    plain = Settings(protection, pickups(protection, subject.standing_percent, None), undervoltage, load, subject.ac)
    if not spared:
        return plain
    worst = _worst(subject, plain)
    return Settings(protection, pickups(protection, subject.standing_percent, worst), undervoltage, load, subject.ac)


def _worst(subject: Subject, settings: Settings) -> NDArray[np.float64]:
    """Highest loading of each rated circuit after any single outage that leaves the grid in one piece."""
    singles = [Initiating((ref,), (at,), ()) for at, ref in enumerate(subject.state.refs)]
    worst: NDArray[np.float64] = np.zeros(len(subject.rated))
    for found in screened(subject, settings, singles):
        np.maximum(worst, found.loading_percent, out=worst)
    return worst


def ranked(courses: Sequence[Course], load_mw: float) -> list[int]:
    """Places of the sets, the worst first: by load lost, branches tripped, then how near a relay is to its pickup.

    What is lost below ``SLIGHT_SHARE`` of the load decides last: in a large grid every other pair cuts off some radial
    load, which says nothing of a cascade, and would stand before pairs that stop just short of one.

    Args:
        courses: What became of the sets.
        load_mw: Load before the outages.
    """

    def key(place: int) -> tuple[float, float, float, float, int]:
        course = courses[place]
        # rounding must not decide
        lost = round(course.unserved_mw, 6)
        heavy = lost if lost >= SLIGHT_SHARE * load_mw else 0.0
        return (-heavy, -course.tripped_branches, -course.worst_pickup_percent, -lost, place)

    return sorted(range(len(courses)), key=key)
