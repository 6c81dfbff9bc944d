"""The model in the positions of a time, and what each branch's opening would cut off."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.connectivity import BRANCH_TERMINALS, connectivity
from tools.grid.elements import element_ref
from tools.grid.outages import take_out
from tools.grid.slack import move_lost_slack

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from pandapower import pandapowerNet

    from tools.grid.snapshot_topology import Topology

_TABLES = ("bus", "switch", "dcline", "gen", "ext_grid", *BRANCH_TERMINALS)


@dataclass(frozen=True, eq=False)
class Positions:
    """A private net whose positions are those of a time.

    Attributes:
        net: In the positions of the time; trials change it and put it back.
        model: As loaded.
        topology: What differs between the two.
    """

    net: pandapowerNet
    model: pandapowerNet
    topology: Topology

    @classmethod
    def at(cls, model: pandapowerNet, topology: Topology) -> Positions:
        """Bring a topology into force."""
        net = deepcopy(model)
        for ref in topology.back:
            net[ref.kind.value].at[ref.index, _column(ref)] = True
        for ref in topology.out:
            if net[ref.kind.value].at[ref.index, _column(ref)]:
                take_out(net, ref)
        if topology.out:
            move_lost_slack(net, model)
        return cls(net, model, topology)

    @cached_property
    def supplied(self) -> frozenset[int]:
        """Buses with a source by the positions."""
        return connectivity(self.net).energised_buses()

    @cached_property
    def dead(self) -> frozenset[int]:
        """Buses that the model supplies and the positions do not."""
        return connectivity(self.model).energised_buses() - self.supplied

    def cut_off_by(self, ref: ElementRef) -> frozenset[int]:
        """Buses that lose their source when one more element goes out."""
        kept = self._tables()
        take_out(self.net, ref)
        # another unit balances where the reference is lost: that is no blackout
        move_lost_slack(self.net, self.model)
        remaining = connectivity(self.net).energised_buses()
        self._restore(kept)
        return self.supplied - remaining

    def restored_by(self, ref: ElementRef) -> frozenset[int]:
        """Buses that have a source again when one element that is out comes back."""
        kept = self._tables()
        self.net[ref.kind.value].at[ref.index, _column(ref)] = True
        again = connectivity(self.net).energised_buses()
        self._restore(kept)
        return again - self.supplied

    def branches(self) -> Iterator[tuple[ElementRef, tuple[int, ...]]]:
        """Branches and bus couplers in service, with their buses."""
        for name, (columns, _) in BRANCH_TERMINALS.items():
            rows = self.net.get(name)
            if rows is None or not len(rows):
                continue
            live = rows[rows.in_service.astype(bool)]
            for index, *ends in live[list(columns)].itertuples():
                yield element_ref(self.net, ElementKind(name), int(index)), tuple(int(end) for end in ends)
        couplers = self.net.switch[(self.net.switch.et == "b") & self.net.switch.closed.astype(bool)]
        for index, bus, other in couplers[["bus", "element"]].itertuples():
            yield element_ref(self.net, ElementKind.SWITCH, int(index)), (int(bus), int(other))

    def _tables(self) -> dict[str, pd.DataFrame]:
        return {name: self.net[name].copy() for name in _TABLES if name in self.net and len(self.net[name])}

    def _restore(self, kept: dict[str, pd.DataFrame]) -> None:
        for name, table in kept.items():
            self.net[name] = table


def _column(ref: ElementRef) -> str:
    return "closed" if ref.kind is ElementKind.SWITCH else "in_service"
