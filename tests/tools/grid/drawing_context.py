"""A tool context around one net, with voltage limits for the nets that state none."""

from dataclasses import dataclass
from datetime import UTC, datetime

from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.importing.fingerprint import fingerprint
from tools.limits import Bound, ClauseRef, Limit, LimitQuantity, LimitTable, OperatingState

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOURCE = ClauseRef(document="test limits", edition="one", clause="only")
LIMITS = LimitTable(
    limits=tuple(
        Limit(quantity=LimitQuantity.VM_PU, bound=bound, state=OperatingState.NORMAL, value=value, source=SOURCE)
        for bound, value in ((Bound.MIN, 0.9), (Bound.MAX, 1.1))
    )
)


@dataclass(frozen=True)
class OneGrid:
    """The grid source of a run on one grid."""

    only: Grid

    def grid(self, at: datetime | None = None) -> Grid:  # noqa: ARG002 - the protocol's signature
        return self.only


def context_for(name: str, net) -> ToolContext:
    """What a tool is given in a run on this net."""
    return ToolContext(OneGrid(Grid(name, fingerprint(net), net)), LIMITS, Clock(NOW, NOW))
