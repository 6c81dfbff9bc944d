"""Units and common modes out, against plain pandapower with the same elements out of service."""

from copy import deepcopy
from functools import cache

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest

from tools.element import ElementKind
from tools.errors import InvalidArgumentError
from tools.grid.contingencies import screen_contingencies
from tools.grid.schema.contingencies import OutageGroup, ScreenContingenciesArguments
from tools.grid.screening.resident import resident
from tools.grid.screening.sets import SetStudy
from tools.grid.screening.study import OutageSet
from tools.grid.screening.trips import units_in_service
from tools.limits import LimitTable
from tools.vocabulary import OutageOutcome

NO_LIMITS = LimitTable(limits=())
NOTHING = np.empty(0, dtype=np.int64)


def screened(grid_of, context_of, net, **arguments):
    return screen_contingencies(context_of(grid_of(net)), ScreenContingenciesArguments(**arguments))


@cache
def loaded(name):
    return getattr(nw, name)()


def voltages(state, study, place):
    return np.abs(study.solution(place).voltage)[state.monitor.bus_place]


def plain(name, *out, raised=()):
    """``runpp`` alone with elements out and gens raised."""
    net = deepcopy(loaded(name))
    for table, index in out:
        net[table].at[index, "in_service"] = False
    for index, more_mw in raised:
        net.gen.at[index, "p_mw"] += more_mw
    pp.runpp(net, tolerance_mva=1e-8, max_iteration=30, lightsim2grid=False)
    return net


@pytest.mark.parametrize("name", ["case14", "case30", "case39", "case57", "case118"])
def test_units__each_generator_out_agrees_with_pandapower(grid_of, name):
    state = resident(grid_of(loaded(name)), (), (), NO_LIMITS)
    sets = [OutageSet((ref,)) for ref in units_in_service(state.solved, state.arrays) if ref.kind is ElementKind.GEN]
    study = SetStudy(state, shared=False).study(sets, NOTHING)
    assert len(sets) == len(loaded(name).gen)
    for place, outage in enumerate(sets[::6]):
        net = plain(name, ("gen", outage.refs[0].index))
        assert study.figures["solved"][6 * place]
        ours = voltages(state, study, 6 * place)
        assert np.abs(ours - net.res_bus.vm_pu.loc[state.monitor.bus_index]).max() <= 1e-6
        solution = study.solution(6 * place)
        rated = solution.monitor.thermal
        percent = rated.loading_percent(solution.voltage[None, :])[0]
        for circuit, value in zip(rated.circuits.tolist(), percent.tolist(), strict=True):
            ref = state.refs[circuit]
            assert value == pytest.approx(net[f"res_{ref.kind}"].loading_percent.at[ref.index], abs=1e-4)
        # what the remaining units feed, bus by bus, and which of them are beyond a limit
        units = solution.monitor.units
        power = units.power_mva(state.arrays, solution.voltage[None, :], [NOTHING])[0]
        fed = {
            int(bus): complex(net.res_gen.p_mw[net.gen.bus == bus].sum(), net.res_gen.q_mvar[net.gen.bus == bus].sum())
            + complex(
                net.res_ext_grid.p_mw[net.ext_grid.bus == bus].sum(),
                net.res_ext_grid.q_mvar[net.ext_grid.bus == bus].sum(),
            )
            for bus in {*net.gen.bus, *net.ext_grid.bus}
        }
        for bus, power_mva in fed.items():
            [column] = np.flatnonzero(units.bus == state.arrays.bus_place[net.bus.index.get_loc(bus)])
            if units.units[column]:
                assert power[column] == pytest.approx(power_mva, abs=1e-4)


def test_units__the_slack_picks_up_what_is_lost(grid_of, context_of):
    result = screened(grid_of, context_of, nw.case118(), kinds=("gen",), limit=100)
    base, tripped = plain("case118"), nw.case118().gen.p_mw
    assert result.outages == 53
    assert result.balance == "slack"
    row = next(row for row in result.rows if row.element.index == int(tripped.idxmax()))
    assert row.lost_generation_p_mw == pytest.approx(tripped.max())
    assert not row.bridge
    after = plain("case118", ("gen", int(tripped.idxmax())))
    assert row.slack.p_mw == pytest.approx(after.res_ext_grid.p_mw.iloc[0], abs=1e-4)
    assert row.slack.p_mw > base.res_ext_grid.p_mw.iloc[0] + tripped.max()
    assert str(row.slack.element) == "ext_grid:0"


def test_units__the_others_pick_up_by_their_size_and_no_further(grid_of, context_of):
    net = nw.case39()
    lost = int(net.gen.p_mw.idxmin())
    result = screened(grid_of, context_of, net, elements=(f"gen:{lost}",), balance="units")
    [row] = result.rows
    assert result.balance == "units"
    # by hand: in proportion to max_p_mw, each up to its room, the slack's own share left to it
    rest = net.gen.drop(index=lost)
    size = {**rest.max_p_mw.to_dict(), "slack": float(net.ext_grid.max_p_mw.iloc[0])}
    slack_mw = float(plain("case39").res_ext_grid.p_mw.iloc[0])
    room = {**(rest.max_p_mw - rest.p_mw).to_dict(), "slack": size["slack"] - slack_mw}
    room = {key: max(value, 0.0) for key, value in room.items()}
    added, left = dict.fromkeys(size, 0.0), float(net.gen.p_mw.at[lost])
    for _ in range(20000):  # little by little: whoever has room takes his share
        active = [key for key in size if room[key] - added[key] > 1e-9]
        if left < 1e-6 or not active:
            break
        step = min(left, 0.5)
        weight = sum(size[key] for key in active)
        for key in active:
            more = min(step * size[key] / weight, room[key] - added[key])
            added[key] += more
            left -= more
    raised = [(key, more) for key, more in added.items() if key != "slack"]
    after = plain("case39", ("gen", lost), raised=raised)
    assert row.lowest_voltage.vm_pu == pytest.approx(after.res_bus.vm_pu.min(), abs=1e-5)
    assert row.slack.p_mw == pytest.approx(after.res_ext_grid.p_mw.iloc[0], abs=0.5)
    assert (after.res_gen.p_mw.drop(lost) <= rest.max_p_mw + 0.5).all()


