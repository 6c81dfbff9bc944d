"""The security-constrained AC programme of a state and some of its outages, for IPOPT, on pandapower's matrices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import casadi
import numpy as np
from pandapower.pypower.makeYbus import branch_vectors
from pandapower.topology import unsupplied_buses

from tools.grid.schema.actions import Action, Redispatch, ShedLoad

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

# One MW shed is as dear as so many moved; what a state exceeds by, in pu of its limits, is dearer than all loads.
SHED_PRICE, EXCESS_PRICE = 50.0, 1e4
# Share of each limit that is used, so that rounding breaks none.
SHARE = 0.9995
LEAST_MW, GONE_PU, START_EXCESS = 1e-3, 1e-5, 1.0
IPOPT = {"print_level": 0, "max_iter": 300, "tol": 1e-6, "acceptable_tol": 1e-5, "acceptable_iter": 10, "sb": "yes"}


@dataclass(frozen=True)
class Broken:
    """An outage that breaks a limit, and its voltages; None where it does not solve."""

    outage: tuple[str, int]
    vm_pu: NDArray[np.float64] | None
    va_degree: NDArray[np.float64] | None
    depth: float


class Levers:
    """What may be moved: units up and down, loads down; MW."""

    def __init__(self, net: pandapowerNet, *, shedding: bool) -> None:
        place = net._pd2ppc_lookups["bus"]  # noqa: SLF001 - pandapower's own numbering
        self.names: list[tuple[str, int, float]] = []
        feeds, most, price = [], [], []
        for index, row in net.gen[net.gen.in_service & ~net.gen.slack.astype(bool)].iterrows():
            for sign, room in ((1.0, row.max_p_mw - row.p_mw), (-1.0, row.p_mw - max(row.min_p_mw, 0.0))):
                if room > 0:
                    self.names.append(("gen", int(index), sign))
                    feeds.append((place[int(row.bus)], complex(sign)))
                    most.append(room)
                    price.append(1.0)
        for index, row in net.load[net.load.in_service & (net.load.p_mw > 0)].iterrows() if shedding else ():
            p_mw, q_mvar = row.p_mw * row.scaling, row.q_mvar * row.scaling
            self.names.append(("load", int(index), 1.0))
            feeds.append((place[int(row.bus)], 1.0 + 1j * q_mvar / p_mw))
            most.append(p_mw)
            price.append(SHED_PRICE)
        self.most, self.price = np.array(most), np.array(price)
        buses = len(net._ppc["internal"]["bus"])  # noqa: SLF001 - pandapower's own matrices
        self.feeds = np.zeros((buses, len(feeds)), dtype=complex)
        for column, (bus, fed) in enumerate(feeds):
            self.feeds[bus, column] = fed

    def actions(self, moved: NDArray[np.float64]) -> tuple[Action, ...]:
        """In the tools' words."""
        return tuple(
            Redispatch(element=f"gen:{index}", delta_p_mw=sign * mw)
            if table == "gen"
            else ShedLoad(element=f"load:{index}", p_mw=mw)
            for (table, index, sign), mw in zip(self.names, moved.tolist(), strict=True)
            if mw > LEAST_MW
        )


