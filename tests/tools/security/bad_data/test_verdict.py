"""The rules by which evidence decides: what the logs change, and what they do not."""

import pytest

from tests.tools.security.contexts import DAY
from tools.security.bad_data.places import Reach
from tools.security.bad_data.verdict import Hand, of_lone, of_movement, of_repetition, of_shape, of_station, of_step
from tools.security.schema.bad_data import BadDataKind, Discriminator, FaultShape, LogTrace
from tools.security.schema.context import Custody
from tools.subject import SubjectKind, SubjectRef
from tools.vocabulary import Confidence

CUSTODY = Custody(source="access log", records=1, first_at=DAY, last_at=DAY, sha256="0" * 64)
WHO = SubjectRef(kind=SubjectKind.HOST, name="lap-9")


def trace(*, came_in, names_it=False, before=True):
    row = {"source": "review_commands", "kind": "unusual_commands", "subject": WHO, "start": DAY, "custody": CUSTODY}
    return LogTrace(**row, came_in=came_in, names_it=names_it, before=before)


NO_LOG = Hand((), looked=False)
NOTHING = Hand((), looked=True)
TRIED = Hand((trace(came_in=False),), looked=True)
CAME_IN = Hand((trace(came_in=True),), looked=True)
THEN = Hand((trace(came_in=True, before=False),), looked=True)
NAMED = Hand((trace(came_in=True, names_it=True),), looked=True)
KIND, SURE = BadDataKind, Confidence


@pytest.mark.parametrize(
    ("hand", "kind", "confidence"),
    [
        (NO_LOG, KIND.UNDECIDED, SURE.LOW),
        (NOTHING, KIND.SENSOR_FAULT, SURE.LOW),
        (TRIED, KIND.UNDECIDED, SURE.LOW),
        (CAME_IN, KIND.INJECTION, SURE.MEDIUM),
        (NAMED, KIND.INJECTION, SURE.HIGH),
    ],
)
def test_of_step__is_decided_by_the_logs_alone(hand, kind, confidence):
    verdict = of_step(Reach.SENSOR, hand)
    assert (verdict.kind, verdict.confidence) == (kind, confidence)


@pytest.mark.parametrize("shape", [FaultShape.DRIFT, FaultShape.STUCK, FaultShape.SPIKE, FaultShape.DROPOUT])
def test_of_shape__wear_is_a_fault_until_a_command_names_the_element(shape):
    assert of_shape(shape, True, True, NOTHING).kind is KIND.SENSOR_FAULT
    assert of_shape(shape, True, True, NOTHING).confidence is SURE.HIGH
    assert of_shape(shape, True, True, CAME_IN).confidence is SURE.LOW
    assert of_shape(shape, True, True, NAMED).kind is KIND.UNDECIDED


def test_of_station__what_adds_up_is_falsified_without_any_log():
    assert of_station(True, False, NO_LOG).kind is KIND.INJECTION
    assert of_station(True, False, CAME_IN).confidence is SURE.HIGH
    assert of_station(True, True, NOTHING).kind is KIND.SENSOR_FAULT  # one factor: a wrong scaling
    assert of_station(False, False, NOTHING).kind is KIND.UNDECIDED


def test_of_repetition__needs_no_log():
    assert of_repetition(1, False, NO_LOG).kind is KIND.REPLAY
    assert of_repetition(1, False, NO_LOG).confidence is SURE.MEDIUM
    assert of_repetition(9, False, NO_LOG).confidence is SURE.HIGH


@pytest.mark.parametrize(
    ("moved", "consistent", "logged", "hand", "kind"),
    [
        (9, True, False, NOTHING, KIND.REAL_EVENT),
        (9, True, False, TRIED, KIND.REAL_EVENT),
        (9, True, False, CAME_IN, KIND.UNDECIDED),  # falsified as a whole, it would fit as well
        (9, True, True, CAME_IN, KIND.REAL_EVENT),  # protection tells of it, too
        (1, False, False, NOTHING, KIND.UNDECIDED),
    ],
)
def test_of_movement__is_real_unless_somebody_was_inside_and_nothing_else_tells(moved, consistent, logged, hand, kind):
    assert of_movement(moved, consistent, logged, hand).kind is kind


def test_of_lone__a_jump_that_nothing_else_shows_is_undecided():
    assert of_lone(False, NOTHING).kind is KIND.UNDECIDED
    assert of_lone(True, NOTHING).kind is KIND.SENSOR_FAULT


def test_hand__without_logs_says_that_it_was_not_checked():
    [evidence] = NO_LOG.evidence()
    assert evidence.discriminator is Discriminator.NO_LOG
    assert evidence.speaks_for is KIND.UNDECIDED


@pytest.mark.parametrize(
    ("hand", "told", "when"),
    [
        (CAME_IN, Discriminator.CAME_IN, "shortly before"),
        (THEN, Discriminator.CAME_IN_THEN, "at about that time"),
        (Hand((*THEN.rows, *CAME_IN.rows), looked=True), Discriminator.CAME_IN, "shortly before"),
        # a trial before does not make the log-in that followed one before
        (Hand((*THEN.rows, trace(came_in=False)), looked=True), Discriminator.CAME_IN_THEN, "at about that time"),
    ],
)
def test_hand__says_before_only_of_what_was_before(hand, told, when):
    verdict = of_step(Reach.SENSOR, hand)
    assert told in [one.discriminator for one in verdict.evidence]
    assert when in verdict.cause


def test_hand__a_trial_at_about_that_time_is_none_before():
    late = Hand((trace(came_in=False, before=False),), looked=True)
    assert [one.discriminator for one in late.evidence()] == [Discriminator.TRIED_THEN]
    assert [one.discriminator for one in TRIED.evidence()] == [Discriminator.TRIED]
