"""The rules of the verdict, one by one."""

from dataclasses import replace
from datetime import UTC, datetime

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tools.causal.candidate import Candidate
from tools.causal.explained import Explained
from tools.causal.mechanism import Attribution, Mechanism
from tools.causal.refutation import Trial
from tools.causal.schema.causes import CauseKind, Refutation, RefuterKind
from tools.causal.verdict import Judged, verdict_of
from tools.telemetry.schema.sensor import Sensor
from tools.vocabulary import CauseVerdict

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
CONFIRMED, LIKELY, INCONCLUSIVE = CauseVerdict.CONFIRMED, CauseVerdict.LIKELY, CauseVerdict.INCONCLUSIVE


def candidate(kind: CauseKind, **changed) -> Candidate:
    sound = {"start": NOON, "end": None, "strength": 20.0, "observed": True, "sure": True}
    return Candidate(kind=kind, **{**sound, **changed})


def explained(clear: float = 20.0, moments: int = 50) -> Explained:
    long = np.zeros(200)
    long[:moments] = 1.0
    return Explained(
        mechanism=Mechanism(nx.DiGraph([("cause", "target")]), "target", pd.DataFrame(), pd.DataFrame(), "mw"),
        trial=Trial(long, long, np.zeros(200)),
        node="cause",
        roles={},
        target=Sensor(name="s", quantity="p", unit="mw"),
        at=NOON,
        value=1.0,
        without=0.0,
        factor=1.0,
        clear=clear,
    )


def judged(kind: CauseKind = CauseKind.POWER_STEPPED, *, share: float | None = 0.95, **changed) -> Judged:
    """Everything speaks for it, but for what is changed."""
    withstood = Refutation(kind=RefuterKind.PLACEBO, effect=1.0, new_effect=0.0, withstood=True)
    model = None if share is None else Attribution({"cause": share}, 9.0, {})
    made = Judged(
        candidate=candidate(kind),
        explained=None if share is None else explained(),
        attribution=model,
        refutations=() if share is None else (withstood,),
        crowd=False,
        coincident=False,
    )
    return replace(made, **changed)


REFUTED = (Refutation(kind=RefuterKind.CONFOUNDER, effect=1.0, new_effect=0.2, withstood=False),)
STEPPED, FALSE, OPENED = CauseKind.POWER_STEPPED, CauseKind.FALSE_DATA, CauseKind.BRANCH_OPENED


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        (judged(), CONFIRMED),
        (judged(FALSE), CONFIRMED),
        (judged(share=0.6), LIKELY),
        (judged(share=0.4), INCONCLUSIVE),
        (judged(refutations=REFUTED), LIKELY),
        (judged(refutations=()), LIKELY),
        (judged(share=0.6, refutations=REFUTED), INCONCLUSIVE),
        (judged(explained=explained(clear=3.0)), LIKELY),
        (judged(FALSE, candidate=candidate(FALSE, rivals=True)), LIKELY),
        (judged(FALSE, crowd=True), LIKELY),
        (judged(FALSE, coincident=True), LIKELY),
        (judged(FALSE, explained=explained(clear=6.0, moments=1)), LIKELY),
        (judged(FALSE, explained=explained(clear=12.0, moments=1)), CONFIRMED),
        # Two things that speak against it are one too many, whoever says them.
        (judged(FALSE, coincident=True, explained=explained(clear=6.0, moments=1)), INCONCLUSIVE),
        (judged(FALSE, candidate=candidate(FALSE, sure=False)), LIKELY),
        (judged(FALSE, candidate=candidate(FALSE, sure=False), refutations=REFUTED), INCONCLUSIVE),
        (judged(FALSE, candidate=candidate(FALSE, sure=False), share=0.6), INCONCLUSIVE),
        (judged(candidate=candidate(STEPPED, strength=6.5)), LIKELY),
        (judged(candidate=candidate(STEPPED, strength=6.5), explained=explained(clear=4.8)), INCONCLUSIVE),
        (judged(FALSE, candidate=candidate(FALSE, sure=False), share=None), INCONCLUSIVE),
        (judged(candidate=candidate(STEPPED, observed=False)), INCONCLUSIVE),
        (judged(OPENED, candidate=candidate(OPENED, observed=False)), INCONCLUSIVE),
        (judged(FALSE, candidate=candidate(FALSE, strength=6.5)), CONFIRMED),
        (judged(FALSE, candidate=candidate(FALSE, by_chance=True)), INCONCLUSIVE),
        (judged(candidate=candidate(STEPPED, by_chance=True)), INCONCLUSIVE),
        (judged(OPENED), CONFIRMED),
        (judged(OPENED, share=None), LIKELY),
        (judged(OPENED, candidate=candidate(OPENED, logged=True), share=None), CONFIRMED),
        (judged(CauseKind.SILENT_SENSOR, candidate=candidate(FALSE, certain=True), share=None), CONFIRMED),
        (judged(CauseKind.INTRUDER, share=None), CONFIRMED),
        (judged(candidate=candidate(CauseKind.INTRUDER, sure=False), share=None), LIKELY),
        (judged(candidate=candidate(CauseKind.NOT_SEEN, observed=False), share=None), INCONCLUSIVE),
    ],
)
def test_verdict__follows_its_rules(case, verdict):
    found, reason = verdict_of(case)
    assert found is verdict, reason


@pytest.mark.parametrize("kind", list(CauseKind))
def test_verdict__nothing_that_nobody_observed_is_ever_more_than_inconclusive(kind):
    case = judged(candidate=candidate(kind, observed=False, logged=True, certain=True))
    assert verdict_of(case)[0] is INCONCLUSIVE


def test_reasons__have_no_digits_for_they_are_texts_of_ours():
    from tools.causal import inspecting, verdict  # noqa: PLC0415 - their constants

    texts = [value for module in (verdict, inspecting) for value in vars(module).values() if isinstance(value, str)]
    assert not [text for text in texts if not text.startswith("/") and any(sign.isdigit() for sign in text[:200])]