@dataclass
class Programme:
    """The programme of a state and some of its outages."""

    net: pandapowerNet
    levers: Levers
    states: dict[tuple[str, int] | None, tuple[NDArray[np.float64], NDArray[np.float64]]] = field(default_factory=dict)
    moved: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        ppc = self.net._ppc["internal"]  # noqa: SLF001 - pandapower's own matrices
        bus, branch, gen = ppc["bus"].real, ppc["branch"], ppc["gen"].real
        self.base_mva = float(ppc["baseMVA"])
        self.place = self.net._pd2ppc_lookups["bus"]  # noqa: SLF001 - pandapower's own matrices
        self.ends = branch[:, :2].real.astype(int)
        self.admittances = branch_vectors(branch, len(branch))[:4]
        self.shunt = (bus[:, 4] + 1j * bus[:, 5]) / self.base_mva
        self.vm, self.angle = bus[:, 7], np.deg2rad(bus[:, 8])
        voltage = self.vm * np.exp(1j * self.angle)
        self.fed = voltage * np.conj(np.asarray(ppc["Ybus"] @ voltage))
        self.slack = int(ppc["ref"][0])
        self.held = np.unique(gen[:, 0].astype(int))
        self.free = np.setdiff1d(np.arange(len(bus)), self.held)
        self.rows = [*_in_service(self.net, "line"), *_in_service(self.net, "trafo")]
        self.limits = _current_limits(self.net, self.base_mva)
        self.q_load = bus[:, 3] / self.base_mva
        self._unit_limits()
        self.low, self.high = (self._by_bus(self.net.bus[name]) for name in ("min_vm_pu", "max_vm_pu"))
        self.of_state = self._state_function()
        self.states[None] = self.angle, self.vm
        self.moved = np.full(len(self.levers.most), 1e-3)

    def add(self, broken: Broken) -> None:
        """One more outage, to start from its voltages at the optimum so far."""
        angle, vm = (start.copy() for start in self.states[None])
        if broken.vm_pu is not None and broken.va_degree is not None:
            places, known = self.place[self.net.bus.index.to_numpy()], np.isfinite(broken.vm_pu)
            vm[places[known]] = broken.vm_pu[known]
            angle[places[known]] = np.deg2rad(broken.va_degree[known])
        self.states[broken.outage] = angle, vm

    def _by_bus(self, values: object) -> NDArray[np.float64]:
        found = np.full(len(self.vm), np.nan)
        found[self.place[self.net.bus.index.to_numpy()]] = np.asarray(values, dtype=float)
        return found

    def _unit_limits(self) -> None:
        """Reactive limits of the units at each held bus, and those of the slack's active power, pu fed in."""
        self.q_min, self.q_max = np.zeros(len(self.vm)), np.zeros(len(self.vm))
        for table in ("ext_grid", "gen"):
            for _, row in self.net[table][self.net[table].in_service].iterrows():
                self.q_min[self.place[int(row.bus)]] += row.min_q_mvar / self.base_mva
                self.q_max[self.place[int(row.bus)]] += row.max_q_mvar / self.base_mva
        unit = self.net.ext_grid[self.net.ext_grid.in_service].iloc[0]
        now = float(self.net.res_ext_grid.p_mw.iloc[0])
        self.slack_room = (unit.min_p_mw - now) / self.base_mva, (unit.max_p_mw - now) / self.base_mva

    def can_hold(self, outage: tuple[str, int]) -> bool:
        """Whether the outage leaves the slack: where it does not, the balance moves, and the loop judges that."""
        return self.slack not in set(self._dead(outage))

    def _dead(self, outage: tuple[str, int]) -> NDArray[np.int64]:
        table, index = outage
        self.net[table].at[index, "in_service"] = False
        dead = sorted(unsupplied_buses(self.net))
        self.net[table].at[index, "in_service"] = True
        found: NDArray[np.int64] = self.place[np.array(dead, dtype=int)]
        return found

    def _state_function(self) -> casadi.Function:
        """Equations and limits of one state, from its voltages, what the levers feed in, and what is in service."""
        n, m = len(self.vm), len(self.rows)
        theta, vm = casadi.SX.sym("theta", n), casadi.SX.sym("vm", n)
        p_moved, q_moved = casadi.SX.sym("p", n), casadi.SX.sym("q", n)
        on, alive, excess = casadi.SX.sym("on", m), casadi.SX.sym("alive", n), casadi.SX.sym("excess")
        e, f = vm * casadi.cos(theta), vm * casadi.sin(theta)
        p, q = self.shunt.real * vm**2, -self.shunt.imag * vm**2
        squares = casadi.SX.zeros(2 * m)
        ytt, yff, yft, ytf = self.admittances
        for row, (start, end) in enumerate(self.ends.tolist()):
            for side, (here, there, own, mutual) in enumerate(
                ((start, end, yff[row], yft[row]), (end, start, ytt[row], ytf[row]))
            ):
                re = own.real * e[here] - own.imag * f[here] + mutual.real * e[there] - mutual.imag * f[there]
                im = own.real * f[here] + own.imag * e[here] + mutual.real * f[there] + mutual.imag * e[there]
                p[here] += on[row] * (e[here] * re + f[here] * im)
                q[here] += on[row] * (f[here] * re - e[here] * im)
                squares[side * m + row] = on[row] * (re**2 + im**2) / self.limits[row, side] ** 2
        gap_p, gap_q = p - self.fed.real - p_moved, q - self.fed.imag - q_moved
        others = [k for k in range(n) if k != self.slack]
        free, held = self.free.tolist(), self.held.tolist()
        q_unit = q[held] + self.q_load[held] - q_moved[held]
        span = np.maximum(self.q_max - self.q_min, 1e-3)[held]
        least, most = self.slack_room
        inequalities = casadi.vertcat(
            squares - 1.0,
            alive[held] * (q_unit - self.q_max[held]) / span,
            alive[held] * (self.q_min[held] - q_unit) / span,
            (gap_p[self.slack] - most) / max(most - least, 1e-3),
            (least - gap_p[self.slack]) / max(most - least, 1e-3),
            alive[free] * (vm[free] - self.high[free]) * 10,
            alive[free] * (self.low[free] - vm[free]) * 10,
        )
        # where a bus is dead its equations hold its voltage at the start, that nothing is singular
        equations = casadi.vertcat(
            alive[others] * gap_p[others] + (1 - alive[others]) * (theta[others] - self.angle[others]),
            alive[free] * gap_q[free] + (1 - alive[free]) * (vm[free] - self.vm[free]),
        )
        return casadi.Function(
            "state",
            [theta, vm, p_moved, q_moved, on, alive, excess],
            [equations, inequalities - excess + (1 - SHARE)],
        )

    def solve(self) -> tuple[Action, ...] | None:
        """The optimum over the states so far; None where a limit stays broken or IPOPT finds nothing."""
        count, buses, levers = len(self.states), len(self.vm), len(self.levers.most)
        others = np.delete(np.arange(buses), self.slack)
        moves, excess = casadi.MX.sym("moves", levers), casadi.MX.sym("excess", 1, count)
        theta, vm = casadi.MX.sym("theta", buses - 1, count), casadi.MX.sym("vm", len(self.free), count)
        fed = [
            casadi.mtimes(casadi.DM(part), moves) / self.base_mva
            for part in (self.levers.feeds.real, self.levers.feeds.imag)
        ]
        equations, inequalities = self.of_state.map(count)(
            _placed(theta, others, self.angle),
            _placed(vm, self.free, self.vm),
            *(casadi.repmat(part, 1, count) for part in fed),
            *self._in_service(),
            excess,
        )
        problem: dict[str, Any] = {
            "x": casadi.vertcat(moves, casadi.vec(theta), casadi.vec(vm), casadi.vec(excess)),
            "f": casadi.mtimes(casadi.DM(self.levers.price).T, moves) / self.base_mva
            + EXCESS_PRICE * casadi.sum2(excess),
            "g": casadi.vertcat(casadi.vec(equations), casadi.vec(inequalities)),
        }
        options: dict[str, Any] = {"ipopt": IPOPT, "print_time": False}
        solver = casadi.nlpsol("optimum", "ipopt", problem, options)
        voltages = theta.numel() + vm.numel()
        angles, magnitudes = zip(*self.states.values(), strict=True)
        found = solver(
            x0=np.concatenate(
                (
                    self.moved,
                    *(angle[others] for angle in angles),
                    *(magnitude[self.free] for magnitude in magnitudes),
                    np.full(count, START_EXCESS),
                )
            ),
            lbx=np.concatenate((np.zeros(levers), np.full(voltages, -np.inf), np.zeros(count))),
            ubx=np.concatenate((self.levers.most, np.full(voltages + count, np.inf))),
            lbg=np.concatenate((np.zeros(equations.numel()), np.full(inequalities.numel(), -np.inf))),
            ubg=0.0,
        )
        values = np.asarray(found["x"]).ravel()
        if not solver.stats()["success"] or values[-count:].max() > GONE_PU:
            return None
        self.moved = np.clip(values[:levers], 0.0, self.levers.most)
        for state, angle, magnitude in zip(
            self.states,
            values[levers : levers + theta.numel()].reshape(count, -1),
            values[levers + theta.numel() : levers + voltages].reshape(count, -1),
            strict=True,
        ):
            self.states[state] = _put(self.angle, others, angle), _put(self.vm, self.free, magnitude)
        return self.levers.actions(self.moved)

    def _in_service(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Branches and buses of every state that are alive."""
        on, alive = np.ones((len(self.rows), len(self.states))), np.ones((len(self.vm), len(self.states)))
        for column, outage in enumerate(self.states):
            if outage is not None:
                on[self.rows.index(outage), column] = 0.0
                alive[self._dead(outage), column] = 0.0
        return on, alive


def _put(fixed: NDArray[np.float64], places: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = fixed.copy()
    whole[places] = values
    return whole


def _placed(values: casadi.MX, places: NDArray[np.int64], fixed: NDArray[np.float64]) -> casadi.MX:
    """Variables at their places, and what is fixed at the others, for every state."""
    spread = np.zeros((len(fixed), len(places)))
    spread[places, np.arange(len(places))] = 1.0
    rest = fixed.copy()
    rest[places] = 0.0
    return casadi.mtimes(casadi.sparsify(casadi.DM(spread)), values) + casadi.repmat(
        casadi.DM(rest), 1, values.shape[1]
    )


def _in_service(net: pandapowerNet, table: str) -> list[tuple[str, int]]:
    return [(table, int(index)) for index in net[table].index[net[table].in_service]]


def _current_limits(net: pandapowerNet, base_mva: float) -> NDArray[np.float64]:
    """Current limits at both ends of each branch row, pu: lines first, then transformers, as pandapower orders them."""
    line, trafo = net.line[net.line.in_service], net.trafo[net.trafo.in_service]
    vn_kv = net.bus.vn_kv
    of_line = line.max_i_ka * line.parallel * line.df * np.sqrt(3) * vn_kv.loc[line.from_bus].to_numpy() / base_mva
    sides = [
        (
            trafo.sn_mva * trafo.parallel * trafo.df * vn_kv.loc[trafo[bus]].to_numpy() / trafo[rated] / base_mva
        ).to_numpy()
        for bus, rated in (("hv_bus", "vn_hv_kv"), ("lv_bus", "vn_lv_kv"))
    ]
    both = np.stack((of_line.to_numpy(), of_line.to_numpy()), axis=1)
    return np.vstack((both, np.stack(sides, axis=1)))
