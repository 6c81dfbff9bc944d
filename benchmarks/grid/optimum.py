"""A security-constrained optimum by other means than the tools: a DC programme with all N-1 flows by PTDF and LODF."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp
from pandapower.pypower.makeLODF import makeLODF
from pandapower.pypower.makePTDF import makePTDF
from scipy.optimize import linprog

from tools.grid.schema.actions import Action, Redispatch, ShedLoad

if TYPE_CHECKING:
    from pandapower import pandapowerNet

SHED_PRICE = 50.0
# Shares of the ratings that the linear flows may use: less where AC flows turned out larger.
SHARES = (0.99, 0.96, 0.92, 0.85)
LEAST_MW = 0.01


def secure_dispatches(state: pandapowerNet) -> Iterator[tuple[Action, ...]]:
    """Dispatches that are N-1 secure by linear flows, first without and then with shedding, each for several shares."""
    net = deepcopy(state)
    pp.runpp(net, lightsim2grid=False)
    for shedding in (False, True):
        for share in SHARES:
            actions = _dispatch(net, share, shedding=shedding)
            if actions:
                yield actions


def _dispatch(net: pandapowerNet, share: float, *, shedding: bool) -> tuple[Action, ...]:  # noqa: PLR0915 - one programme, written in one go
    ppc, place = net._ppc["internal"], net._pd2ppc_lookups["bus"]  # noqa: SLF001 - pandapower's own matrices
    bus, branch = ppc["bus"].real, ppc["branch"].real
    ptdf = makePTDF(float(ppc["baseMVA"]), bus, branch, int(ppc["ref"][0]), using_sparse_solver=False)
    with np.errstate(all="ignore"):
        lodf = makeLODF(branch, ptdf)
    flow = ppc["branch"][:, 13].real
    reactive = ppc["branch"][:, 14].real
    rating = share * _ratings(net)
    most = np.sqrt(np.maximum(rating**2 - reactive**2, (0.3 * rating) ** 2))
    columns, price, bounds, names = [], [], [], []
    for index, row in net.gen[net.gen.in_service & ~net.gen.slack.astype(bool)].iterrows():
        for sign, room in ((1.0, row.max_p_mw - row.p_mw), (-1.0, row.p_mw - max(row.min_p_mw, 0.0))):
            if room > 0:
                columns.append(sign * ptdf[:, place[int(row.bus)]])
                price.append(1.0)
                bounds.append((0.0, room))
                names.append(("gen", int(index), sign))
    for index, row in net.load[net.load.in_service & (net.load.p_mw > 0)].iterrows() if shedding else ():
        columns.append(ptdf[:, place[int(row.bus)]])
        price.append(SHED_PRICE)
        bounds.append((0.0, float(row.p_mw * row.scaling)))
        names.append(("load", int(index), 1.0))
    effect = np.array(columns).T
    rows, rooms = [effect, -effect], [most - flow, most + flow]
    for out in range(len(flow)):
        taken = lodf[:, out].copy()
        if not np.isfinite(taken).all() or np.abs(taken).max() > 50.0:  # noqa: PLR2004 - a bridge has no factors
            continue
        taken[out] = -1.0
        after, moved = flow + taken * flow[out], effect + np.outer(taken, effect[out])
        near = np.flatnonzero(np.abs(after) + np.abs(moved) @ np.array([room for _, room in bounds]) > most)
        rows += [moved[near], -moved[near]]
        rooms += [(most - after)[near], (most + after)[near]]
    signs = np.array([sign for *_, sign in names])
    slack = net.res_ext_grid.p_mw.sum()
    rows.append(np.vstack((signs, -signs)))
    rooms.append(np.array([slack - net.ext_grid.min_p_mw.sum(), net.ext_grid.max_p_mw.sum() - slack]))
    found = linprog(price, A_ub=np.vstack(rows), b_ub=np.concatenate(rooms), bounds=bounds, method="highs")
    if found.x is None:
        return ()
    return tuple(_action(name, mw) for name, mw in zip(names, found.x.tolist(), strict=True) if mw > LEAST_MW)


def _action(name: tuple[str, int, float], mw: float) -> Action:
    table, index, sign = name
    if table == "gen":
        return Redispatch(element=f"gen:{index}", delta_p_mw=sign * mw)
    return ShedLoad(element=f"load:{index}", p_mw=mw)


def _ratings(net: pandapowerNet) -> np.ndarray:
    """MVA of each branch row in service: lines first, then transformers, as pandapower orders them."""
    line, trafo = net.line[net.line.in_service], net.trafo[net.trafo.in_service]
    vn_kv = net.bus.vn_kv.loc[line.from_bus].to_numpy()
    return np.concatenate((np.sqrt(3) * line.max_i_ka.to_numpy() * vn_kv, trafo.sn_mva.to_numpy()))
