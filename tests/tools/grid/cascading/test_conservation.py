"""What no cascade may lose or make: power, in random grids and in RTS-GMLC."""

import random
from copy import deepcopy

import numpy as np
import pandapower as pp
import pytest

from tools.grid.cascade import simulate_cascade
from tools.grid.importing import open_grid
from tools.grid.schema.cascade import ProtectionSettings, SimulateCascadeArguments, TripMechanism
from tools.grid.schema.power_flow import FlowModel

KV, BUSES = 110.0, 14
TRIPPED = ProtectionSettings(spare_single_outages=False)


def random_grid(seed):
    """A ring with chords; four units carry the load of ten buses over lines that stand at 85 % or less."""
    chooser = random.Random(seed)
    net = pp.create_empty_network(f_hz=50.0)
    for _ in range(BUSES):
        pp.create_bus(net, KV)
    units = chooser.sample(range(BUSES), 4)
    loads = {bus: chooser.uniform(5, 40) for bus in range(BUSES) if bus not in units}
    each = sum(loads.values()) / len(units)
    for at, bus in enumerate(units):
        most = each * chooser.uniform(1.05, 1.5)
        pp.create_gen(net, bus, each, slack=at == 0, min_p_mw=0.2 * each, max_p_mw=most)
    for bus, p_mw in loads.items():
        pp.create_load(net, bus, p_mw, 0.1 * p_mw)
    chords = {tuple(sorted(chooser.sample(range(BUSES), 2))) for _ in range(7)}
    for start, end in [*((bus, (bus + 1) % BUSES) for bus in range(BUSES)), *chords]:
        x_ohm = chooser.uniform(4, 20)
        pp.create_line_from_parameters(net, start, end, 1.0, x_ohm / 8, x_ohm, 5.0, max_i_ka=1.0)
    pp.runpp(net)
    net.line["max_i_ka"] = np.maximum(net.res_line.i_ka / 0.85, 0.04)
    return net


def check_conservation(net, result):
    """Balance of each island, load of the whole, what events shed, and units that feed no more than they can."""
    total = float((net.load.p_mw * net.load.scaling)[net.load.in_service].sum())
    for path in result.paths:
        lost = 0.0
        for step in path.steps:
            for island in step.islands:
                spent = island.load_p_mw + (island.loss_p_mw or 0.0)
                assert island.generation_p_mw == pytest.approx(spent, abs=1e-6)
            assert step.islands_omitted == step.events_omitted == path.steps_omitted == 0
            at_nominal = sum(one.load_p_mw * net.f_hz / one.frequency_hz for one in step.islands)
            assert at_nominal + step.unserved_p_mw == pytest.approx(total, abs=1e-6)
            shed = sum(event.shed_p_mw for event in step.events)
            assert step.unserved_p_mw - lost == pytest.approx(shed, abs=1e-6)
            lost = step.unserved_p_mw
    return total


@pytest.mark.parametrize("model", FlowModel)
def test_simulate_cascade__conserves_power_in_random_grids(grid_of, context_of, model):
    seen, steps = set(), 0
    for seed in range(4):
        net = random_grid(seed)
        context = context_of(grid_of(net))
        arguments = {"order": 2, "sample": 12, "paths": 10, "model": model, "protection": TRIPPED}
        result = simulate_cascade(context, SimulateCascadeArguments(**arguments))
        total = check_conservation(net, result)
        most = float(net.gen.max_p_mw.sum())
        for path, row in zip(result.paths, result.rows, strict=True):
            assert row.unserved_p_mw == pytest.approx(path.steps[-1].unserved_p_mw, abs=1e-9)
            assert 0 <= row.unserved_p_mw <= total + 1e-9
            # the AC model lets whoever balances an island stand 0.01 MW beyond its limit
            assert all(step.generation_p_mw <= most + 0.1 for step in path.steps)
            seen |= {event.mechanism for step in path.steps for event in step.events}
            steps += len(path.steps)
    assert steps > 60
    assert {TripMechanism.OVERCURRENT, TripMechanism.UNDERFREQUENCY_STAGE, TripMechanism.NO_SOURCE} <= seen


@pytest.mark.realdata
@pytest.mark.parametrize("model", FlowModel)
def test_simulate_cascade__conserves_power_in_rts_gmlc(context_of, realdata, model):
    grid = open_grid(str(realdata / "networks" / "rts_gmlc" / "pandapower_net.json.gz"))
    arguments = {"order": 2, "sample": 60, "paths": 10, "model": model, "protection": TRIPPED}
    result = simulate_cascade(context_of(grid), SimulateCascadeArguments(**arguments))
    assert check_conservation(grid.net, result) == pytest.approx(result.load_p_mw)
    assert result.sets == 60
    assert result.sets_with_load_lost > 0


@pytest.mark.realdata
def test_simulate_cascade__rts_gmlc_loses_load_by_its_two_bridges_alone(context_of, realdata):
    """Behind each, 110 MW feed 125 MW: the stages of 5 and 8 % go, which leaves 108.75 MW."""
    grid = open_grid(str(realdata / "networks" / "rts_gmlc" / "pandapower_net.json.gz"))
    spare = ProtectionSettings(spare_single_outages=True)
    arguments = {"order": 1, "limit": 200, "paths": 0, "model": FlowModel.DC, "protection": spare}
    result = simulate_cascade(context_of(grid), SimulateCascadeArguments(**arguments))
    losing = [row for row in result.rows if row.unserved_p_mw > 0]
    assert len(losing) == 2
    for row in losing:
        plain = deepcopy(grid.net)
        plain[row.element.kind.value].loc[row.element.index, "in_service"] = False
        behind = pp.topology.unsupplied_buses(plain)
        assert plain.load.p_mw[plain.load.bus.isin(behind)].sum() == pytest.approx(125)
        fed = sum(plain[table].p_mw[plain[table].bus.isin(behind)].sum() for table in ("gen", "sgen"))
        assert fed == pytest.approx(110)
        assert row.unserved_p_mw == pytest.approx(0.13 * 125)
