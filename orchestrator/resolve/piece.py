"""The part of a question that one verb of change governs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.resolve.amounts import Way
from orchestrator.resolve.mention import Mention
from tools.element import ElementKind
from tools.grid.schema.actions import Action, ShedLoad, TransferLoad


@dataclass(frozen=True)
class Piece:
    """What one verb governs."""

    way: Way
    text: str
    mentions: tuple[Mention, ...]
    numbers: tuple[int, ...]

    def used_by(self, found: Sequence[Action]) -> set[int]:
        """Marks that the actions come from; a bus stands for its load."""
        told = {action.element for action in found} | {
            action.to_bus for action in found if isinstance(action, TransferLoad)
        }
        loads = any(isinstance(action, ShedLoad | TransferLoad) for action in found)
        return {
            number
            for number, mention in zip(self.numbers, self.mentions, strict=True)
            if any(str(item.ref) in told or (loads and item.ref.kind is ElementKind.BUS) for item in mention.items)
        }

    def of(self, kinds: frozenset[ElementKind]) -> list[Mention]:
        """Its mentions of some kinds of elements."""
        return [mention for mention in self.mentions if mention.items and mention.first.ref.kind in kinds]
