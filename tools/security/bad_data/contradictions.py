"""Times in which readings contradict the physics of all others, with the sensors that explain them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.episodes import Course, Episode, find_episodes
from tools.security.bad_data.localise import Found, localise, merged, suspicious_spans
from tools.security.bad_data.places import Place, Reach, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.detection.diagnosis import Diagnosis, Fault
    from tools.detection.frame import Floats
    from tools.security.bad_data.equations import Equations

_SURE = 5.0
_ONE_FACTOR = 0.1
_SEVERAL = 3
_CLEAR_SHARE = 0.1
"""Of the clearest error, in the sensors' own noise: what is smaller has no factor that can be told."""


@dataclass(frozen=True)
class Contradiction:
    """One time in which one place is wrong.

    Attributes:
        place: The sensors that one cause makes wrong.
        rows: Those of them that are surely wrong, the clearest first.
        episode: Course of the error of the clearest.
        alike: Rows of sensors that would explain it as well.
        adds_up: Whether the wrong readings of a station keep the balance of its bus.
        one_factor: Whether they are all wrong by one factor.
    """

    place: Place
    rows: tuple[int, ...]
    episode: Episode
    alike: tuple[int, ...] = ()
    adds_up: bool = False
    one_factor: bool = False

    @property
    def leader(self) -> int:
        """Row that shows it most clearly."""
        return self.rows[0]


def contradictions(diagnosis: Diagnosis, equations: Equations | None) -> list[Contradiction]:
    """All of them, by place; a stuck run is none, for it is told by itself."""
    if equations is None:
        return [_as_diagnosed(fault) for fault in diagnosis.faults]
    candidates = places(diagnosis.frame.sensors, diagnosis.model)
    episodes = [(fault.episode.first, fault.episode.stop) for fault in diagnosis.faults]
    found: dict[tuple[tuple[int, ...], int], Contradiction] = {}
    explained: list[tuple[int, int]] = []
    for span in merged([*suspicious_spans(equations), *episodes], 0):
        located = localise(equations.contrast(*span), candidates)
        if located:
            explained.append(span)
        for one in _of_span(diagnosis, equations, located, span):
            found.setdefault((one.place.rows, one.episode.first), one)
    left = [fault for fault in diagnosis.faults if not _covered(fault, explained)]
    told = _longest(list(found.values()))
    return sorted([*told, *map(_as_diagnosed, left)], key=lambda one: (one.episode.first, one.leader))


def _as_diagnosed(fault: Fault) -> Contradiction:
    row = fault.wrong.row
    return Contradiction(Place(Reach.SENSOR, (row,)), (row,), fault.episode, fault.wrong.rivals)


def _covered(fault: Fault, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first < fault.episode.stop and fault.episode.first < stop for first, stop in spans)


def _longest(found: Sequence[Contradiction]) -> list[Contradiction]:
    """Without those that lie inside a longer one of the same leading sensor or of a station that it belongs to."""
    kept: list[Contradiction] = []
    for one in sorted(found, key=lambda item: (-len(item.place.rows), -(item.episode.stop - item.episode.first))):
        if not any(set(one.place.rows) <= set(other.place.rows) and _overlap(one, other) for other in kept):
            kept.append(one)
    return kept


def _overlap(one: Contradiction, other: Contradiction) -> bool:
    return one.episode.first < other.episode.stop and other.episode.first < one.episode.stop


def _of_span(
    diagnosis: Diagnosis, equations: Equations, located: Sequence[Found], span: tuple[int, int]
) -> Iterator[Contradiction]:
    rows = tuple(row for one in located for row in _rows_of(diagnosis, one, span))
    if not rows:
        return
    error, sigma = equations.errors(rows)
    first, stop = span
    mean = _mean(error[:, first:stop])
    count = np.maximum(1, np.isfinite(error[:, first:stop]).sum(axis=1))
    score = np.abs(mean) / sigma[:, first:stop].min(axis=1) * np.sqrt(count)
    for one in located:
        mine = [rows.index(row) for row in _rows_of(diagnosis, one, span)]
        mine.sort(key=lambda place: -score[place])
        sure = [place for place in mine if score[place] > _SURE] or mine[:1]
        leader = sure[0]
        named = tuple(rows[place] for place in sure)
        for episode in _episodes(diagnosis, rows[leader], (error[leader], sigma[leader]), span):
            yield Contradiction(
                place=one.place,
                rows=named,
                episode=episode,
                alike=tuple(row for row in one.alike if row != rows[leader]),
                adds_up=one.place.reach is Reach.STATION and _adds_up(equations, named, mean[sure], episode),
                one_factor=_one_factor(diagnosis, named, mean[sure], episode),
            )


