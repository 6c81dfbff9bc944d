"""Actions before and after, and the promise that every verified action is so in a loop over plain pandapower."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest
from pandapower.topology import unsupplied_buses

from tools.errors import InvalidArgumentError
from tools.grid.remedies.search import propose_actions
from tools.grid.schema.actions import Redispatch, SetTap, ShedLoad, SwitchBranch, SwitchShunt, TransferLoad
from tools.grid.schema.simulation import SimulateActionsArguments
from tools.grid.simulation import simulate_actions
from tools.limits import LimitTable
from tools.vocabulary import ActionVerdict

STATES = 100
NO_LIMITS = LimitTable(limits=())


def ring(loads_mw=(30, 30), rating_ka=0.6):
    """A ring of three buses with a unit at one of them; secure as long as the lines can carry the loads."""
    net = pp.create_empty_network()
    buses = [pp.create_bus(net, 110, min_vm_pu=0.9, max_vm_pu=1.1) for _ in range(3)]
    pp.create_ext_grid(net, buses[0], min_p_mw=0, max_p_mw=500, min_q_mvar=-300, max_q_mvar=300)
    pp.create_gen(net, buses[2], p_mw=10, min_p_mw=0, max_p_mw=80, min_q_mvar=-60, max_q_mvar=60)
    for bus, p_mw in zip(buses[1:], loads_mw, strict=True):
        pp.create_load(net, bus, p_mw=p_mw, q_mvar=p_mw / 5)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        pp.create_line(net, buses[a], buses[b], 10, "149-AL1/24-ST1A 110.0")
    net.line.max_i_ka = rating_ka
    return net


def simulated(grid_of, context_of, net, *proposed, **arguments):
    return simulate_actions(context_of(grid_of(net)), SimulateActionsArguments(proposed=proposed, **arguments))


def test_simulate_actions__a_redispatch_that_clears_an_overload_is_verified(grid_of, context_of):
    net = ring(loads_mw=(60, 60), rating_ka=0.5)
    result = simulated(grid_of, context_of, net, Redispatch(element="gen:0", delta_p_mw=50), focus=("line:0",))
    assert result.before.case == "before"
    assert result.after.case == "after"
    assert result.security_before.secure is False
    assert result.verdict is ActionVerdict.VERIFIED
    net.gen.p_mw = 60.0
    pp.runpp(net, lightsim2grid=False)
    assert result.after.branches[0].loading_percent == pytest.approx(net.res_line.loading_percent.at[0], abs=1e-4)


def test_simulate_actions__without_screening_nothing_is_verified(grid_of, context_of):
    net = ring(loads_mw=(60, 60), rating_ka=0.5)
    result = simulated(grid_of, context_of, net, Redispatch(element="gen:0", delta_p_mw=50), with_security=False)
    assert result.verdict is not ActionVerdict.VERIFIED
    assert result.security_after is None


def test_simulate_actions__cutting_off_load_is_rejected(grid_of, context_of):
    net = ring()
    result = simulated(grid_of, context_of, net, SwitchBranch(element="line:0", closed=False), outages=("line:1",))
    assert result.verdict is ActionVerdict.REJECTED
    assert result.after.supply.unserved_p_mw == pytest.approx(30)
    assert "the action leaves load without supply" in result.reasons


def test_simulate_actions__shed_load_is_stated_and_not_lost(grid_of, context_of):
    result = simulated(grid_of, context_of, ring(), ShedLoad(element="load:0", p_mw=7))
    assert result.shed_p_mw == pytest.approx(7)
    assert result.after.supply.unserved_p_mw == 0


def test_simulate_actions__a_state_that_does_not_solve_is_rejected(grid_of, context_of):
    result = simulated(grid_of, context_of, ring(), TransferLoad(element="load:0", to_bus="bus:2", p_mw=30))
    assert result.after.solved
    net = ring(loads_mw=(30, 4000))
    net.load.loc[1, "scaling"] = 0.01
    other = simulated(grid_of, context_of, net, ShedLoad(element="load:0", p_mw=1))
    assert other.after.solved
    collapsed = ring(loads_mw=(3000, 3000))
    failing = simulated(grid_of, context_of, collapsed, ShedLoad(element="load:0", p_mw=1))
    assert not failing.before.solved
    assert not failing.after.solved
    assert failing.verdict is ActionVerdict.REJECTED


def test_simulate_actions__an_impossible_action_is_an_error(grid_of, context_of):
    with pytest.raises(InvalidArgumentError):
        simulated(grid_of, context_of, ring(), ShedLoad(element="load:0", p_mw=1000))


def test_simulate_actions__the_grid_is_left_as_it_was(grid_of, context_of):
    net = ring()
    before = pp.to_json(net)
    simulated(grid_of, context_of, net, SwitchBranch(element="line:0", closed=False))
    assert pp.to_json(net) == before


def test_propose_actions__names_a_redispatch_for_an_overload(grid_of):
    grid = grid_of(ring(loads_mw=(60, 60), rating_ka=0.5))
    candidates = propose_actions(grid, NO_LIMITS, (), (), 5)
    assert 0 < len(candidates) <= 5
    assert candidates == propose_actions(grid, NO_LIMITS, (), (), 5)
    assert any(isinstance(action, Redispatch) and action.delta_p_mw > 0 for actions in candidates for action in actions)


def test_propose_actions__a_sound_state_needs_none(grid_of):
    assert propose_actions(grid_of(ring(rating_ka=1.0)), NO_LIMITS, (), (), 5) == ()


# From here on: plain pandapower, written without a line of the tools.


@dataclass
class Plain:
    """What a state violates, by pandapower alone."""

    solved: bool
    broken: set
    unit_broken: set


def plain_state(net):
    try:
        pp.runpp(net, tolerance_mva=1e-8, max_iteration=30, lightsim2grid=False)
    except pp.LoadflowNotConverged:
        return Plain(False, set(), set())
    vm = net.res_bus.vm_pu
    broken = {("low", b) for b in vm.index[vm < net.bus.min_vm_pu - 2e-6]}
    broken |= {("high", b) for b in vm.index[vm > net.bus.max_vm_pu + 2e-6]}
    for table in ("line", "trafo"):
        loading = net[f"res_{table}"].loading_percent
        limit = net[table].max_loading_percent if "max_loading_percent" in net[table] else 100.0
        broken |= {(table, i) for i in loading.index[loading > limit + 2e-4]}
    units = set()
    for table in ("ext_grid", "gen"):
        result = net[f"res_{table}"]
        for quantity in ("p_mw", "q_mvar"):
            for side, sign in (("max", 1), ("min", -1)):
                column = f"{side}_{quantity}"
                if column in net[table]:
                    excess = sign * (result[quantity] - net[table][column])
                    units |= {(table, i, quantity) for i in excess.index[(excess > 2e-3) & net[table].in_service]}
    return Plain(True, broken, units)


def circuits(net):
    return [(table, index) for table in ("line", "trafo") for index in net[table].index[net[table].in_service]]


def plain_dead(net):
    """(table, index) to the buses that lose supply with it, for every line and transformer in service."""
    dead = {}
    for table, index in circuits(net):
        net[table].at[index, "in_service"] = False
        dead[table, index] = frozenset(unsupplied_buses(net))
        net[table].at[index, "in_service"] = True
    return dead


def plain_outages(net):
    """(table, index) to its state, for every line and transformer in service."""
    found = {}
    for table, index in circuits(net):
        net[table].at[index, "in_service"] = False
        found[table, index] = plain_state(net)
        net[table].at[index, "in_service"] = True
    return found


def plain_carry_out(net, action):
    match action:
        case SwitchBranch():
            table, index = action.element.split(":")
            net[table].at[int(index), "in_service"] = action.closed
        case Redispatch():
            table, index = action.element.split(":")
            net[table].at[int(index), "p_mw"] += action.delta_p_mw
        case SetTap():
            net.trafo.at[int(action.element.split(":")[1]), "tap_pos"] = action.tap_pos
        case SwitchShunt():
            net.shunt.at[int(action.element.split(":")[1]), "in_service"] = action.closed
        case ShedLoad():
            index = int(action.element.split(":")[1])
            share = 1 - action.p_mw / (net.load.p_mw.at[index] * net.load.scaling.at[index])
            net.load.loc[index, ["p_mw", "q_mvar"]] *= share


def assert_verified_in_truth(intact, state, actions):
    net = deepcopy(state)
    for action in actions:
        plain_carry_out(net, action)
    base = plain_state(net)
    assert base.solved
    assert not unsupplied_buses(net)
    assert not base.broken
    assert not base.unit_broken
    unavoidable, dead = plain_dead(deepcopy(intact)), plain_dead(net)
    for key, outage in plain_outages(net).items():
        assert outage.solved, key
        assert not outage.broken, (key, outage.broken)
        assert not outage.unit_broken, (key, outage.unit_broken)
        more = dead[key] - unavoidable.get(key, frozenset())
        assert not net.load.bus.isin(more).any(), key
        assert not net.gen.bus.isin(more).any(), key


def random_mesh(rng):
    """Four or five buses in a ring with one chord, two units."""
    net, count = pp.create_empty_network(), int(rng.integers(4, 6))
    buses = [pp.create_bus(net, 110, min_vm_pu=0.9, max_vm_pu=1.1) for _ in range(count)]
    limits = {"min_p_mw": 0, "max_p_mw": 400, "min_q_mvar": -300, "max_q_mvar": 300}
    pp.create_ext_grid(net, buses[0], **limits)
    pp.create_gen(net, buses[count // 2], p_mw=float(rng.uniform(0, 40)), **(limits | {"max_p_mw": 90}))
    for bus in buses[1:]:
        p_mw = float(rng.uniform(5, 45))
        pp.create_load(net, bus, p_mw=p_mw, q_mvar=p_mw / 5)
    pairs = [*zip(buses, buses[1:] + buses[:1], strict=True), (buses[0], buses[count // 2])]
    for a, b in pairs:
        pp.create_line(net, a, b, float(rng.uniform(5, 20)), "149-AL1/24-ST1A 110.0")
    return net


def random_case30(rng):
    """case30 lightly loaded, with wide limits of voltages and units, and one line that may be short of rating."""
    net = nw.case30()
    net.load.scaling = float(rng.uniform(0.35, 0.55))
    net.gen.p_mw *= float(net.load.scaling.iloc[0])
    net.bus["min_vm_pu"], net.bus["max_vm_pu"] = 0.9, 1.12
    for table in ("gen", "ext_grid"):
        net[table]["min_q_mvar"], net[table]["max_q_mvar"] = -400.0, 400.0
    net.line.max_i_ka *= 1.5
    net.line.loc[int(rng.integers(len(net.line))), "max_i_ka"] *= float(rng.uniform(0.2, 0.5))
    return net


def random_state(rng, number, meshes):
    """A stressed state: a mesh with loads and ratings by chance, rarely case30; at times with an outage."""
    if number % 50 == 25:
        net = random_case30(rng)
    else:
        net = deepcopy(meshes[int(rng.integers(len(meshes)))])
        net.load[["p_mw", "q_mvar"]] *= float(rng.uniform(0.7, 1.3))
        net.line["max_i_ka"] = float(rng.uniform(0.2, 0.6)) * rng.uniform(0.85, 1.15, len(net.line))
    outages = (f"line:{int(rng.integers(len(net.line)))}",) if rng.random() < 0.15 else ()
    return net, outages


def random_action(rng, net):
    unit, load = int(rng.integers(len(net.gen))), int(rng.integers(len(net.load)))
    demand = float(net.load.p_mw.at[load] * net.load.scaling.at[load])
    choice = int(rng.integers(3))
    if choice == 0:
        return Redispatch(element=f"gen:{unit}", delta_p_mw=float(rng.uniform(-10, 30)))
    if choice == 1 and demand > 0:
        return ShedLoad(element=f"load:{load}", p_mw=demand * float(rng.uniform(0.1, 0.9)))
    return Redispatch(element=f"gen:{unit}", delta_p_mw=float(rng.uniform(0, 50)))


def test_simulate_actions__every_verified_action_is_so_in_plain_pandapower(grid_of, context_of):
    rng = np.random.default_rng(20260115)
    meshes = [random_mesh(rng) for _ in range(8)]
    verified = helped = 0
    for number in range(STATES):
        net, outages = random_state(rng, number, meshes)
        grid = grid_of(net)
        context = context_of(grid)
        state = deepcopy(net)
        for outage in outages:
            state.line.at[int(outage.split(":")[1]), "in_service"] = False
        sets = [(random_action(rng, net),)]
        if number % 10 == 5:
            sets += propose_actions(grid, NO_LIMITS, outages, (), 2)
        for proposed in sets:
            result = simulate_actions(context, SimulateActionsArguments(proposed=proposed, outages=outages))
            if result.verdict is ActionVerdict.VERIFIED:
                verified += 1
                helped += result.security_before.secure is False
                assert_verified_in_truth(net, state, result.proposed)
    # random actions on sound states alone would prove little: some must have cured what was insecure
    assert verified >= STATES // 10
    assert helped >= STATES // 20
