"""What nobody may switch at a time, whatever it would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tools.context import ToolContext


def barred_elements(context: ToolContext, at: datetime) -> frozenset[str]:
    """Elements with a permit in force, or out of service on record, canonical."""
    permits = context.permits.permits(at, at) if context.permits else ()
    outages = context.outages.outages(at, at) if context.outages else ()
    at_work = [item.element for item in permits if item.closed_at is None or item.closed_at > at]
    return frozenset(str(element) for element in (*at_work, *(item.element for item in outages)) if element is not None)
