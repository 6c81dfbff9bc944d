"""Losses of the live branches of a solved state as arrays, and their sums by kind and by voltage level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.branch_flows import BRANCH_KINDS
from tools.grid.inventory import TERMINALS
from tools.grid.schema.losses import KindLoss, LevelLoss
from tools.grid.shunt_losses import shunt_losses
from tools.grid.solve import SolvedState

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

_NOTHING_MW = 1e-9
"""What is below this is rounding: no share is taken of such losses, and no iron is seen in them."""


@dataclass(frozen=True, eq=False)
class BranchLosses:
    """Losses of every live branch; equal lengths, kinds in blocks.

    Attributes:
        key: Table and pandapower index.
        loss_mw: Sum of the active powers into the branch at all its ends.
        shunt_mw: The part by voltage; NaN where the model does not tell it.
        upper_kv, lower_kv: Highest and lowest nominal voltage of the ends.
    """

    key: tuple[tuple[ElementKind, int], ...]
    loss_mw: NDArray[np.float64]
    shunt_mw: NDArray[np.float64]
    upper_kv: NDArray[np.float64]
    lower_kv: NDArray[np.float64]

    @property
    def series_mw(self) -> NDArray[np.float64]:
        """The part by current; NaN where the model does not tell it."""
        return self.loss_mw - self.shunt_mw

    @property
    def total_mw(self) -> float:
        """Losses of all branches."""
        return float(np.nansum(self.loss_mw))

    def share_percent(self, loss_mw: float) -> float | None:
        """Of the losses of all branches; None where nothing is lost."""
        return loss_mw / self.total_mw * 100.0 if self.total_mw > _NOTHING_MW else None

    def by_kind(self) -> tuple[KindLoss, ...]:
        """Sums over each kind, most losses first."""
        kinds = np.array([kind.value for kind, _ in self.key], dtype=object)
        rows = []
        for kind in BRANCH_KINDS:
            here = kinds == kind.value
            if here.any():
                loss = float(self.loss_mw[here].sum())
                rows.append(
                    KindLoss(
                        kind=kind,
                        elements=int(here.sum()),
                        kind_loss_p_mw=loss,
                        kind_series_loss_p_mw=float(np.nansum(self.series_mw[here])),
                        kind_shunt_loss_p_mw=float(np.nansum(self.shunt_mw[here])),
                        kind_share_percent=self.share_percent(loss),
                    )
                )
        return tuple(sorted(rows, key=lambda row: -row.kind_loss_p_mw))

    def by_level(self) -> tuple[LevelLoss, ...]:
        """Sums over each voltage level and each pair of levels, most losses first."""
        rows = []
        for upper, lower in sorted(set(zip(self.upper_kv.tolist(), self.lower_kv.tolist(), strict=True)), reverse=True):
            here = (self.upper_kv == upper) & (self.lower_kv == lower)
            loss = float(self.loss_mw[here].sum())
            rows.append(
                LevelLoss(
                    vn_kv=upper,
                    lower_vn_kv=lower if lower < upper else None,
                    elements=int(here.sum()),
                    level_loss_p_mw=loss,
                    level_share_percent=self.share_percent(loss),
                )
            )
        return tuple(sorted(rows, key=lambda row: -row.level_loss_p_mw))


def branch_losses(solved: SolvedState) -> BranchLosses:
    """The losses of a state that pandapower has solved by the AC equations."""
    flows, by_voltage = solved.flows, shunt_losses(solved.net)
    shunt = np.array([by_voltage.get(key, np.nan) for key in flows.key], dtype=float)
    ends = _ends_kv(solved.net)
    upper, lower = (np.array([ends[key][side] for key in flows.key], dtype=float) for side in (0, 1))
    return BranchLosses(flows.key, flows.loss_p_mw, np.where(np.abs(shunt) < _NOTHING_MW, 0.0, shunt), upper, lower)


def _ends_kv(net: pandapowerNet) -> dict[tuple[ElementKind, int], tuple[float, float]]:
    """Highest and lowest nominal voltage of the ends of every branch."""
    found: dict[tuple[ElementKind, int], tuple[float, float]] = {}
    for kind in BRANCH_KINDS:
        table = net[kind.value]
        if len(table):
            columns = [net.bus.vn_kv.reindex(table[name]).to_numpy(dtype=float) for name in TERMINALS[kind]]
            kv = np.column_stack(columns)
            pairs = zip(table.index, kv.max(axis=1), kv.min(axis=1), strict=True)
            found |= {(kind, int(index)): (float(upper), float(lower)) for index, upper, lower in pairs}
    return found
