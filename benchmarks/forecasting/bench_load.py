"""Load forecasts of Victoria against yesterday and last week, one to three days ahead.

Run as ``python -m benchmarks.forecasting.bench_load [refit_days]``; exits with 1 when a plain guess is better or the
intervals of the day ahead are off; those of later days are wide. The folder of public data is taken from
GRIDCREW_REALDATA; without it there is nothing to measure. A quarter of an hour at weekly refits on one core. The last
column says what a perfect weather forecast would give.
"""

import os
import sys
from datetime import date
from pathlib import Path

from benchmarks.forecasting.victoria import local_days, score

DEFAULT_REFIT_DAYS = 7
LEAST_COVERAGE, MOST_COVERAGE = 74.0, 88.0
SINCE = date(2012, 1, 1)


def main(refit_days: int = DEFAULT_REFIT_DAYS) -> bool:
    """Print the table; True when every forecast beats both guesses."""
    folder = Path(os.environ.get("GRIDCREW_REALDATA", Path(__file__).parents[2].parent / "shared" / "data"))
    if not folder.is_dir():
        print(f"no real data at {folder}: set GRIDCREW_REALDATA")
        return True
    blind, rows = local_days(folder, SINCE, weather_known=False)
    seeing, _ = local_days(folder, SINCE, weather_known=True)
    print(
        f"{'ahead':>6}{'MAPE %':>9}{'yesterday':>11}{'last week':>11}{'P10-P90 %':>11}{'with weather':>14}", flush=True
    )
    kept = True
    for ahead in (1, 2, 3):
        found = score(blind, rows, ahead, refit_days)
        known = score(seeing, rows, ahead, refit_days) if ahead == 1 else None
        last = f"{known.mape:14.2f}" if known else f"{'':14}"
        print(
            f"{ahead:6}{found.mape:9.2f}{found.yesterday:11.2f}{found.last_week:11.2f}{found.coverage:11.1f}{last}",
            flush=True,
        )
        better = found.mape < min(found.yesterday, found.last_week)
        covered = ahead > 1 or LEAST_COVERAGE <= found.coverage <= MOST_COVERAGE
        kept = kept and better and covered
    return kept


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_REFIT_DAYS) else 1)
