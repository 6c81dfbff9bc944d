"""Which grid the data of a file belong to, and what is known of its elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestrator.ingest.log_mapping import LogMapping

if TYPE_CHECKING:
    from orchestrator.ingest.any_mapping import Mapping
    from tools.grid.inventory import Inventory


def _unknown(_name: str) -> Inventory | None:
    return None


@dataclass(frozen=True)
class OfGrid:
    """A grid by its name.

    Attributes:
        name: None for any grid.
        find: The elements of a grid by its name; None for one that is not known.
    """

    name: str | None = None
    find: Callable[[str], Inventory | None] = _unknown

    def else_named(self, name: str | None) -> OfGrid:
        """The same, with the grid of a mapping where none was named before."""
        return replace(self, name=self.name or name)

    def inventory(self, mapping: Mapping) -> Inventory | None:
        """Elements that the entries of a log are held against; None where it names none, or its grid is not known."""
        return self.find(self.name) if _names_elements(mapping) and self.name is not None else None

    def notes(self, mapping: Mapping, inventory: Inventory | None) -> tuple[str, ...]:
        """That elements are taken as they are written, where there is nothing to hold them against."""
        if inventory is not None or not _names_elements(mapping):
            return ()
        why = "no grid is named" if self.name is None else f"grid {self.name} is not known"
        return (f"elements were not held against a grid: {why}",)


def _names_elements(mapping: Mapping) -> bool:
    return isinstance(mapping, LogMapping) and mapping.element is not None


ANY = OfGrid()
"""Data that belong to no grid more than to another."""
