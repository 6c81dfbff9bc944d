"""How much of a load can come back at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf
from typing import TYPE_CHECKING

from tools.grid.restoring.broken import Broken
from tools.grid.schema.restoration import RefusalReason

if TYPE_CHECKING:
    from tools.grid.restoring.flow import Balanced
    from tools.grid.restoring.plant import Load
    from tools.grid.schema.restoration import PlanRestorationArguments

# Losses that a block may add, as a share of it, kept free beside it.
_LOSS_SHARE = 0.05
# Smaller blocks than this share of the largest allowed are not worth an operation.
_LEAST_SHARE = 0.1
_SAME_MW = 1e-6


@dataclass(frozen=True)
class BlockRule:
    """The rules that the question set.

    Attributes:
        percent: Largest block, of online capacity.
        most_mw: Largest block besides; infinite without one.
        cold_factor: Demand right after pick-up over that before.
        most_share: Share of the online capacity that may be used.
    """

    percent: float
    most_mw: float
    cold_factor: float
    most_share: float

    def block(self, load: Load, left_mw: float, island: Balanced, kept_mw: float) -> float | Broken:
        """The block that comes next.

        Args:
            load: The load.
            left_mw: What of it is still dark.
            island: What feeds it.
            kept_mw: Kept free for cranking.
        """
        largest = min(island.capacity_mw * self.percent / 100.0, self.most_mw) / self.cold_factor
        free = (island.capacity_mw * self.most_share - island.restored_mw - island.loss_mw - kept_mw) / (
            1 + _LOSS_SHARE
        )
        free = free / self.cold_factor if island.capacity_mw < inf else inf
        least = load.block_mw
        if least is not None:
            least = min(least, left_mw)
            if least > largest + _SAME_MW:
                return Broken(RefusalReason.BLOCK, load.ref, p_mw=least)
            if least > free + _SAME_MW:
                return Broken(RefusalReason.CAPACITY, load.ref, p_mw=least)
            if left_mw <= min(largest, free) + _SAME_MW:
                return left_mw
            return load.block_mw * floor((min(largest, free) + _SAME_MW) / load.block_mw) if load.block_mw else least
        block = min(left_mw, largest, free)
        if block < min(left_mw, _LEAST_SHARE * largest) - _SAME_MW or block <= 0:
            return Broken(RefusalReason.CAPACITY, load.ref, p_mw=min(left_mw, largest))
        return block


def rule_of(args: PlanRestorationArguments) -> BlockRule:
    """The rule that the arguments give."""
    return BlockRule(
        args.block_percent,
        inf if args.block_p_mw is None else args.block_p_mw,
        args.cold_load_factor,
        1.0 - args.reserve_percent / 100.0,
    )
