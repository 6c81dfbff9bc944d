"""The risk model on hours whose true risk the tests know, because they draw the incidents from it."""

from dataclasses import replace
from functools import lru_cache
from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.special import expit, logit

from orchestrator.risk.fitting import as_steps, boosted, fit_risk_model
from orchestrator.risk.samples import Row, Samples
from orchestrator.risk.standing import calibration_error, standing_of
from orchestrator.risk.training import choose
from tools.detection.risk.features import NAMES
from tools.detection.risk.model import contributions, judge, log_odds
from tools.errors import InvalidArgumentError

JUMP, ALARMS = NAMES.index("jump_ratio"), NAMES.index("alarms")


def drawn(days, seed, *, blind=False) -> Samples:
    """Hours whose log-odds are two known functions of two figures; the others are noise."""
    chance = np.random.default_rng(seed)
    figures = chance.exponential(1.0, (4 * days, len(NAMES)))
    truth = true_odds(figures)
    incident = chance.random(len(truth)) < (0.4 if blind else expit(truth))
    return Samples(figures, incident, np.repeat(np.arange(days), 4), ("",) * len(truth))


def true_odds(figures):
    return -1.5 + 3.0 * (figures[:, JUMP] > 1.0) + 2.0 * (figures[:, ALARMS] > 2.0)


@lru_cache
def fitted(days=150, seed=1, draws=4, **more):
    return fit_risk_model(drawn(days, seed, **more), drawn(300, 99, **more), 1, "drawn hours", draws=draws)


def test_fit__comes_near_the_best_that_is_possible():
    model, unseen = fitted(), drawn(300, 99)
    best = standing_of("truth", true_odds(unseen.figures), unseen.incident)
    assert model.standing.brier < best.brier + 0.015
    assert model.standing.roc_auc > best.roc_auc - 0.03
    assert model.standing.calibration_error < 0.08  # of which chance alone makes some 0.03 of so many hours
    assert model.beats_rival


def test_fit__probabilities_are_those_that_were_drawn_from():
    model = fitted()
    said = expit(log_odds(model.whole, drawn(300, 98).figures))
    assert np.abs(said - expit(true_odds(drawn(300, 98).figures))).mean() < 0.1


def test_fit__the_interval_holds_the_true_risk_mostly_and_narrows_with_days():
    unseen = drawn(50, 97)
    widths = {}
    for days in (40, 200):
        model = fitted(days, draws=15)
        judged = [judge(model, row) for row in unseen.figures]
        widths[days] = np.mean([one.highest - one.lowest for one in judged])
        truth = expit(true_odds(unseen.figures))
        held = [one.lowest <= risk <= one.highest for one, risk in zip(judged, truth, strict=True)]
        assert np.mean(held) > 0.6
    assert widths[200] < 0.8 * widths[40]


def test_fit__more_of_what_is_wrong_never_means_less_risk():
    for step in fitted().whole.steps:
        assert list(step.values) == sorted(step.values)


def test_steps__are_the_shapley_values_of_the_boosted_model():
    """Against their definition: the mean gain of a figure over all orders in which the figures become known."""
    samples, moving = drawn(60, 3), (JUMP, ALARMS, 0)
    figures = samples.figures.copy()
    figures[:, [place for place in range(len(NAMES)) if place not in moving]] = 0.0
    model = boosted(figures, samples.incident, 1)
    steps = as_steps(model, figures, 1.0, 0.0)
    ours = contributions(steps, figures)
    for row in range(0, len(figures), 40):
        worth = {known: _worth(model, figures, figures[row], known) for known in _subsets(moving)}
        for place in moving:
            gains = [
                worth[frozenset({*order[: order.index(place)], place})] - worth[frozenset(order[: order.index(place)])]
                for order in permutations(moving)
            ]
            assert ours[row, place] == pytest.approx(np.mean(gains), abs=1e-4)  # rounded to five digits
    np.testing.assert_allclose(log_odds(steps, figures), model.decision_function(figures), atol=2e-4)


def _subsets(places):
    return [frozenset(chosen) for count in range(len(places) + 1) for chosen in combinations(places, count)]


def _worth(model, background, row, known):
    """Mean log-odds when only some figures are known to be those of a row."""
    mixed = background.copy()
    mixed[:, list(known)] = row[list(known)]
    return model.decision_function(mixed).mean()


def test_fit__of_labels_without_any_sense_only_the_share_is_left():
    model = fitted(blind=True)
    said = expit(log_odds(model.whole, drawn(50, 96).figures))
    assert np.abs(said - 0.4).mean() < 0.06
    assert model.standing.roc_auc == pytest.approx(0.5, abs=0.08)


def test_fit__refuses_too_few_days_and_one_sided_labels():
    few = drawn(5, 1)
    with pytest.raises(InvalidArgumentError, match="training: hours of 5 days given; at least"):
        fit_risk_model(few, few, 1, "few")
    calm = replace(drawn(30, 1), incident=np.zeros(120, dtype=bool))
    with pytest.raises(InvalidArgumentError, match="hours with an incident and hours without"):
        fit_risk_model(calm, drawn(30, 2), 1, "calm")


def test_calibration_error__by_hand():
    said = np.array([0.15] * 10 + [0.85] * 10)
    incident = np.array([True] * 2 + [False] * 8 + [True] * 9 + [False])
    assert calibration_error(said, incident) == pytest.approx((0.05 * 10 + 0.05 * 10) / 20)
    assert standing_of("x", logit(said), incident).brier == pytest.approx(
        (2 * 0.85**2 + 8 * 0.15**2 + 9 * 0.15**2 + 0.85**2) / 20
    )


def test_choose__keeps_the_old_model_unless_the_new_one_is_better():
    learnt, unseen = drawn(150, 1), drawn(200, 2)
    first = choose(None, learnt, unseen, 1, draws=4)
    assert (first.replaces, first.old) == (True, None)
    in_use = first.record.model_dump(mode="json")
    again = choose(in_use, learnt, unseen, 1, draws=4)
    assert not again.replaces  # a tie keeps what people know
    worse = choose(in_use, drawn(150, 1, blind=True), unseen, 1, draws=4)
    assert not worse.replaces
    assert worse.record.standing.brier > worse.old.brier
    blind = choose(None, drawn(150, 1, blind=True), unseen, 1, draws=4).record.model_dump(mode="json")
    assert choose(blind, learnt, unseen, 1, draws=4).replaces


def test_choose__learns_from_what_people_judged():
    """At this place many alarms are usual: people call such hours false alarms."""
    chance = np.random.default_rng(5)
    rows = []
    for day in range(120):
        figures = chance.exponential(1.0, len(NAMES))
        figures[ALARMS], figures[JUMP] = 4.0, 0.2
        rows.append(Row(figures, incident=False, kind="false_alarm", day=day))
    plain = choose(None, drawn(100, 1), drawn(100, 2), 1, draws=4).record
    taught = choose(None, drawn(100, 1), drawn(100, 2), 1, rows, draws=4).record
    figures = np.full(len(NAMES), 0.5)
    figures[ALARMS], figures[JUMP] = 4.0, 0.2
    assert judge(taught, figures).probability < judge(plain, figures).probability - 0.1
    assert (taught.confirmed_hours, plain.confirmed_hours) == (90, 0)
    assert "people judged" in taught.trained_on
