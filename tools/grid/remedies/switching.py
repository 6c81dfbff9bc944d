"""Branches worth switching: openings scored by AC solutions with the worst outages, closings by their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.connectivity import BRANCH_TERMINALS
from tools.grid.remedies.excess import excess
from tools.grid.remedies.point import Base, Point, point_of
from tools.grid.schema.actions import SwitchBranch

if TYPE_CHECKING:
    from collections.abc import Iterator

# Outages that each opening is tried with, and pairs solved at most; openings are thinned by their own depth first.
WORST_OUTAGES, MOST_PAIRS = 6, 2500
WEIGHT_NOW = 30.0


@dataclass(frozen=True)
class Switching:
    """One branch switched, with the points that are left then; comparable within one search."""

    action: SwitchBranch
    depth: float


def openings(point: Point) -> tuple[Switching, ...]:
    """Openings that leave less exceeded than nothing, best first; nothing that cuts off a bus is among them."""
    state, model = point.state, point.state.model
    if model is None:
        return ()
    exceeded = (c for c, depth in point.depth_after.items() if depth > 0 and c not in state.slack_lost)
    worst = sorted(exceeded, key=lambda c: -point.depth_after[c])
    worst = worst[:WORST_OUTAGES]
    able = [c for c in sorted(point.outages) if not len(state.dead[c]) and point.depth_after[c] <= point.depth_now]
    able = sorted(able, key=lambda c: point.depth_after[c])[: MOST_PAIRS // max(len(worst), 1)]
    pairs = [(c, out) for c in able for out in worst if c != out]
    after = dict.fromkeys(able, 0.0)
    for pair, depth in zip(pairs, _depths(point, pairs), strict=True):
        after[pair[0]] += depth
    nothing = WEIGHT_NOW * point.depth_now + sum(point.depth_after[c] for c in worst)
    scored = [
        Switching(SwitchBranch(element=str(state.refs[c]), closed=False), WEIGHT_NOW * point.depth_after[c] + after[c])
        for c in able
    ]
    return tuple(sorted((one for one in scored if one.depth < nothing), key=lambda one: (one.depth, str(one.action))))


def _depths(point: Point, pairs: list[tuple[int, int]]) -> list[float]:
    """Points exceeded with both circuits of each pair out; infinite where it does not solve or cuts buses off."""
    state, model = point.state, point.state.model
    found = [np.inf] * len(pairs)
    if model is None or not pairs:
        return found
    opened = [np.concatenate((state.opened[a], state.opened[b])) for a, b in pairs]
    places = {tuple(sorted(rows.tolist())): k for k, rows in enumerate(opened)}
    # the same pair both ways round is one outage to the engine
    distinct = sorted(places.values())
    batch = model.solve([opened[k] for k in distinct])
    good = np.flatnonzero(batch.converged)
    chosen = [distinct[k] for k in batch.outage[good].tolist()]
    voltage = np.array(batch.voltage[good])
    whole = (voltage != 0).all(axis=1) | np.array([len(state.dead[pairs[k][1]]) > 0 for k in chosen], dtype=bool)
    beyond = excess(
        point.arrays, point.monitor, voltage, [opened[k] for k in chosen], [pairs[k] for k in chosen], after_outage=True
    ).total
    by_rows = {
        tuple(sorted(opened[k].tolist())): float(depth) if joined else np.inf
        for k, depth, joined in zip(chosen, beyond, whole, strict=True)
    }
    return [by_rows.get(tuple(sorted(rows.tolist())), np.inf) for rows in opened]


def closings(base: Base, point: Point, kept_out: frozenset[str], most: int) -> tuple[Switching, ...]:
    """Branches and couplers that are open and that leave less exceeded when closed, best first.

    Args:
        base: The hypothesis.
        point: Its state.
        kept_out: Not there to be closed.
        most: Tried at most, in table order: each is solved by itself.
    """
    scored = []
    for action in list(_open(point, kept_out))[:most]:
        try:
            closed = point_of(base, base.state((action,)))
        except (NotSolvedError, InvalidArgumentError):
            continue
        if closed is not None and closed.depth < point.depth:
            scored.append(Switching(action, closed.depth))
    return tuple(sorted(scored, key=lambda one: (one.depth, str(one.action))))


def _open(point: Point, kept_out: frozenset[str]) -> Iterator[SwitchBranch]:
    net = point.state.solved.net
    switch = net.switch
    for table in ("line", "trafo"):
        ends = switch[(switch.et == BRANCH_TERMINALS[table][1]) & ~switch.closed.astype(bool)].element
        frame = net[table]
        for index in frame.index[~frame.in_service.astype(bool) | frame.index.isin(ends)].tolist():
            if f"{table}:{index}" not in kept_out:
                yield SwitchBranch(element=f"{table}:{index}", closed=True)
    for index in switch.index[(switch.et == "b") & ~switch.closed.astype(bool)].tolist():
        if f"switch:{index}" not in kept_out:
            yield SwitchBranch(element=f"switch:{index}", closed=True)
