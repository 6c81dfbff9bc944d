"""Values of the slots at times: the newest reading where it is fresh and good, else what stands in for it.

What stands in, in this order: the last good value of the slot up to an hour old (a tap or a switched shunt: up to a
day, for it moves seldom); the model's value, of loads and units scaled to the level of what is measured. Of readings
that contradict each other none is used, and no two are ever averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.schema.basis import StandIn, SubstitutionReason
from tools.grid.snapshot_slots import PLAUSIBLE_VM_PU, Feed, Slot, model_values
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.telemetry.series import Series

HOLD_S = 3600.0
HOLD_SELDOM_S = 86_400.0
# Two sensors of one slot contradict each other beyond so many standard errors of their difference; where no error is
# declared, beyond this share of the larger.
CONFLICT_SIGMA, CONFLICT_SHARE = 4.0, 0.02
# A measured set-point this near to the model's confirms it; the model's, which has no noise, is kept.
CONFIRM_SIGMA = 3.0
# A shunt that draws more than this share of what it draws when it is in, is in.
SWITCHED_SHARE = 0.5
_SELDOM = frozenset({"tap_pos", "switched"})
_USABLE = np.array([quality not in {ReadingQuality.BAD, ReadingQuality.MISSING} for quality in QUALITIES])
_DOUBTED = np.array([quality in {ReadingQuality.SUSPECT, ReadingQuality.SUBSTITUTED} for quality in QUALITIES])
_REASONS: tuple[SubstitutionReason | None, ...] = (None, *SubstitutionReason)
_USED: tuple[StandIn | None, ...] = (None, *StandIn)
GOOD = 0


@dataclass(frozen=True)
class SlotValues:
    """Values at times (rows) of slots (columns).

    Attributes:
        value: In the slot's unit; set for every slot.
        age_s: Of the reading used; NaN where the model's value is used.
        reason: Position in ``REASONS``; 0 where nothing is wrong or nothing is measured.
        used: Position in ``STAND_INS``; 0 where a fresh reading is used or nothing is measured.
        fresh: Whether a fresh, good reading is used.
    """

    value: NDArray[np.float64]
    age_s: NDArray[np.float64]
    reason: NDArray[np.int8]
    used: NDArray[np.int8]
    fresh: NDArray[np.bool_]

    @property
    def near(self) -> NDArray[np.bool_]:
        """Whether a fresh reading is used, a doubted one included."""
        return np.asarray(self.fresh | (self.used == _USED.index(StandIn.READING)))

    def reason_of(self, row: int, slot: int) -> SubstitutionReason | None:
        """What is wrong with the reading of a slot; None where nothing is."""
        return _REASONS[int(self.reason[row, slot])]

    def used_of(self, row: int, slot: int) -> StandIn | None:
        """What stands in for it."""
        return _USED[int(self.used[row, slot])]


@dataclass(frozen=True)
class _Read:
    """One feed at times."""

    value: NDArray[np.float64]
    age_s: NDArray[np.float64]
    reason: NDArray[np.int8]
    held: NDArray[np.float64]
    held_age_s: NDArray[np.float64]


def values_at(slots: Sequence[Slot], series: Mapping[str, Series], at_us: NDArray[np.int64]) -> SlotValues:
    """The values of every slot at every time.

    Args:
        slots: Inputs of the model.
        series: Readings by sensor, from far enough before the first time.
        at_us: Times, microseconds since 1970.
    """
    shape = (len(at_us), len(slots))
    found = SlotValues(
        value=np.full(shape, np.nan),
        age_s=np.full(shape, np.nan),
        reason=np.zeros(shape, dtype=np.int8),
        used=np.zeros(shape, dtype=np.int8),
        fresh=np.zeros(shape, dtype=np.bool_),
    )
    for column, slot in enumerate(slots):
        reads = [
            _read(feed, slot, series[feed.sensor.name], at_us) for feed in slot.feeds if feed.sensor.name in series
        ]
        if reads:
            _fill(found, column, slot, reads)
    _scale(found, slots)
    return found


def _code(reason: SubstitutionReason) -> int:
    return _REASONS.index(reason)


def _read(feed: Feed, slot: Slot, series: Series, at_us: NDArray[np.int64]) -> _Read:
    """The newest reading at each time, what is wrong with it, and the last good one."""
    if not len(series):
        nothing = np.full(len(at_us), np.nan)
        missing = np.full(len(at_us), _code(SubstitutionReason.MISSING), dtype=np.int8)
        return _Read(nothing, nothing, missing, nothing, nothing)
    value = series.value * feed.factor
    wrong = _wrong(feed, slot, series, value)
    newest = np.searchsorted(series.at_us, at_us, side="right") - 1
    seen, place = newest >= 0, np.maximum(newest, 0)
    age_s = np.where(seen, (at_us - series.at_us[place]) / 1e6, np.nan)
    reason = np.where(seen, wrong[place], _code(SubstitutionReason.MISSING))
    reason = np.where(seen & (age_s > feed.sensor.stale_after_s), _code(SubstitutionReason.STALE), reason)
    usable = (wrong == GOOD) | (wrong == _code(SubstitutionReason.SUSPECT))
    last = np.maximum.accumulate(np.where(usable, np.arange(len(value)), -1))[place]
    kept = seen & (last >= 0)
    last = np.maximum(last, 0)
    return _Read(
        value=np.where(seen, value[place], np.nan),
        age_s=age_s,
        reason=reason.astype(np.int8),
        held=np.where(kept, value[last], np.nan),
        held_age_s=np.where(kept, (at_us - series.at_us[last]) / 1e6, np.nan),
    )


def _wrong(feed: Feed, slot: Slot, series: Series, value: NDArray[np.float64]) -> NDArray[np.int8]:
    """What is wrong with each reading, its age apart."""
    sensor = feed.sensor
    low = -np.inf if sensor.lowest is None else sensor.lowest
    high = np.inf if sensor.highest is None else sensor.highest
    outside = (series.value < low) | (series.value > high)
    if slot.quantity == "vm":
        outside |= (value < PLAUSIBLE_VM_PU[0]) | (value > PLAUSIBLE_VM_PU[1])
    wrong = np.zeros(len(value), dtype=np.int8)
    wrong[_DOUBTED[series.quality]] = _code(SubstitutionReason.SUSPECT)
    wrong[outside] = _code(SubstitutionReason.OUT_OF_RANGE)
    wrong[~_USABLE[series.quality]] = _code(SubstitutionReason.BAD)
    wrong[~np.isfinite(value)] = _code(SubstitutionReason.MISSING)
    return wrong


def _fill(found: SlotValues, column: int, slot: Slot, reads: Sequence[_Read]) -> None:
    """Take the first feed that can be used, unless another that can be used contradicts it."""
    suspect = _code(SubstitutionReason.SUSPECT)
    taken = np.zeros(len(found.value), dtype=np.bool_)
    found.reason[:, column] = reads[0].reason
    for read in reads:
        good = ~taken & ((read.reason == GOOD) | (read.reason == suspect))
        found.value[good, column] = read.value[good]
        found.age_s[good, column] = read.age_s[good]
        found.reason[good, column] = read.reason[good]
        taken |= good
    found.fresh[:, column] = taken & (found.reason[:, column] == GOOD)
    found.used[taken & (found.reason[:, column] == suspect), column] = _USED.index(StandIn.READING)
    contradicted = _contradicted(slot, reads)
    found.reason[contradicted, column] = _code(SubstitutionReason.CONFLICTING)
    found.fresh[contradicted, column] = False
    found.value[contradicted, column] = np.nan
    found.age_s[contradicted, column] = np.nan
    found.used[contradicted, column] = 0
    _hold(found, column, slot, reads, ~taken & ~contradicted)
    _settle(found, column, slot)


def _contradicted(slot: Slot, reads: Sequence[_Read]) -> NDArray[np.bool_]:
    result = np.zeros(len(reads[0].value), dtype=np.bool_)
    for one, (first, feed) in enumerate(zip(reads, slot.feeds, strict=False)):
        for second, other in zip(reads[one + 1 :], slot.feeds[one + 1 :], strict=False):
            both = (first.reason == GOOD) & (second.reason == GOOD)
            apart = np.abs(first.value - second.value)
            result |= both & (apart > _allowed(feed, other, first.value, second.value))
    return result


def _allowed(feed: Feed, other: Feed, first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    noises = [abs(one.factor) * one.sensor.noise for one in (feed, other) if one.sensor.noise is not None]
    if len(noises) == 2:  # noqa: PLR2004 - both are declared
        return np.full(len(first), CONFLICT_SIGMA * hypot(*noises))
    return CONFLICT_SHARE * np.maximum(np.abs(first), np.abs(second))


def _hold(found: SlotValues, column: int, slot: Slot, reads: Sequence[_Read], due: NDArray[np.bool_]) -> None:
    """The last good value where it is not too old."""
    bound = HOLD_SELDOM_S if slot.quantity in _SELDOM else HOLD_S
    for read in reads:
        usable = due & np.isnan(found.value[:, column]) & (read.held_age_s <= bound)
        found.value[usable, column] = read.held[usable]
        found.age_s[usable, column] = read.held_age_s[usable]
        found.used[usable, column] = _USED.index(StandIn.LAST_GOOD)


def _settle(found: SlotValues, column: int, slot: Slot) -> None:
    """Positions are whole, and a set-point that is confirmed keeps the model's value."""
    value = found.value[:, column]
    known = np.isfinite(value)
    if slot.quantity == "tap_pos":
        value[known] = np.round(value[known])
    elif slot.quantity == "switched":
        value[known] = value[known] > SWITCHED_SHARE
    elif slot.quantity == "vm":
        noise = slot.feeds[0].sensor.noise
        if noise is not None:
            bound = CONFIRM_SIGMA * noise * abs(slot.feeds[0].factor)
            value[known & (np.abs(value - slot.model) <= bound)] = slot.model


