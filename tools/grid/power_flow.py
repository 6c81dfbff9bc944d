"""The tool ``solve_power_flow``: totals, extremes and the wanted rows of one solved state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.context import ToolContext
from tools.element import ElementKind
from tools.grid.flow_rows import FlowRows, asked_rows, ranked_rows
from tools.grid.operating_limits import OperatingLimits, operating_limits
from tools.grid.limit_check import branch_coverage, operating_state
from tools.grid.rows import branch_row, bus_row, slack_rows
from tools.grid.schema.common import BranchState, BusState
from tools.grid.schema.power_flow import FlowModel, PowerFlow, SolvePowerFlowArguments
from tools.grid.solve import SolvedState, solved_state
from tools.grid.supply import supply_of