def test_units__the_external_grid_out_moves_the_balance_to_the_largest_unit(grid_of, context_of):
    result = screened(grid_of, context_of, nw.case39(), elements=("ext_grid:0",))
    [row] = result.rows
    net = nw.case39()
    base_mw = plain("case39").res_ext_grid.p_mw.iloc[0]
    net.ext_grid.in_service = False
    largest = int(net.gen.max_p_mw.idxmax())
    net.gen.at[largest, "slack"] = True
    pp.runpp(net, lightsim2grid=False)
    assert (row.moved_slack.kind.value, row.moved_slack.index) == ("gen", largest)
    assert row.slack.element == row.moved_slack
    assert row.slack.p_mw == pytest.approx(net.res_gen.p_mw.at[largest], abs=1e-4)
    assert row.lowest_voltage.vm_pu == pytest.approx(net.res_bus.vm_pu.min(), abs=1e-6)
    assert row.lost_generation_p_mw == pytest.approx(base_mw)
    assert row.unserved_p_mw == 0


def test_units__the_only_source_out_is_a_blackout_not_a_divergence(grid_of, context_of):
    [row] = screened(grid_of, context_of, nw.case33bw(), elements=("ext_grid:0",)).rows
    assert row.outcome is OutageOutcome.ISLANDING
    assert row.unserved_p_mw == pytest.approx(3.715)
    assert row.lowest_voltage is None
    assert row.dead_buses == 33


def test_units__a_static_generator_beside_a_unit(grid_of, context_of):
    net = nw.case14()
    pp.create_sgen(net, int(net.gen.bus.iloc[0]), p_mw=12.0, q_mvar=3.0)
    result = screened(grid_of, context_of, net, kinds=("sgen",))
    [row] = result.rows
    assert row.lost_generation_p_mw == pytest.approx(12.0)
    net.sgen.in_service = False
    pp.runpp(net, lightsim2grid=False)
    assert row.slack.p_mw == pytest.approx(net.res_ext_grid.p_mw.iloc[0], abs=1e-6)


def test_groups__all_elements_go_out_together(grid_of, context_of):
    groups = (
        OutageGroup(name="corridor", elements=("line:7", "line:8")),
        OutageGroup(name="plant", elements=("gen:4", "gen:5", "line:30")),
    )
    result = screened(grid_of, context_of, nw.case118(), groups=groups, limit=100)
    assert result.outages == 188
    plain_rows = screened(grid_of, context_of, nw.case118(), limit=100)
    assert result.secure == plain_rows.secure
    study = screened(grid_of, context_of, nw.case118(), groups=groups, elements=("line:0",), limit=100)
    corridor = next(row for row in study.rows if row.group == "corridor")
    plant = next(row for row in study.rows if row.group == "plant")
    assert [str(ref) for ref in corridor.elements] == ["line:7", "line:8"]
    assert corridor.outcome is OutageOutcome.ISLANDING  # the way to bus 10's unit
    assert corridor.lost_generation_p_mw == pytest.approx(450.0)
    assert plant.case == "out gen:4+gen:5+line:30"
    after = plain("case118", ("gen", 4), ("gen", 5), ("line", 30))
    assert plant.lowest_voltage.vm_pu == pytest.approx(after.res_bus.vm_pu.min(), abs=1e-6)
    assert plant.slack.p_mw == pytest.approx(after.res_ext_grid.p_mw.iloc[0], abs=1e-4)


def test_groups__that_are_no_groups_are_refused(grid_of, context_of):
    net = nw.case14()
    same = (OutageGroup(name="a", elements=("line:0",)), OutageGroup(name="b", elements=("line:0",)))
    with pytest.raises(InvalidArgumentError, match="the same outage"):
        screened(grid_of, context_of, net, groups=same)
    twice = (OutageGroup(name="a", elements=("line:0",)), OutageGroup(name="A", elements=("line:1",)))
    with pytest.raises(InvalidArgumentError, match="given twice"):
        screened(grid_of, context_of, net, groups=twice)
    net.gen.loc[0, "in_service"] = False
    with pytest.raises(InvalidArgumentError, match="gen:0 is out of service"):
        screened(grid_of, context_of, net, elements=("gen:0",))


def test_margins__are_to_the_nearest_limit_that_holds(grid_of, context_of):
    net = nw.case30()
    [row] = screened(grid_of, context_of, net, elements=("line:3",)).rows
    after = plain("case30", ("line", 3))
    room = (100 - after.res_line.loading_percent).drop(3)
    room = room[room >= 0]
    assert row.next_overload.loading_margin_percent == pytest.approx(room.min(), abs=1e-4)
    assert row.next_overload.element.index == room.idxmin()
    vm, low, high = after.res_bus.vm_pu, after.bus.min_vm_pu, after.bus.max_vm_pu
    margins = np.concatenate([(vm - low)[vm >= low], (high - vm)[vm <= high]])
    assert row.next_voltage_limit.voltage_margin_pu == pytest.approx(margins.min(), abs=1e-6)
