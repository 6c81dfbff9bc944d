"""Power of every element over a time: as its own sensor says, or as the balance of its bus implies.

What is not measured can often be told from Kirchhoff's balance of its bus. It is told then, but nobody has seen it:
a cause that rests on it alone is never confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.branch_model import DRAWING, FEEDING, BranchModel, Terminal
from tools.element import ElementKind, ElementRef

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tools.detection.diagnosis import Diagnosis
    from tools.detection.frame import Bools, Floats

_SCALE = {"p": {"mw": 1.0, "kw": 1e-3}, "q": {"mvar": 1.0}}
_MOSTLY = 0.5
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO})
_Place = tuple[ElementKind, int, str]
_Known = tuple["Floats", float]


@dataclass(frozen=True, eq=False)
class Power:
    """Power of one element, or at one end of a branch.

    Attributes:
        place: Kind, index and side; the side is empty for an element with one terminal.
        value: MW (Mvar) in pandapower's direction, by moment of the frame; NaN where unknown.
        sigma: Standard error of a value, MW (Mvar).
        row: Row of the frame of its own sensor; None where only the balance of its bus tells it.
        implied: What all other measurements imply; None where they do not, or where there is no sensor of its own.
        implied_sigma: Standard error of that.
    """

    place: _Place
    value: Floats
    sigma: float
    row: int | None
    implied: Floats | None = None
    implied_sigma: float = np.inf

    @property
    def element(self) -> ElementRef:
        """The element; its name is filled in where the grid is at hand."""
        return ElementRef(kind=self.place[0], index=self.place[1])

    @property
    def feeds(self) -> float:
        """Plus one where a positive value flows into the bus, minus one where it leaves the bus."""
        return 1.0 if self.place[0] in FEEDING else -1.0


@dataclass(frozen=True, eq=False)
class Powers:
    """All powers of one kind that can be told.

    Attributes:
        injections: Of loads, units and the external grid, by canonical form.
        ends: Of branches, at each end, by place.
        hidden: Elements in service that nobody measures, whether a balance tells them or not.
    """

    injections: Mapping[str, Power]
    ends: Mapping[_Place, Power]
    hidden: tuple[ElementRef, ...]


def powers_of(diagnosis: Diagnosis, model: BranchModel, quantity: str = "p") -> Powers:
    """The active (p) or reactive (q) powers of a look at all sensors."""
    own = {power.place: power for power in _measured(diagnosis, quantity)}
    terminals = _by_node(model)
    missing = _implied(own, terminals, diagnosis.frame.value.shape[1])
    every = {**own, **missing}
    names = {
        (terminal.kind, terminal.index)
        for terminal in model.terminals
        if terminal.in_service and terminal.kind in (FEEDING | DRAWING | _BRANCHES) - {ElementKind.SHUNT}
    }
    seen = {(kind, index) for kind, index, _ in own}
    return Powers(
        injections={str(one.element): one for place, one in every.items() if not place[2]},
        ends={place: one for place, one in every.items() if place[2]},
        hidden=tuple(ElementRef(kind=kind, index=index) for kind, index in sorted(names - seen)),
    )


def untrusted(diagnosis: Diagnosis, row: int) -> Bools:
    """Moments at which a sensor is known to be wrong or to repeat itself."""
    frame = diagnosis.frame
    where = np.zeros(frame.value.shape[1], dtype=bool)
    for fault in diagnosis.faults:
        if fault.wrong.row == row:
            where[fault.episode.first : fault.episode.stop] = True
    for run in diagnosis.stuck.get(row, ()):
        first, last = np.searchsorted(frame.at_us + frame.step_s * 5e5, [run.start_us, run.end_us])
        where[int(first) : int(last) + 1] = True
    return where


def _measured(diagnosis: Diagnosis, quantity: str) -> Iterator[Power]:
    """Powers with a sensor of their own; where it is known to be wrong, what the others imply stands in."""
    frame, verdicts = diagnosis.frame, diagnosis.verdicts
    taken: set[_Place] = set()
    for row, sensor in enumerate(frame.sensors):
        scale = _SCALE[quantity].get(sensor.unit)
        told = sensor.element is not None and sensor.quantity == quantity and np.isfinite(frame.value[row]).any()
        if sensor.element is None or scale is None or not told:
            continue
        place = (sensor.element.kind, sensor.element.index, str(sensor.side or ""))
        if place in taken:
            continue
        taken.add(place)
        factor = scale * sensor.sign
        wrong = untrusted(diagnosis, row)
        value = np.where(wrong, verdicts.expected[row], frame.value[row])
        known = np.isfinite(verdicts.expected[row]).mean() > _MOSTLY
        yield Power(
            place=place,
            value=value * factor,
            sigma=float(frame.noise[row]) * scale,
            row=row,
            implied=verdicts.expected[row] * factor if known else None,
            implied_sigma=_implied_sigma(verdicts.sigma[row], float(frame.noise[row])) * scale,
        )


def _implied_sigma(apart: Floats, own: float) -> float:
    """Standard error of what is implied, from that of reading less implied."""
    known = apart[np.isfinite(apart)]
    return float(np.sqrt(max(float(np.median(known)) ** 2 - own**2, (0.1 * own) ** 2))) if len(known) else np.inf


def _by_node(model: BranchModel) -> dict[int, list[Terminal]]:
    nodes: dict[int, list[Terminal]] = {}
    for terminal in model.terminals:
        if terminal.in_service and terminal.kind is not ElementKind.SHUNT:
            nodes.setdefault(terminal.node, []).append(terminal)
    return nodes


def _implied(
    own: Mapping[_Place, Power], nodes: Mapping[int, Collection[Terminal]], moments: int
) -> dict[_Place, Power]:
    """What the balance of a bus tells of its only terminal that is not measured."""
    found: dict[_Place, Power] = {}
    for terminals in nodes.values():
        total, variance, unknown = np.zeros(moments), 0.0, []
        for terminal in terminals:
            known = _known(own, terminal)
            if known is None:
                unknown.append(terminal)
                continue
            value, sigma = known
            leaving = 1.0 if terminal.side or terminal.kind in DRAWING else -1.0
            total, variance = total + leaving * value, variance + sigma**2
        if len(unknown) == 1 and len(terminals) > 1:
            [terminal] = unknown
            leaving = 1.0 if terminal.side or terminal.kind in DRAWING else -1.0
            place = (terminal.kind, terminal.index, terminal.side)
            found[place] = Power(place, -leaving * total, float(np.sqrt(variance)), None)
    return found


def _known(own: Mapping[_Place, Power], terminal: Terminal) -> _Known | None:
    """Value and standard error; of a branch that is measured at its other end only, the same power but for losses."""
    power = own.get((terminal.kind, terminal.index, terminal.side))
    if power is not None:
        return power.value, power.sigma
    if terminal.kind not in _BRANCHES:
        return None
    others = [one for (kind, index, _), one in own.items() if (kind, index) == (terminal.kind, terminal.index)]
    return (-others[0].value, others[0].sigma) if others else None
