"""What holds a voltage or feeds in: generators, batteries, static compensators, converters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_gens, create_sgens

from tools.grid.importing.exchange.places import Places, connected, names, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

_UNBOUNDED = 9_999.0  # MW and Mvar from which a limit of an exchanged file means none; CGMES and PSS/E write 9999


def add_generators(net: pandapowerNet, rows: pd.DataFrame, places: Places) -> Iterator[str]:
    """Add generators, those that hold a voltage and those that do not."""
    held = rows["voltage_regulator_on"].to_numpy(dtype=bool)
    if held.any():
        yield from _holding(net, rows[held], places, numbers(rows[held], "target_p"))
    rest = rows[~held]
    if len(rest):
        create_sgens(
            net,
            places.buses(rest),
            numbers(rest, "target_p"),
            np.nan_to_num(numbers(rest, "target_q")),
            name=names(rest),
            in_service=connected(rest),
            **_limits(rest, "p_mw", ("min_p", "max_p")),
            **_limits(rest, "q_mvar", ("min_q_at_target_p", "max_q_at_target_p")),
        )
        yield f"{len(rest)} generators hold no voltage and became static generators."


def add_batteries(net: pandapowerNet, rows: pd.DataFrame, places: Places) -> Iterator[str]:
    """Batteries at their set-points; the exchanged model does not know what they hold."""
    if len(rows):
        power = numbers(rows, "target_p"), numbers(rows, "target_q")
        create_sgens(net, places.buses(rows), *power, name=names(rows), in_service=connected(rows))
        yield f"{len(rows)} batteries became static generators at their set-points; their energy is not in the file."


def add_compensators(net: pandapowerNet, rows: pd.DataFrame, places: Places) -> Iterator[str]:
    """Static var compensators: units without active power when they hold a voltage, else what they are set to."""
    if not len(rows):
        return
    held = rows["regulating"].to_numpy(dtype=bool) & (rows["regulation_mode"] == "VOLTAGE").to_numpy(dtype=bool)
    if held.any():
        own = rows[held]
        volts = places.vn_kv[places.buses(own)] ** 2
        bounds = {f"{bound}_q_at_target_p": numbers(own, f"b_{bound}") * volts for bound in ("min", "max")}
        yield from _holding(net, own.assign(**bounds), places, np.zeros(len(own)))
    rest = rows[~held]
    if len(rest):
        # a set-point counts as drawn
        drawn = np.where(rest["regulating"].astype(bool), np.nan_to_num(numbers(rest, "target_q")), 0.0)
        create_sgens(net, places.buses(rest), 0.0, -drawn, name=names(rest), in_service=connected(rest))
    yield f"{len(rows)} static var compensators became units ({int(held.sum())} hold a voltage)."


def add_converters(net: pandapowerNet, rows: pd.DataFrame, places: Places, p_mw: NDArray[np.float64]) -> Iterator[str]:
    """Voltage-source converters of direct-current lines, feeding in so much."""
    held = rows["voltage_regulator_on"].to_numpy(dtype=bool)
    if held.any():
        yield from _holding(net, rows[held], places, p_mw[held])
    rest = rows[~held]
    if len(rest):
        reactive = np.nan_to_num(numbers(rest, "target_q"))
        create_sgens(net, places.buses(rest), p_mw[~held], reactive, name=names(rest), in_service=connected(rest))


def _holding(net: pandapowerNet, rows: pd.DataFrame, places: Places, p_mw: NDArray[np.float64]) -> Iterator[str]:
    """Units that hold the voltage of their own bus."""
    buses = places.buses(rows)
    regulated = [places.bus(str(bus)) for bus in rows["regulated_bus_breaker_bus_id"]]
    held = np.array([own if bus is None else bus for own, bus in zip(buses, regulated, strict=True)])
    target = numbers(rows, "target_v") / places.vn_kv[held]
    create_gens(
        net,
        buses,
        p_mw,
        target,
        name=names(rows),
        in_service=connected(rows),
        **_limits(rows, "p_mw", ("min_p", "max_p")),
        **_limits(rows, "q_mvar", ("min_q_at_target_p", "max_q_at_target_p")),
    )
    if remote := int((held != buses).sum()):
        yield (
            f"{remote} units regulate a bus elsewhere; here each holds its own bus, at the per-unit voltage that it "
            "should keep there."
        )


def _limits(rows: pd.DataFrame, quantity: str, columns: tuple[str, str]) -> dict[str, NDArray[np.float64]]:
    """Lower and upper limit, those that mean none left empty."""
    found = {}
    for bound, column in zip(("min", "max"), columns, strict=True):
        if column in rows:
            values = rows[column].to_numpy(dtype=float)
            found[f"{bound}_{quantity}"] = np.where(np.abs(values) < _UNBOUNDED, values, np.nan)
    return found
