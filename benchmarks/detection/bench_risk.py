"""The risk of incidents on days that nobody trained on: rank, error, calibration, coverage of intervals, rivals.

Run as ``python -m benchmarks.detection.bench_risk [DATA] [--count N] [--seed S] [--model FILE]``; DATA is taken and not
used, for everything is simulated. Without ``--model`` the model that comes with the program is judged. Two hours of
each day are drawn anywhere and two near its trouble; the troubles include those that nobody can see.

An interval is of a probability, which no single hour shows: hours are put into ten groups of equal size by their
probability, and a group is covered when its share of incidents lies between the mean lower and the mean upper end.
Beside it stand that share with its own chance (95 %, Wilson 1927), and the judges that never saw a label.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binomtest

from orchestrator.risk.rivals import fit_rivals
from orchestrator.risk.samples import simulated_samples
from orchestrator.risk.standing import GROUPS, standing_of
from orchestrator.store.built_in import built_in
from tools.detection.risk.model import judge, log_odds
from tools.detection.risk.record import MODEL_NAME, RiskModelRecord

if TYPE_CHECKING:
    from orchestrator.risk.samples import Samples
    from tools.detection.risk.record import StandingRecord


def main() -> bool:
    """Draw, judge, print; whether the model beats its rivals."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", help="taken and not used")
    parser.add_argument("--count", type=int, default=96)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, help="a file that gridcrew simulate train --out wrote")
    given = parser.parse_args()
    content = json.loads(given.model.read_text()) if given.model else built_in(MODEL_NAME)
    if content is None:
        print("no model: gridcrew simulate train --out FILE makes one", file=sys.stderr)
        return False
    return report(RiskModelRecord.model_validate(content), simulated_samples(given.count, given.seed), given.seed)


def report(record: RiskModelRecord, unseen: Samples, seed: int) -> bool:
    """Print how a model does on hours; whether it beats the rivals."""
    odds = log_odds(record.whole, unseen.figures)
    own = standing_of("this model", odds, unseen.incident)
    print(f"hours {len(unseen)}, days {len(np.unique(unseen.day))}, with an incident {unseen.incident.mean():.3f}")
    print("judge                     ROC AUC   Brier     ECE")
    _show(own)
    share = np.full(len(unseen), np.log(record.incident_share / (1 - record.incident_share)))
    _show(standing_of("the share alone", share, unseen.incident))
    # The rivals are fitted to the judged hours themselves, which flatters them: no excuse is left.
    rivals = [rival.standing(unseen) for rival in fit_rivals(unseen, seed)]
    for rival in rivals:
        _show(rival)
    _show_groups(record, unseen)
    _show_kinds(record, unseen)
    better = all(own.roc_auc > rival.roc_auc and own.brier < rival.brier for rival in rivals)
    print(f"beats both rivals: {'yes' if better else 'NO'}")
    return better


def _show(standing: StandingRecord) -> None:
    print(f"{standing.name:<25} {standing.roc_auc:7.3f} {standing.brier:7.4f} {standing.calibration_error:7.4f}")


def _show_groups(record: RiskModelRecord, unseen: Samples) -> None:
    judged = [judge(record, row) for row in unseen.figures]
    order = np.argsort([one.probability for one in judged], kind="stable")
    inside = near = 0
    print("\ngroup   said   from     to   true   95 % of the true share")
    for number, group in enumerate(np.array_split(order, GROUPS), start=1):
        low, high = (float(np.mean([getattr(judged[at], end) for at in group])) for end in ("lowest", "highest"))
        said, true = float(np.mean([judged[at].probability for at in group])), float(unseen.incident[group].mean())
        chance = binomtest(int(unseen.incident[group].sum()), len(group)).proportion_ci(method="wilson")
        inside += low <= true <= high
        near += chance.low <= high and chance.high >= low
        print(f"{number:>5} {said:6.3f} {low:6.3f} {high:6.3f} {true:6.3f}   {chance.low:.3f} to {chance.high:.3f}")
    print(f"groups covered: {inside} of {GROUPS}; intervals that meet the 95 % of the true share: {near} of {GROUPS}")


def _show_kinds(record: RiskModelRecord, unseen: Samples) -> None:
    probability = np.array([judge(record, row).probability for row in unseen.figures])
    kinds = np.array([kind or "none" for kind in unseen.kind])
    print("\nkind               hours with   mean risk   hours without   mean risk")
    for kind in sorted(set(kinds.tolist())):
        mine = kinds == kind
        cells = []
        for part in (mine & unseen.incident, mine & ~unseen.incident):
            cells.append(f"{int(part.sum()):>10} {probability[part].mean() if part.any() else float('nan'):>11.3f}")
        print(f"{kind:<18} {cells[0]}      {cells[1]}")
    print()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
