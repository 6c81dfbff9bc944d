"""Names of what the optimal power flow knows of branches beyond pandapower's columns, where an importer wrote it."""

from __future__ import annotations

RATINGS_IN_MVA = "ratings_in_mva"
"""Entry of a net whose branch ratings were apparent powers in its source."""
ANGLE_COLUMNS = ("min_va_difference_degree", "max_va_difference_degree")
"""Columns of ``line`` and ``trafo``: limits of the angle at the from (high-voltage) bus less that at the other."""
NO_ANGLE_LIMIT_DEGREE = 360.0
