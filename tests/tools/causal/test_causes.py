"""``attribute_root_cause`` on days whose culprit the tests put in themselves, and hide."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.tools.causal.worlds import stepped, with_swing, without
from tests.tools.detection.faults import biased, lost, stuck
from tests.tools.detection.synthetic_day import START, context, measured, solved_day, switched
from tools.causal.causes import attribute_root_cause
from tools.causal.schema.causes import AttributeRootCauseArguments, CauseKind, RankedBy
from tools.errors import SourceMissingError, UnknownElementError
from tools.vocabulary import CauseVerdict

STEP = slice(600, 720)


def ask(ctx, **arguments):
    return attribute_root_cause(ctx, AttributeRootCauseArguments(**arguments))


def minute(moment: datetime) -> float:
    return (moment - START).total_seconds() / 60


def hidden(truth, value, *names):
    """The same day with some sensors that do not exist."""
    kept = without(truth, *names)
    seen = replace(truth, sensors=tuple(truth.sensors[row] for row in kept), value=truth.value[kept])
    return context(seen, value[kept])


@pytest.mark.parametrize("seed", [1, 2])
def test_causes__of_a_day_without_faults_there_are_none_and_that_is_inconclusive(seed):
    truth = solved_day()
    found = ask(context(truth, measured(truth, seed)))
    assert found.causes == ()
    assert found.verdict is CauseVerdict.INCONCLUSIVE


def test_causes__a_false_reading_is_laid_to_its_sensor_and_not_to_the_grid():
    truth = solved_day()
    value = biased(truth, measured(truth, 4), "line3.p_from", slice(500, 650), 10)
    [cause] = ask(context(truth, value)).causes
    assert str(cause.subject) == "sensor:line3.p_from"
    assert cause.kind is CauseKind.FALSE_DATA
    assert (cause.verdict, cause.ranked_by) == (CauseVerdict.CONFIRMED, RankedBy.CAUSAL_MODEL)
    assert cause.share_percent > 90
    assert [one.withstood for one in cause.refutations] == [True, True, True]
    # Had the sensor been right, it would have said what was true.
    row, at = truth.row("line3.p_from"), round(minute(cause.counterfactual.at))
    noise = truth.sensors[row].noise
    assert cause.counterfactual.without.value == pytest.approx(truth.value[row, at], abs=3 * noise)


@pytest.mark.parametrize("fault", [lost, stuck])
def test_causes__a_silent_or_frozen_sensor_needs_no_model(fault):
    truth = solved_day()
    value = fault(truth, measured(truth, 5), "gen3.p", slice(500, 650))
    [cause, *_] = ask(context(truth, value)).causes
    assert str(cause.subject) == "sensor:gen3.p"
    assert (cause.verdict, cause.ranked_by) == (CauseVerdict.CONFIRMED, RankedBy.RULE)


def test_causes__a_load_that_steps_is_the_cause_of_the_flows_that_follow():
    truth = stepped(7, 1.3, STEP)
    value = measured(truth, 6)
    found = ask(context(truth, value))
    [cause, *_] = found.causes
    assert (str(cause.element), cause.kind) == ("load:7", CauseKind.POWER_STEPPED)
    assert cause.verdict is CauseVerdict.CONFIRMED
    assert abs(minute(cause.start) - STEP.start) <= 2
    assert abs(minute(cause.end) - (STEP.stop - 1)) <= 2
    assert len(cause.explains) > 2
    # Without it the flow would have been what it truly is on the day without.
    shown = cause.counterfactual
    row, at = truth.row(shown.subject.name), round(minute(shown.at))
    moved = abs(truth.value[row, at] - solved_day().value[row, at])
    assert shown.without.value == pytest.approx(solved_day().value[row, at], abs=0.2 * moved)


def test_causes__a_unit_that_swings_is_the_cause_and_the_external_grid_follows():
    swing = tuple(25 * np.sin(2 * np.pi * np.arange(120) / 12))
    truth = with_swing(4, 700, 120, swing)
    [cause, *_] = ask(context(truth, measured(truth, 7))).causes
    assert (str(cause.element), cause.kind) == ("gen:4", CauseKind.POWER_SWUNG)
    assert cause.verdict is CauseVerdict.CONFIRMED
    assert abs(minute(cause.start) - 700) <= 12
    assert "ext_grid" not in str(cause.element)


def test_causes__a_line_that_opens_is_the_cause_and_its_flow_goes_over_the_others():
    truth = switched(solved_day(), solved_day(without_line=5), STEP)
    [cause, *rest] = ask(context(truth, measured(truth, 8))).causes
    assert (str(cause.element), cause.kind) == ("line:5", CauseKind.BRANCH_OPENED)
    assert cause.verdict is CauseVerdict.CONFIRMED
    assert all(one.verdict is not CauseVerdict.CONFIRMED for one in rest)
    shown = cause.counterfactual
    row, at = truth.row(shown.subject.name), round(minute(shown.at))
    moved = abs(truth.value[row, at] - solved_day().value[row, at])
    assert shown.without.value == pytest.approx(solved_day().value[row, at], abs=0.25 * moved)


@pytest.mark.parametrize(
    ("truth", "culprit"),
    [
        (lambda: stepped(7, 1.3, STEP), "load:7"),
        (lambda: switched(solved_day(), solved_day(without_line=5), STEP), "line:5"),
    ],
    ids=["load", "line"],
)
def test_causes__a_culprit_that_nobody_measures_is_inconclusive_and_is_to_be_inspected(truth, culprit):
    day = truth()
    found = ask(hidden(day, measured(day, 9), culprit.replace(":", "") + "."))
    assert found.verdict is CauseVerdict.INCONCLUSIVE
    assert {one.verdict for one in found.causes} == {CauseVerdict.INCONCLUSIVE}
    assert culprit in {str(check.element) for check in found.causes[0].inspect}
    assert [str(one) for one in found.hidden] == [culprit]


def test_causes__flows_that_move_with_units_unmeasured_say_which_unit_to_inspect_first():
    swing = tuple(25 * np.sin(2 * np.pi * np.arange(120) / 12))
    truth = with_swing(4, 700, 120, swing)
    found = ask(hidden(truth, measured(truth, 10), "gen", "ext_grid", "load", "trafo", "system"))
    assert found.verdict is CauseVerdict.INCONCLUSIVE
    cause = next(one for one in found.causes if one.kind is CauseKind.NOT_SEEN)
    assert all(one.verdict is CauseVerdict.INCONCLUSIVE for one in found.causes)
    # Units 3 and 4 feed in behind the same lines: from outside they look the same.
    assert "gen:4" in [str(check.element) for check in cause.inspect][:2]


def test_causes__of_a_target_only_what_reaches_it():
    truth = stepped(7, 1.3, STEP)
    value = biased(truth, measured(truth, 11), "line33.q_from", slice(100, 200), 15)
    ctx = context(truth, value)
    both = {str(one.subject or one.element): one for one in ask(ctx).causes[:2]}
    assert set(both) == {"sensor:line33.q_from", "load:7"}
    shown = both["load:7"].explains[0]
    assert [str(one.element) for one in ask(ctx, target=shown.name).causes][:1] == ["load:7"]
    assert [str(one.subject) for one in ask(ctx, target="line33.q_from").causes][:1] == ["sensor:line33.q_from"]
    assert ask(ctx, target="ambient").causes == ()


def test_causes__nothing_that_concerns_a_target_is_said_so():
    truth = solved_day()
    found = ask(context(truth, measured(truth, 12)), target="line:3")
    assert found.causes == ()
    assert any("cause of line:3" in one.what for one in found.coverage.left_out)


def test_causes__an_unknown_target_is_refused_with_names_that_are_close():
    truth = solved_day()
    with pytest.raises(UnknownElementError, match=r"line3\.p_from"):
        ask(context(truth, measured(truth, 12)), target="line3.p_fron")


def test_causes__without_any_source_there_is_nothing_to_ask():
    ctx = replace(context(solved_day(), solved_day().value), telemetry=None)
    with pytest.raises(SourceMissingError, match="telemetry"):
        ask(ctx)


def test_causes__of_a_short_time_what_is_usual_is_known_from_before_it():
    truth = stepped(7, 1.3, STEP)
    value = biased(truth, measured(truth, 14), "line33.q_from", slice(100, 200), 15)
    start, end = START + timedelta(minutes=540), START + timedelta(minutes=660)
    found = ask(context(truth, value), start=start, end=end)
    [cause] = found.causes  # what was wrong hours before is not asked about
    assert (str(cause.element), cause.verdict) == ("load:7", CauseVerdict.CONFIRMED)
    assert (found.start, found.end) == (start, end)
    assert cause.end is None


def test_causes__are_the_same_for_the_same_seed():
    truth = stepped(7, 1.3, STEP)
    ctx = context(truth, measured(truth, 6))
    assert ask(ctx, start=START + timedelta(hours=8)) == ask(ctx, start=START + timedelta(hours=8))


def test_causes__the_order_of_events_makes_no_cause():
    truth = stepped(7, 1.3, STEP)
    value = biased(truth, measured(truth, 13), "bus15.vm", slice(595, 640), 12)
    found = ask(context(truth, value))
    assert str(found.sequence[0].subject) == "sensor:bus15.vm"
    assert [event.at for event in found.sequence] == sorted(event.at for event in found.sequence)
    # The sensor was wrong before the load stepped, and has not made it step: each stands for itself.
    load = next(one for one in found.causes if str(one.element) == "load:7")
    assert load.verdict is CauseVerdict.CONFIRMED
    assert "sensor:bus15.vm" not in {str(part.subject) for part in load.parts}
