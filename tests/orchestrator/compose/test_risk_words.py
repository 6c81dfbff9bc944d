"""What is said of the risk of an incident: never as a forecast, and never without the rival."""

from dataclasses import replace
from datetime import timedelta

from agents.question import Resolved
from orchestrator.compose.answers.risk import answer_risk
from orchestrator.compose.findings import find
from orchestrator.compose.not_checked import list_not_checked
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.detection.faults import biased
from tests.tools.detection.risk.records import OneModel, member, record
from tests.tools.detection.synthetic_day import START, context, measured, solved_day
from tools.detection.risk.assess import classify_risk
from tools.detection.schema.risk import ClassifyRiskArguments
from tools.vocabulary import CauseVerdict

AT = START + timedelta(hours=11)
STEPS = member(-2.0, contradiction_sigma=((15.0,), (-1.0, 5.0)))


def _shown(sigmas: float, rival: float = 0.8):
    truth = solved_day()
    value = biased(truth, measured(truth, 71), "line3.p_from", slice(615, 700), sigmas)
    model = record(STEPS, rival_auc=rival)
    ctx = replace(context(truth, value), models=OneModel(model.model_dump(mode="json")))
    return board(evidence("e1", "classify_risk", classify_risk(ctx, ClassifyRiskArguments(at=AT, hours=2))))


def _said(shown) -> str:
    return " ".join(pen(shown)(sentence).text for sentence in answer_risk(shown, Resolved()))


def test_risk__says_probability_interval_reason_and_rival():
    said = _said(_shown(15))
    assert "from 2026-03-10 10:00 UTC to 2026-03-10 11:00 UTC: high, probability 95.3 % (between 95.3 % and" in said
    assert "strongest lasting contradiction of a sensor by all others" in said
    assert "where an incident is taken to touch 50 % of all hours" in said
    assert "no forecast of the next one" in said
    assert "of which with an incident 50 % and judged by people 0" in said
    assert "(isolation forest) 0.8" in said
    assert "do not rely on it" not in said


def test_risk__says_when_the_rival_is_better():
    assert "it does not beat that rival, so do not rely on it" in _said(_shown(15, rival=0.99))


def test_risk__only_a_high_one_is_a_finding_and_never_a_cause():
    shown = _shown(15)
    [finding] = find(shown, pen(shown))
    assert (finding.kind, finding.verdict) == ("incident_risk", CauseVerdict.INCONCLUSIVE)
    assert (finding.start, finding.end) == (AT - timedelta(hours=1), AT)
    calm = _shown(0)
    assert find(calm, pen(calm)) == ()


def test_risk__names_what_had_no_source():
    shown = _shown(0)
    gaps = " ".join(item.text for item in list_not_checked(shown, pen(shown)))
    assert "figures of the risk" in gaps
    assert "access" in gaps


def test_risk__what_lowers_it_is_never_told_as_what_raises_it():
    # the one figure of the model adds five where the reading is false, and takes one away where it is not
    high, low = _said(_shown(15)), _said(_shown(0))
    assert "raising it: strongest lasting contradiction of a sensor by all others" in high
    assert "raising it: none of those that weigh most; lowering it: strongest lasting contradiction" in low