def _rows_of(diagnosis: Diagnosis, found: Found, span: tuple[int, int]) -> tuple[int, ...]:
    """Of single sensors that explain it alike, the one that shows the error in its own course."""
    if found.alike:
        for fault in diagnosis.faults:
            if fault.wrong.row in found.alike and _covered(fault, (span,)):
                return (fault.wrong.row,)
    return found.place.rows


def _mean(error: Floats) -> Floats:
    known = np.isfinite(error)
    mean: Floats = np.where(known, error, 0.0).sum(axis=1) / np.maximum(1, known.sum(axis=1))
    return mean


def _episodes(diagnosis: Diagnosis, row: int, course: tuple[Floats, Floats], span: tuple[int, int]) -> list[Episode]:
    """The courses of a sensor's error that touch a span; the span itself where it is sure only as a whole."""
    error, sigma = course
    frame = diagnosis.frame
    found = find_episodes(frame, row, error, sigma, diagnosis.verdicts.limit)
    mine = [item for item in found if item.first < span[1] and span[0] < item.stop]
    if mine:
        return mine
    first, stop = span
    inside = np.nan_to_num(error[first:stop])
    worst = first + int(np.abs(inside).argmax())
    strength = abs(float(inside.mean())) / float(sigma[first:stop].min()) * float(np.sqrt(stop - first))
    if strength < diagnosis.verdicts.limit:
        return []
    return [
        Episode(
            course=Course.STEP,
            first=first,
            stop=stop,
            lasting=stop >= frame.value.shape[1] - 1,
            worst=worst,
            error=float(inside.mean()),
            rate_per_h=None,
            strength=strength,
        )
    ]


def _adds_up(equations: Equations, rows: Sequence[int], error: Floats, episode: Episode) -> bool:
    """Whether an equation of wrong readings alone holds, though each of them breaks it by far."""
    enters = equations.jacobian != 0
    inside = set(rows)
    for number in range(len(enters)):
        involved = np.flatnonzero(enters[number])
        wrong = [rows.index(int(row)) for row in involved if int(row) in inside]
        if len(wrong) < _SEVERAL - 1 or not _is_balance(equations, number):
            continue
        sides = equations.residual[number, episode.first : episode.stop]
        beside = np.delete(equations.residual[number], np.s_[episode.first : episode.stop])
        if not np.isfinite(sides).any():
            continue
        usual = float(np.nanmean(beside)) if np.isfinite(beside).any() else 0.0
        noise = float(np.sqrt(equations.covariance[number, number] / np.isfinite(sides).sum()))
        apart = abs(float(np.nanmean(sides)) - usual)
        pushed = float(np.abs(equations.jacobian[number, list(rows)] * error).sum())
        if pushed > 2 * _SURE * noise and apart < max(_SURE * noise, _ONE_FACTOR * pushed):
            return True
    return False


def _is_balance(equations: Equations, number: int) -> bool:
    return "balance" in equations.constraints.label[number][0]


def _one_factor(diagnosis: Diagnosis, rows: Sequence[int], error: Floats, episode: Episode) -> bool:
    """Whether all wrong readings are the true ones times one number."""
    if len(rows) < _SEVERAL:
        return False
    said = _mean(diagnosis.frame.value[list(rows), episode.first : episode.stop])
    sizes = np.abs(error) / diagnosis.frame.noise[list(rows)]
    clear = sizes > _CLEAR_SHARE * sizes.max()
    factor = (error / np.where(said == error, np.inf, said - error))[clear]
    return len(factor) >= _SEVERAL and bool(np.ptp(factor) < _ONE_FACTOR * abs(float(factor.mean())))
