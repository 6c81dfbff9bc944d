"""The screening against a plain pandapower loop: every bus voltage and every branch loading after every single outage.

Run as ``python -m benchmarks.grid.agreement CASE...``; a case is a shipped name, a grid file or ``rts_gmlc``. One line
a case, under it every outage that differs by more than the bounds. Exits with 1 when one does.

Placeholder ratings give way to 1.25 times the flow before any outage, so that every branch has a loading.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from dataclasses import dataclass
from os import environ
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp

from benchmarks.grid.plain_outages import TABLES, PlainLoop, PlainOutage
from knowledge.limits import standard_limits
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.grid.ratings import placeholder_branches
from tools.grid.screening.resident import Resident, make_resident
from tools.grid.screening.screen import Screened, screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

MOST_PU, MOST_PERCENT = 1e-6, 1e-4
RATING_SHARE, LEAST_SHARE = 1.25, 0.02
REALDATA = Path(environ.get("GRIDCREW_REALDATA", Path(__file__).parents[2].parent / "shared" / "data"))
RTS_GMLC = REALDATA / "networks" / "rts_gmlc" / "pandapower_net.json.gz"


@dataclass(frozen=True)
class Compared:
    """One outage, by the screening and by pandapower.

    Attributes:
        outage: What is out.
        solved: Whether both solve it.
        islanding: Whether buses lose supply.
        moved: Whether the balance was moved to another unit.
        pu: Largest difference of a complex bus voltage.
        percent: Largest difference of a loading, points of percent.
        differs: What is beyond the bounds, in words; empty where nothing is.
    """

    outage: str
    solved: bool
    islanding: bool
    moved: bool
    pu: float = 0.0
    percent: float = 0.0
    differs: str = ""


@dataclass(frozen=True)
class Agreement:
    """All outages of a case.

    Attributes:
        case: Name of the grid.
        outages: One by one.
        buses: Of the grid.
        rated: Lines and transformers whose loading is compared.
        here_s, loop_s: What the screening took, its model included, and what the loop took.
    """

    case: str
    outages: tuple[Compared, ...]
    buses: int
    rated: int
    here_s: float
    loop_s: float

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The outages beyond the bounds."""
        return tuple(one for one in self.outages if one.differs)


def rated(case: str) -> pandapowerNet:
    """A grid of its own with a rating on every line and transformer; no flow is another for it."""
    net = deepcopy(open_grid(str(RTS_GMLC) if case == "rts_gmlc" else case).net)
    pp.runpp(net, lightsim2grid=False)
    placeholders = {(kind.value, index) for kind, index in placeholder_branches(net)}
    for table in TABLES:
        frame, rows = net[table], [index for where, index in placeholders if where == table]
        if not rows:
            continue
        if table == "line":
            # as a derating of one kA: beyond some kA a rating would count as a placeholder again
            flow_ka = net.res_line.i_ka.fillna(0.0)
            derating = np.maximum(flow_ka, LEAST_SHARE * flow_ka.max()) * RATING_SHARE / frame.parallel
            frame.loc[rows, "max_i_ka"], frame.loc[rows, "df"] = 1.0, derating[rows]
            continue
        flow = net.res_trafo.fillna(0.0)
        mva = np.maximum(np.hypot(flow.p_hv_mw, flow.q_hv_mvar), np.hypot(flow.p_lv_mw, flow.q_lv_mvar))
        factor = (np.maximum(mva, LEAST_SHARE * mva.max()) * RATING_SHARE / frame.sn_mva)[rows]
        for column in ("sn_mva", "vk_percent", "vkr_percent"):
            frame.loc[rows, column] *= factor
        frame.loc[rows, "i0_percent"] /= factor
    return net


def agreement(case: str, net: pandapowerNet, out: Callable[[str, int], PlainOutage]) -> Agreement:
    """Every line and transformer of a grid out, one at a time, by both.

    Args:
        case: Name of the grid.
        net: As ``rated`` makes it.
        out: One outage of it by plain pandapower, by table and index.
    """
    started = perf_counter()
    state = make_resident(Grid(name=case, fingerprint=case, net=net), (), (), standard_limits())
    screened = screen(state, range(len(state.refs)))
    here_s = perf_counter() - started
    pairs = _Pairs(state, screened, net)
    started = perf_counter()
    refs = [state.refs[circuit] for circuit in pairs.circuits]
    found = tuple(
        pairs.compared(circuit, out(ref.kind.value, ref.index))
        for circuit, ref in zip(pairs.circuits, refs, strict=True)
    )
    return Agreement(case, found, len(net.bus), len(state.monitor.thermal.circuits), here_s, perf_counter() - started)


