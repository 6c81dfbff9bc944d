"""The screening and the limit check count the broken limits of one state alike."""

import pytest

from tools.grid.contingencies import screen_contingencies
from tools.grid.importing import open_grid
from tools.grid.limit_check import check_limits
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.schema.limit_check import CheckLimitsArguments


@pytest.mark.parametrize("case", ["case24_ieee_rts", "case39", "case118", "case30"])
def test_screen_contingencies__counts_base_violations_as_check_limits_does(case, context_of):
    context = context_of(open_grid(case))
    check = check_limits(context, CheckLimitsArguments(limit=100))
    screening = screen_contingencies(context, ScreenContingenciesArguments(limit=1))
    assert screening.base_violations == len(check.violations) + check.omitted
