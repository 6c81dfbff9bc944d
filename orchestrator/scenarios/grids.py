"""The grid of a scenario: a case at the load that is asked for."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING

from orchestrator.demoday import grid as demo
from tools.errors import InvalidArgumentError
from tools.grid.grid import Grid
from tools.grid.importing import known_cases, open_grid
from tools.grid.importing.fingerprint import fingerprint

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from orchestrator.scenarios.schema.scenario import GridChoice

_NOT_SIMULATED = ("sgen", "storage", "trafo3w", "impedance", "dcline", "ward", "xward", "motor", "asymmetric_load")
"""What the power flow by step has no injections or flows for."""
_PLAUSIBLE = 2.0


def scenario_grid(choice: GridChoice, name: str) -> Grid:
    """The grid, under a name of its own; nobody changes its net.

    Raises:
        GridUnavailableError: when there is no such case or file.
        InvalidArgumentError: when it has elements that are not simulated.
    """
    source = _source(choice.case)
    net = deepcopy(source.net)
    _refuse_unknown(net, choice.case)
    share = choice.load_percent / 100
    net.load[["p_mw", "q_mvar"]] *= share
    net.gen["p_mw"] *= share
    for table in ("gen", "ext_grid"):
        bound = _PLAUSIBLE * float(net.load.p_mw.sum())
        limits = net[table].get("max_p_mw")
        net[table]["max_p_mw"] = bound if limits is None else limits.astype(float).fillna(bound)
    note = "This grid and everything measured on it are simulated."
    return Grid(name, fingerprint(net), net, (note, *(text for text in source.notes if text != note)))


def _source(case: str) -> Grid:
    """The demo grid, a shipped case (read once), or a file (read each time, for it may change)."""
    if case == demo.NAME:
        return demo.demo_grid()
    return _shipped(case) if case in known_cases() else open_grid(case)


@lru_cache(maxsize=8)
def _shipped(case: str) -> Grid:
    return open_grid(case)


def _refuse_unknown(net: pandapowerNet, case: str) -> None:
    """Refuse what would be simulated wrongly.

    Raises:
        InvalidArgumentError: naming the elements.
    """
    present = [table for table in _NOT_SIMULATED if table in net and len(net[table])]
    if len(net.switch):
        present.append("switch")
    if len(net.ext_grid) != 1:
        present.append(f"{len(net.ext_grid)} external grids")
    feeders = [*net.gen.bus, *net.ext_grid.bus]
    if len(set(feeders)) < len(feeders):
        present.append("two units at one bus")
    if present:
        raise InvalidArgumentError(
            f"grid {case!r} has {', '.join(present)}, which scenarios do not simulate; a grid of buses, lines, "
            "two-winding transformers, loads, shunts and one unit a bus, such as case39, would be right"
        )
