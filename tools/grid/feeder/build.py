"""From a feeder to the arrays of its search, and when a bound on its losses holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.errors import InvalidArgumentError
from tools.grid.elements import resolve_element
from tools.grid.feeder.model import Feeder, line_closed, open_end_buses
from tools.grid.feeder.network import Aim, Network, rows_at
from tools.grid.operating_limits import OperatingLimits, operating_limits, operating_state
from tools.grid.screening.arrays import SQRT3, GridArrays
from tools.grid.screening.losses import demand_by_bus
from tools.grid.screening.thermal import thermal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.schema.reconfiguration import ReconfigureFeederArguments
    from tools.limits import LimitTable

UNLIMITED = 1 << 40
ROUNDING_PU = 1e-9
_ABOVE_LIMIT_PU = 1e-5


def make_network(feeder: Feeder, args: ReconfigureFeederArguments, table: LimitTable) -> Network:
    """The arrays of a feeder.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a failure rate of what is no line.
    """
    arrays, net = feeder.arrays, feeder.meshed.net
    size = len(arrays.voltage)
    root = np.zeros(size, dtype=np.bool_)
    root[arrays.reference] = True
    limits = operating_limits(net, table, operating_state(feeder.state))
    low, high = _voltage_limits(arrays, limits, size)
    start_percent, end_percent, loading_limit = _loadings(feeder, limits)
    dangling_bus, dangling_y = _dangling(feeder)
    demand = np.zeros(size)
    live = arrays.bus_place >= 0
    np.add.at(demand, arrays.bus_place[live], demand_by_bus(net)[live])
    first, touching = rows_at(size, arrays.start, arrays.end)
    return Network(
        base_mva=arrays.base_mva,
        root=root,
        source=np.where(root, arrays.voltage, 1.0 + 0j),
        load=np.where(root, 0j, -arrays.injection),
        shunt=np.ascontiguousarray(arrays.shunt, dtype=np.complex128),
        start=arrays.start,
        end=arrays.end,
        yff=arrays.yff,
        yft=arrays.yft,
        ytf=arrays.ytf,
        ytt=arrays.ytt,
        first=first,
        touching=touching,
        dangling_bus=dangling_bus,
        dangling_y=dangling_y,
        vm_min=low,
        vm_max=high,
        start_percent=start_percent,
        end_percent=end_percent,
        loading_limit=loading_limit,
        demand_mw=demand,
        failures=_failures(feeder, args),
        z_floor=np.where(_plain(feeder), -1.0 / arrays.yft, 0j),
    )


def make_aim(feeder: Feeder, network: Network, args: ReconfigureFeederArguments) -> Aim:
    """What makes one configuration of a feeder better than another."""
    ceiling, reactive = _ceiling(feeder, network, keep_limits=args.keep_limits)
    rated = bool(args.failure_rates) or args.failures_per_km is not None
    return Aim(
        closed=feeder.closed,
        interruption_price_kw=args.interruption_price_kw if rated else 0.0,
        switching_price_kw=args.switching_price_kw,
        most_switchings=UNLIMITED if args.max_switchings is None else args.max_switchings,
        keep_limits=args.keep_limits,
        square_ceiling=ceiling**2,
        reactive=reactive,
    )


def _voltage_limits(
    arrays: GridArrays, limits: OperatingLimits, size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The tightest limits of the buses that closed couplers make one."""
    low, high = np.full(size, -np.inf), np.full(size, np.inf)
    live = arrays.bus_place >= 0
    np.fmax.at(low, arrays.bus_place[live], limits.vm_min_pu.value[live])
    np.fmin.at(high, arrays.bus_place[live], limits.vm_max_pu.value[live])
    return low, high


