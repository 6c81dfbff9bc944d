"""A loaded grid: the model, where it came from, and what was assumed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.grid.schema.basis import StateBasis


@dataclass(frozen=True)
class Grid:
    """One grid, shared by all calls of a run; nobody changes ``net``, whoever wants another state copies it.

    Attributes:
        name: Case name, file stem, or the name it is registered under.
        fingerprint: SHA-256 of the model's content (not of its results), 64 hexadecimal digits; of a state at a time
            it stays that of the model underneath, for the record names both model and time.
        net: The pandapower network, unsolved: as loaded, or with the values of a time.
        notes: What the import converted, left out or assumed, one sentence each.
        basis: What the state rests on; None for the grid as loaded.
        loaded: The grid as loaded, underneath a state at a time; None for the grid as loaded itself.
        state: Digest of what the state changes in the model; empty for the grid as loaded.
    """

    name: str
    fingerprint: str
    net: pandapowerNet
    notes: tuple[str, ...] = ()
    basis: StateBasis | None = None
    loaded: Grid | None = None
    state: str = ""

    def __post_init__(self) -> None:
        """Build what pandas builds at the first look-up: threads that share the net would race for it."""
        for table in self.net.values():
            if isinstance(table, pd.DataFrame):
                for labels in (table.index, table.columns):
                    _ = labels.is_unique, labels.is_monotonic_increasing, len(labels) and labels[0] in labels

    @property
    def model(self) -> Grid:
        """The grid as loaded, without the values of a time."""
        return self.loaded or self

    @property
    def key(self) -> str:
        """What solutions are kept under: equal keys are the same network with the same values."""
        return self.fingerprint + self.state
