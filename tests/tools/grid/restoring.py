"""A restoration plan carried out once more by plain pandapower, from what the rows say and nothing else."""

from copy import deepcopy
from math import acos, tan

import numpy as np
import pandapower as pp

from tools.grid.schema.restoration import RestorationAction

TABLES = {"line": ("from_bus", "to_bus"), "trafo": ("hv_bus", "lv_bus")}
CLOSING = {RestorationAction.ENERGISE, RestorationAction.CLOSE, RestorationAction.JOIN}


class Replay:
    """A dark grid that is brought back step by step; every unit is a ``gen`` here, external grids too."""

    def __init__(self, net, power_factor=0.85, start_pu=1.0):
        pp.runpp(net)
        self.slack_mw = {f"ext_grid:{i}": float(p) for i, p in net.res_ext_grid.p_mw.items()}
        self.slack_mw |= {f"gen:{i}": float(net.res_gen.p_mw.at[i]) for i in net.gen.index[net.gen.slack.astype(bool)]}
        self.net = deepcopy(net)
        self.start_pu, self.tan_phi = start_pu, tan(acos(power_factor))
        self.loads = self.net.load.copy()
        for table in ("line", "trafo", "load", "gen", "ext_grid", "shunt"):
            self.net[table]["in_service"] = False
        self.units, self.cranking, self.share, self.raised = {}, {}, {}, set()
        self.sources = set()

    def take(self, row):
        element, net = str(row.element), self.net
        match row.action:
            case action if action in CLOSING:
                net[row.element.kind].at[row.element.index, "in_service"] = True
            case RestorationAction.CRANK:
                bus = int(net[row.element.kind].at[row.element.index, "bus"])
                p = row.cranking_p_mw
                self.cranking[element] = pp.create_load(net, bus, p_mw=p, q_mvar=p * self.tan_phi)
            case RestorationAction.START | RestorationAction.SYNCHRONISE:
                self.connect(element, row)
            case RestorationAction.PICK_UP:
                index = row.element.index
                net.load.at[index, "in_service"] = True
                share = row.picked_up_percent / 100.0
                net.load.loc[index, ["p_mw", "q_mvar"]] = self.loads.loc[index, ["p_mw", "q_mvar"]] * share
            case RestorationAction.SHUNT:
                net.shunt.at[row.element.index, "in_service"] = True
            case RestorationAction.RAISE:
                # the grids of these tests have one island then
                self.raised |= {name for name, unit in self.units.items() if unit[-1] > self.start_pu}

    def connect(self, element, row):
        net, cell = self.net, self.net[row.element.kind].loc[row.element.index]
        if element in self.cranking:
            net.load = net.load.drop(self.cranking.pop(element))
        start = row.action is RestorationAction.START
        if start:
            self.sources.add(element)
        low = 0.0 if start else float(cell.min_p_mw)
        planned = self.slack_mw.get(element, float(cell.get("p_mw", 0.0)))
        most = float(cell.max_p_mw)
        index = pp.create_gen(
            net,
            int(cell.bus),
            0.0,
            self.start_pu,
            min_q_mvar=min(cell.min_q_mvar, 0.0),
            max_q_mvar=max(cell.max_q_mvar, 0.0),
        )
        self.units[element] = (index, low, min(max(planned, float(cell.min_p_mw)), most), most, float(cell.vm_pu))
        if self.raised:
            self.raised.add(element)

    def reactors(self):
        alive = self.alive()
        shunt = self.net.shunt
        shunt.loc[(shunt.q_mvar >= 0) & shunt.bus.isin(alive), "in_service"] = True

    def alive(self):
        """Buses joined to a source."""
        found = {int(self.net.gen.at[self.units[name][0], "bus"]) for name in self.sources}
        while True:
            more = set(found)
            for table, (a, b) in TABLES.items():
                on = self.net[table][self.net[table].in_service.astype(bool)]
                for start, end in zip(on[a], on[b], strict=True):
                    if start in more or end in more:
                        more |= {int(start), int(end)}
            if more == found:
                return found
            found = more

    def island(self, bus):
        graph = pp.topology.create_nxgraph(self.net, respect_switches=True)
        return next(part for part in pp.topology.connected_components(graph) if bus in part)

    def dispatch(self, row):
        reference = str(row.island)
        bus = int(self.net.gen.at[self.units[reference][0], "bus"])
        inside = self.island(bus)
        for name, (index, low, planned, most, vm_pu) in self.units.items():
            if int(self.net.gen.at[index, "bus"]) not in inside:
                continue
            share = row.unit_share_percent / 100.0
            power = low + share * (planned - low) if share <= 1 else planned + (share - 1) * (most - planned)
            self.net.gen.loc[index, ["p_mw", "vm_pu", "slack"]] = [
                power,
                vm_pu if name in self.raised else self.start_pu,
                name == reference,
            ]

    def solve(self):
        """The net solved with every unit in its reactive range, or at the limit that its voltage speaks for.

        pandapower's ``enforce_q_lims`` fixes units and frees none, so that one may be left at its most though its
        voltage is above what it should hold; such a unit holds it again, and plain power flows go on from there.
        """
        net = deepcopy(self.net)
        pp.runpp(net, enforce_q_lims=True, init="dc", max_iteration=30, lightsim2grid=False)
        on, q, off = net.gen.in_service, net.res_gen.q_mvar, net.res_gen.vm_pu - net.gen.vm_pu
        fixed = {index: q[index] for index in net.gen.index[on & (off.abs() > 1e-6)]}
        if not any(self.wrong(net, index, q, off[index]) for index, q in fixed.items()):
            return net
        for _ in range(20):
            fixed = {i: q for i, q in fixed.items() if not self.wrong(net, i, q, self.difference(net, i))}
            net = self.with_fixed(fixed)
            pp.runpp(net, init="dc", max_iteration=30, lightsim2grid=False)
            gen, given = net.gen, net.res_gen.q_mvar
            beyond = {i: gen.at[i, "max_q_mvar"] for i in gen.index[given > gen.max_q_mvar + 1e-3]}
            beyond |= {i: gen.at[i, "min_q_mvar"] for i in gen.index[given < gen.min_q_mvar - 1e-3]}
            if not beyond and not any(self.wrong(net, i, q, self.difference(net, i)) for i, q in fixed.items()):
                return net
            fixed |= beyond
        raise AssertionError("no state in which every unit is within its range")

    def with_fixed(self, fixed):
        net = deepcopy(self.net)
        for index, q_mvar in fixed.items():
            net.gen.at[index, "in_service"] = False
            pp.create_sgen(net, int(net.gen.at[index, "bus"]), float(net.gen.at[index, "p_mw"]), float(q_mvar))
        return net

    @staticmethod
    def difference(net, index):
        """Voltage at a unit less what it should hold."""
        return net.res_bus.vm_pu.at[net.gen.at[index, "bus"]] - net.gen.at[index, "vm_pu"]

    @staticmethod
    def wrong(net, index, q_mvar, difference):
        """Whether a fixed unit would move its voltage away from what it should hold."""
        at_most = q_mvar > (net.gen.at[index, "min_q_mvar"] + net.gen.at[index, "max_q_mvar"]) / 2
        return difference > 1e-6 if at_most else difference < -1e-6

    def compare(self, row):
        """What the row says against plain pandapower."""
        self.reactors()
        self.dispatch(row)
        net = self.solve()
        inside = sorted(self.island(int(net.gen.at[self.units[str(row.island)][0], "bus"])))
        vm_pu = net.res_bus.vm_pu.loc[inside]
        index, *_ = self.units[str(row.island)]
        told = float(net.gen.at[index, "p_mw"])
        loading = [float(net[f"res_{table}"].loading_percent.fillna(0.0).max()) for table in TABLES if len(net[table])]
        assert abs(vm_pu.min() - row.lowest_voltage.vm_pu) < 1e-6, row
        assert abs(vm_pu.max() - row.highest_voltage.vm_pu) < 1e-6, row
        # the rest that the reference takes is what its share says: power is balanced, losses included
        assert abs(net.res_gen.p_mw.at[index] - told) < 1e-3, row
        loads = net.load[net.load.in_service.astype(bool) & net.load.bus.isin(inside)]
        assert abs(float(loads.p_mw.sum()) - row.load_p_mw) < 1e-6, row
        fed = net.res_gen.p_mw[net.gen.bus.isin(inside) & net.gen.in_service.astype(bool)].sum()
        fed += net.res_sgen.p_mw.sum()
        assert abs(float(fed) - row.generation_p_mw) < 1e-3, row
        assert abs(row.generation_p_mw - row.load_p_mw - row.loss_p_mw) < 1e-9, row
        return net.res_bus.vm_pu.dropna().to_numpy(), np.array(loading)