def _scale(found: SlotValues, slots: Sequence[Slot]) -> None:
    """Fill what no reading gives: loads at the level of the measured loads, units at that of the measured units."""
    model = model_values(slots)
    kind = np.array([slot.kind.value for slot in slots])
    quantity = np.array([slot.quantity for slot in slots])
    fed = np.array([bool(slot.feeds) for slot in slots])
    consumers, active = kind == ElementKind.LOAD.value, quantity == "p"
    level = _level(found, model, consumers & active)
    units = _level(found, model, (kind == ElementKind.GEN.value) & active, level)
    for column, slot in enumerate(slots):
        gap = np.isnan(found.value[:, column])
        if not gap.any():
            continue
        scaled = slot.quantity in {"p", "q"} and slot.kind in {ElementKind.LOAD, ElementKind.GEN}
        factor = (units if slot.kind is ElementKind.GEN else level) if scaled else np.ones(len(gap))
        if slot.kind is ElementKind.LOAD and slot.quantity == "q":
            factor = _own_level(found, slots, column, level)
        found.value[gap, column] = model[column] * factor[gap]
        stand_in = StandIn.SCALED_MODEL if scaled else StandIn.MODEL
        found.used[gap & fed[column], column] = _USED.index(stand_in)


def _level(
    found: SlotValues,
    model: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    otherwise: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Measured sum over the model's sum of the same slots, where at least half of the model's sum is measured."""
    value, own = found.value[:, chosen], np.abs(model[chosen])
    known = np.isfinite(value)
    covered = known @ own
    total = np.where(known, value * np.sign(model[chosen]), 0.0).sum(axis=1)
    default = np.ones(len(value)) if otherwise is None else otherwise
    enough = (covered > 0) & (covered >= 0.5 * own.sum())
    return np.where(enough, total / np.where(covered > 0, covered, 1.0), default)


def _own_level(
    found: SlotValues, slots: Sequence[Slot], column: int, level: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Reactive power follows the active power of the same load, which stands in the slot before it."""
    before = slots[column - 1]
    if before.model == 0 or before.index != slots[column].index:
        return level
    active = found.value[:, column - 1]
    return np.where(np.isfinite(active), active / before.model, level)
