"""Heat that load and air do not explain, at the end of a look."""

from __future__ import annotations

from datetime import datetime

from tools.assets.schema.transformer import AssessTransformerArguments
from tools.assets.transformer import assess_transformer
from tools.context import ToolContext
from tools.errors import ToolError


def heat_figures(ctx: ToolContext, begin: datetime, end: datetime) -> tuple[dict[str, float], tuple[str, ...]]:
    """The largest excess among transformers, zero where none is above what is expected; and what was not there."""
    try:
        rows = assess_transformer(ctx, AssessTransformerArguments(start=begin, end=end, limit=100)).rows
    except ToolError as error:
        return {}, (f"oil temperatures: {error}",)
    return {"oil_excess_kelvin": max((row.deviation_kelvin or 0.0 for row in rows), default=0.0)}, ()