class _Pairs:
    """Puts the screening's arrays into the order of pandapower's tables."""

    def __init__(self, state: Resident, screened: Screened, net: pandapowerNet) -> None:
        self._state, self._screened = state, screened
        offset, place = 0, {}
        for table in TABLES:
            place |= {(table, int(index)): offset + at for at, index in enumerate(net[table].index)}
            offset += len(net[table])
        self._column = np.array([place.get((ref.kind.value, ref.index), -1) for ref in state.refs])
        self.circuits = np.flatnonzero(self._column >= 0).tolist()
        in_service = sum(int(net[table].in_service.sum()) for table in TABLES)
        if len(self.circuits) != in_service:
            raise ValueError(f"{net.name}: {in_service} branches in service, {len(self.circuits)} are screened")

    def compared(self, circuit: int, plain: PlainOutage) -> Compared:
        """One outage."""
        state = self._state
        dead = np.zeros(len(plain.dead), dtype=bool)
        dead[state.dead[circuit]] = True
        dead |= state.arrays.bus_place < 0
        solved = bool(self._screened.figures["solved"][circuit])
        differs = list(self._differences(solved, dead, plain))
        pu = percent = 0.0
        if solved and plain.voltage is not None and plain.loading is not None:
            pu, percent = self._largest(circuit, plain.voltage, plain.loading, turned=plain.moved)
        if not (pu <= MOST_PU and percent <= MOST_PERCENT):  # NaN is a difference
            differs.append(f"{pu:.1e} pu, {percent:.1e} %")
        both, islanding = solved and plain.voltage is not None, bool(len(state.dead[circuit]))
        return Compared(str(state.refs[circuit]), both, islanding, plain.moved, pu, percent, "; ".join(differs))

    def _differences(self, solved: bool, dead: NDArray[np.bool_], plain: PlainOutage) -> Iterator[str]:
        if solved != (plain.voltage is not None):
            yield f"solved by {'the screening' if solved else 'pandapower'} only"
        if (dead != plain.dead).any():
            yield f"{int((dead != plain.dead).sum())} buses with supply in one of them only"

    def _largest(
        self, circuit: int, voltage: NDArray[np.complex128], loading: NDArray[np.float64], *, turned: bool
    ) -> tuple[float, float]:
        arrays, thermal = self._state.arrays, self._state.monitor.thermal
        ours = self._screened.voltage(circuit)
        at_bus = np.where(arrays.bus_place >= 0, ours[arrays.bus_place], 0.0)
        if turned:  # the angle of another reference is free
            at_bus = at_bus * np.exp(1j * np.angle(np.vdot(at_bus, voltage)))
        percent = thermal.loading_percent(ours[None, :])[0]
        # what is out carries nothing, though its terminals have a voltage
        percent[thermal.circuits == circuit] = 0.0
        column = self._column[thermal.circuits]
        watched = column >= 0
        apart = np.abs(percent[watched] - loading[column[watched]])
        return float(np.abs(at_bus - voltage).max()), float(apart.max(initial=0.0))


def main(cases: Sequence[str]) -> bool:
    """Print the table; True when every outage of every case agrees."""
    print(
        f"{'case':18}{'buses':>6}{'outages':>8}{'solved':>8}{'diverged':>9}{'islanding':>10}{'moved':>6}{'loadings':>9}"
        f"{'pu':>10}{'%':>10}{'differ':>7}{'here s':>8}{'loop s':>8}"
    )
    kept = True
    for case in cases:
        net = rated(case)
        found = agreement(case, net, PlainLoop(deepcopy(net)).out)
        solved = [one for one in found.outages if one.solved]
        print(
            f"{case:18}{found.buses:6}{len(found.outages):8}{len(solved):8}{len(found.outages) - len(solved):9}"
            f"{sum(one.islanding for one in found.outages):10}{sum(one.moved for one in found.outages):6}"
            f"{found.rated:9}{max(one.pu for one in found.outages):10.1e}"
            f"{max(one.percent for one in found.outages):10.1e}{len(found.differing):7}"
            f"{found.here_s:8.1f}{found.loop_s:8.1f}",
            flush=True,
        )
        for one in found.differing:
            print(f"    out {one.outage}: {one.differs}", flush=True)
        kept = kept and not found.differing
    return kept


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
