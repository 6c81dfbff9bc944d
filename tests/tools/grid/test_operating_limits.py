import numpy as np
import pandapower as pp
import pytest

from tools.element import ElementKind
from tools.grid.operating_limits import GRID_MODEL, THERMAL_RATING, operating_limits
from tools.limits import Bound, ClauseRef, Limit, LimitQuantity, LimitTable, OperatingState

CLAUSE = ClauseRef(document="Voltage digest", edition="1", clause="2.1")


def limit(quantity, bound, state, value, **band):
    return Limit(quantity=quantity, bound=bound, state=state, value=value, source=CLAUSE, **band)


TABLE = LimitTable(
    limits=(
        limit(LimitQuantity.VM_PU, Bound.MIN, OperatingState.NORMAL, 0.95, vn_from_kv=100.0),
        limit(LimitQuantity.VM_PU, Bound.MIN, OperatingState.CONTINGENCY, 0.90, vn_from_kv=100.0),
        limit(LimitQuantity.VM_PU, Bound.MAX, OperatingState.NORMAL, 1.05, vn_from_kv=100.0),
        limit(LimitQuantity.LOADING_PERCENT, Bound.MAX, OperatingState.CONTINGENCY, 120.0),
    )
)


@pytest.fixture
def net():
    """Bus 0 has its own limits, bus 1 none, bus 2 is of a voltage that the table does not know."""
    net = pp.create_empty_network()
    pp.create_bus(net, 110.0, min_vm_pu=0.97, max_vm_pu=1.03)
    pp.create_bus(net, 110.0)
    pp.create_bus(net, 20.0)
    pp.create_line(net, 0, 1, 1.0, "243-AL1/39-ST1A 110.0", max_loading_percent=80.0)
    pp.create_line(net, 0, 1, 1.0, "243-AL1/39-ST1A 110.0")
    pp.create_transformer(net, 1, 2, "25 MVA 110/20 kV")
    return net


def test_operating_limits__model_first_then_table_then_none(net):
    limits = operating_limits(net, TABLE)
    np.testing.assert_array_equal(limits.vm_min_pu.value, [0.97, 0.95, np.nan])
    assert limits.vm_min_pu.basis == (GRID_MODEL, "Voltage digest (1), 2.1", "")
    assert limits.vm_max_pu.at(1) == (1.05, "Voltage digest (1), 2.1")
    assert limits.vm_max_pu.at(2) is None


def test_operating_limits__contingency_limits_only_where_the_model_has_none(net):
    limits = operating_limits(net, TABLE, OperatingState.CONTINGENCY)
    np.testing.assert_array_equal(limits.vm_min_pu.value, [0.97, 0.90, np.nan])
    assert limits.vm_max_pu.at(1)[0] == 1.05, "the table has no limit of its own for contingencies"
    assert limits.loading_percent[ElementKind.LINE].at(0) == (80.0, GRID_MODEL)
    assert limits.loading_percent[ElementKind.LINE].at(1)[0] == 120.0


def test_operating_limits__full_loading_where_nothing_says_otherwise(net):
    limits = operating_limits(net, TABLE)
    assert limits.loading_percent[ElementKind.LINE].at(1) == (100.0, THERMAL_RATING)
    assert limits.loading_percent[ElementKind.TRAFO].at(0) == (100.0, THERMAL_RATING)


def test_operating_limits__fillers_are_no_limits(net):
    net.bus["min_vm_pu"], net.bus["max_vm_pu"] = 0.0, 2.0
    net.line["max_loading_percent"] = 0.0
    limits = operating_limits(net, LimitTable(limits=()))
    assert np.isnan(limits.vm_min_pu.value).all()
    assert np.isnan(limits.vm_max_pu.value).all()
    assert limits.loading_percent[ElementKind.LINE].at(0) == (100.0, THERMAL_RATING)