def _loadings(
    feeder: Feeder, limits: OperatingLimits
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Loading by one pu of current at either end of each row, and its limit; placeholders count as no rating."""
    arrays = feeder.arrays
    circuits, rated = arrays.circuits, thermal(feeder.meshed.net, arrays)
    count = len(arrays.start)
    percent = np.zeros((2, count))
    limit = np.full(count, np.inf)
    for bus, rating, out in ((arrays.start, rated.start_ka, 0), (arrays.end, rated.end_ka, 1)):
        base_ka = arrays.base_mva / (SQRT3 * arrays.vn_kv[bus[circuits.rows]])
        percent[out, circuits.rows] = np.nan_to_num(100.0 * base_ka / rating, nan=0.0)
    for row, circuit in zip(circuits.rows.tolist(), circuits.owner.tolist(), strict=True):
        at = limits.loading_percent[ElementKind(circuits.table[circuit])].at(int(circuits.index[circuit]))
        if at is not None:
            limit[row] = at[0]
    return percent[0], percent[1], limit


def _dangling(feeder: Feeder) -> tuple[NDArray[np.int64], NDArray[np.complex128]]:
    """Lines that an open switch at one end leaves charged from the other."""
    arrays, net = feeder.arrays, feeder.state.net
    bus = np.full(len(arrays.start), -1, dtype=np.int64)
    seen = np.zeros(len(arrays.start), dtype=np.complex128)
    for index, row in feeder.rows.items():
        opened = open_end_buses(net, index) if net.line.at[index, "in_service"] else []
        if line_closed(net, index) or len(opened) != 1:
            continue
        if opened[0] == int(net.line.at[index, "to_bus"]):
            bus[row] = arrays.start[row]
            seen[row] = arrays.yff[row] - arrays.yft[row] * arrays.ytf[row] / arrays.ytt[row]
        else:
            bus[row] = arrays.end[row]
            seen[row] = arrays.ytt[row] - arrays.ytf[row] * arrays.yft[row] / arrays.yff[row]
    return bus, seen


def failure_rates(feeder: Feeder, args: ReconfigureFeederArguments) -> dict[int, float] | None:
    """Failures in a year of each line of the feeder, by index; None where no rate is given.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a rate of what is no line, or two of one.
    """
    if not args.failure_rates and args.failures_per_km is None:
        return None
    net, circuits = feeder.meshed.net, feeder.arrays.circuits
    lines = [int(i) for kind, i in zip(circuits.table, circuits.index.tolist(), strict=True) if kind == "line"]
    given: dict[int, float] = {}
    for rate in args.failure_rates:
        ref = resolve_element(net, rate.element, (ElementKind.LINE,))
        if given.setdefault(ref.index, rate.per_year) != rate.per_year:
            raise InvalidArgumentError(f"failure_rates: {ref} has two different rates")
    per_km = args.failures_per_km or 0.0
    found = {index: given.get(index, per_km * float(net.line.at[index, "length_km"])) for index in lines}
    missing = [index for index, rate in found.items() if not np.isfinite(rate)]
    if missing:
        raise InvalidArgumentError(f"failures_per_km: line:{missing[0]} has no length; give it a failure rate")
    return found


def _failures(feeder: Feeder, args: ReconfigureFeederArguments) -> NDArray[np.float64]:
    """Failures of each row in a year; what has no rate counts as never failing."""
    rates, circuits = failure_rates(feeder, args) or {}, feeder.arrays.circuits
    found = np.zeros(len(feeder.arrays.start))
    for at, (table, index) in enumerate(zip(circuits.table, circuits.index.tolist(), strict=True)):
        if table == "line":
            found[circuits.rows[circuits.first[at]]] = rates.get(int(index), 0.0)
    return found


def _plain(feeder: Feeder) -> NDArray[np.bool_]:
    """Rows that are plain series impedances with charging: lines."""
    arrays = feeder.arrays
    lines = np.array([table == "line" for table in arrays.circuits.table], dtype=bool)
    plain = np.zeros(len(arrays.start), dtype=np.bool_)
    plain[arrays.circuits.rows[lines[arrays.circuits.owner]]] = True
    return plain & ~arrays.phase_shift


def _ceiling(feeder: Feeder, network: Network, *, keep_limits: bool) -> tuple[float, bool]:
    """The highest voltage that can be, pu, and whether reactive power counts; 0 where no bound holds.

    Where everything draws active and reactive power, voltages fall from the sources outwards. Where charging or
    capacitors raise them, the limits are a ceiling as well when only configurations that keep them are wanted.
    """
    arrays, plain = feeder.arrays, _plain(feeder)
    series, ground = -1.0 / arrays.yft, arrays.yff + arrays.yft
    passive = (
        (network.load.real >= -ROUNDING_PU).all()
        and (network.shunt.real >= -ROUNDING_PU).all()
        and (series.real[plain] >= 0).all()
        and (ground.real[plain] >= -ROUNDING_PU).all()
    )
    if not passive:
        return 0.0, False
    inductive = (
        (network.load.imag >= -ROUNDING_PU).all()
        and (network.shunt.imag <= ROUNDING_PU).all()
        and (series.imag[plain] >= 0).all()
        and (ground.imag[plain] <= ROUNDING_PU).all()
        and (network.dangling_y.imag <= ROUNDING_PU).all()
    )
    if inductive:
        gains = np.maximum(np.abs(arrays.ytf / arrays.ytt), np.abs(arrays.yft / arrays.yff))[~plain]
        highest = float(np.abs(arrays.voltage[arrays.reference]).max())
        return highest * float(np.prod(np.maximum(gains, 1.0))), True
    if keep_limits and np.isfinite(network.vm_max).all():
        return float(network.vm_max.max()) + _ABOVE_LIMIT_PU, False
    return 0.0, False
