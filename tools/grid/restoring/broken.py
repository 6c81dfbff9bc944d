"""Why a step is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.element import ElementRef
    from tools.grid.schema.restoration import RefusalReason


@dataclass(frozen=True)
class Broken:
    """The first limit that a step would break, with the value that breaks it where there is one."""

    reason: RefusalReason
    at: ElementRef | None = None
    vm_pu: float | None = None
    loading_percent: float | None = None
    q_mvar: float | None = None
    p_mw: float | None = None
    angle_degree: float | None = None
