"""A loaded grid: the model, where it came from, and what was assumed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandapower import pandapowerNet


@dataclass(frozen=True)
class Grid:
    """One grid, shared by all calls of a run; nobody changes ``net``, whoever wants another state copies it.

    Attributes:
        name: Case name, file stem, or the name it is registered under.
        fingerprint: SHA-256 of the model's content (not of its results), 64 hexadecimal digits.
        net: The pandapower network as loaded, unsolved.
        notes: What the import converted, left out or assumed, one sentence each.
    """

    name: str
    fingerprint: str
    net: pandapowerNet
    notes: tuple[str, ...] = ()
