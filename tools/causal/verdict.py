"""The verdict on a cause, by stated rules; text never gives one.

Confirmed: readings or logs of the culprit's own show it, beyond doubt of the tool that found it; the causal model
lays most of the departure to it and little to anything else; no other fits as well, nothing else began or ended then;
the effect withstands every attempt at refutation, and is clearly seen elsewhere where it must be. Likely: it is
observed and leads, and one of these fails. Inconclusive: all else, and always when nobody observed the culprit. Two
things need no model: a reading that is missing or repeats to the last digit, and a machine that a log names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.causal.candidate import GRID_KINDS, Candidate
from tools.causal.schema.causes import CauseKind
from tools.vocabulary import CauseVerdict

if TYPE_CHECKING:
    from tools.causal.explained import Explained
    from tools.causal.mechanism import Attribution
    from tools.causal.schema.causes import Refutation

CONFIRMED_SHARE, LIKELY_SHARE = 0.7, 0.5
"""Least share of the departure that the model lays to a cause."""
CLEAR = 5.0
"""Usual sizes by which what it explains must have departed."""
STRONG = 6.0
"""Usual sizes by which the culprit itself must have departed."""
STRONG_IN_GRID = 7.0
"""The same of a load or unit: what people draw has longer tails than the noise of a sensor."""
SHORT_CLEAR = 8.0
"""Usual sizes of a departure of a few moments, on which not every attempt at refutation can be made."""

NOT_OBSERVED = "neither readings nor logs of its own show it: only what is around it tells"
NOTHING_MOVED = "flows moved, and nothing that is measured moved first"
BY_KIND = "its own readings show it, and nothing else can look like it"
BY_LOG = "the log names it, more often than chance or habit explains"
BY_LOG_ONLY_ODD = "the log names it, but unusual is not yet wrong"
DOUBTED = "the tool that found it is not sure of it"
RIVALS = "another sensor explains the readings as well"
AT_ONCE = "several sensors departed at once: the grid model, or something that nobody measures, may be at fault"
WITH_EVENT = "something in the grid moved at the same time"
NO_WITNESS = "no other measurement bears witness, so that a model cannot tell the sensor from the grid"
UNSEEN_ELSEWHERE = "its effect is not clearly seen elsewhere"
ELSEWHERE_TOO = "the causal model lays a good part of the departure to something else"
BY_CHANCE = "chance alone makes as much once in a hundred such times, or oftener"
WEAK = "its own departure is small"
REFUTED = "its effect did not withstand an attempt to refute it"
PROVEN = "it is observed, the causal model lays the departure to it, and the effect withstood refutation"
SWITCHED = "its own readings show it open, and a log or the flows around it agree"


@dataclass(frozen=True)
class Judged:
    """A candidate with all that was found out about it.

    Attributes:
        crowd: Whether several sensors were accused from the same moment on.
        coincident: Whether something in the grid began or ended at the moment at which a sensor began to be wrong.
    """

    candidate: Candidate
    explained: Explained | None
    attribution: Attribution | None
    refutations: tuple[Refutation, ...]
    crowd: bool
    coincident: bool

    @property
    def share(self) -> float | None:
        """Share of the departure that the model lays to the candidate, 0 to 1; None without a model."""
        if self.attribution is None or self.explained is None:
            return None
        return self.attribution.share.get(self.explained.node, 0.0)


def verdict_of(judged: Judged) -> tuple[CauseVerdict, str]:
    """The verdict, and the rule that gave it."""
    candidate = judged.candidate
    if not candidate.observed:
        nothing = candidate.kind is CauseKind.NOT_SEEN
        return CauseVerdict.INCONCLUSIVE, NOTHING_MOVED if nothing else NOT_OBSERVED
    if candidate.kind is CauseKind.INTRUDER:
        return (CauseVerdict.CONFIRMED, BY_LOG) if candidate.sure else (CauseVerdict.LIKELY, BY_LOG_ONLY_ODD)
    if candidate.kind is CauseKind.BRANCH_OPENED:
        return _opened(judged)
    return _weighed(judged)


def _weighed(judged: Judged) -> tuple[CauseVerdict, str]:
    candidate = judged.candidate
    if candidate.by_chance:
        return CauseVerdict.INCONCLUSIVE, BY_CHANCE
    if not candidate.sure and judged.share is None:
        return CauseVerdict.INCONCLUSIVE, NO_WITNESS
    if judged.share is not None and judged.share < LIKELY_SHARE:
        return CauseVerdict.INCONCLUSIVE, ELSEWHERE_TOO
    failed = [*_doubts(judged), *([] if candidate.certain else _weak_points(judged))]
    if not failed:
        return CauseVerdict.CONFIRMED, BY_KIND if candidate.certain else PROVEN
    return CauseVerdict.LIKELY if len(failed) == 1 else CauseVerdict.INCONCLUSIVE, failed[0]


def _opened(judged: Judged) -> tuple[CauseVerdict, str]:
    clear = judged.explained is not None and judged.explained.clear >= CLEAR
    if judged.candidate.logged or clear:
        return CauseVerdict.CONFIRMED, SWITCHED
    return CauseVerdict.LIKELY, UNSEEN_ELSEWHERE


def _doubts(judged: Judged) -> list[str]:
    """What forbids to be sure, whatever a model says."""
    candidate = judged.candidate
    reasons = (
        (not candidate.sure, DOUBTED),
        (candidate.rivals, RIVALS),
        (judged.crowd and candidate.kind not in GRID_KINDS, AT_ONCE),
        (judged.coincident, WITH_EVENT),
    )
    return [reason for holds, reason in reasons if holds]


def _weak_points(judged: Judged) -> list[str]:
    """What the causal model leaves open."""
    share, explained = judged.share, judged.explained
    if share is None or explained is None:
        return [NO_WITNESS]
    in_grid = judged.candidate.kind in GRID_KINDS
    reasons = (
        (share < CONFIRMED_SHARE, ELSEWHERE_TOO),
        (judged.candidate.strength < (STRONG_IN_GRID if in_grid else STRONG), WEAK),
        (in_grid and explained.clear < CLEAR, UNSEEN_ELSEWHERE),
        (explained.trial.short and explained.clear < SHORT_CLEAR, WEAK),
        (not judged.refutations or not all(one.withstood for one in judged.refutations), REFUTED),
    )
    return [reason for holds, reason in reasons if holds]
