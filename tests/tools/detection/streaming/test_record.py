"""Models as data, and which of two is used."""

import numpy as np
import pytest
from pydantic import ValidationError

from tests.tools.detection.streaming.worlds import AT_US, NAMES, TRAINED, normal_rows
from tools.detection.streaming.detector import detect
from tools.detection.streaming.fitting import fit_model
from tools.detection.streaming.record import ModelRecord, from_record, to_record
from tools.detection.streaming.retraining import Incident, choose, standing
from tools.errors import InvalidArgumentError
from tools.result import canonical_json


def model_of(seed, *, start=0, spoilt=False):
    rows = normal_rows(seed)[start:TRAINED]
    if spoilt:  # trouble in the training rows widens what passes for normal
        rows[::3, 1] += 12.0
    return fit_model(NAMES, AT_US[start:TRAINED], rows)


def incident(seed=7):
    rows = normal_rows(seed)[TRAINED:]
    truth = np.zeros(len(rows), dtype=bool)
    truth[300:500] = True
    rows[truth, 1] += 3.0
    return Incident(AT_US[TRAINED:], rows, truth)


def test_record__gives_the_same_verdicts_bit_for_bit():
    model = model_of(0)
    stored = canonical_json(to_record(model))
    again = from_record(ModelRecord.model_validate_json(stored))
    rows = incident().rows
    for before, after in zip(detect(model, AT_US[TRAINED:], rows), detect(again, AT_US[TRAINED:], rows), strict=True):
        assert before.score.hex() == after.score.hex()
        assert (before.alarm, before.charts) == (after.alarm, after.charts)
        assert before.departure.tobytes() == after.departure.tobytes()


def test_record__says_what_it_was_trained_on_and_changes_its_fingerprint_with_any_number():
    record = to_record(model_of(0))
    assert (record.rows, record.trained_until.timestamp()) == (TRAINED, AT_US[TRAINED - 1] / 1e6)
    assert record.fingerprint == to_record(model_of(0)).fingerprint
    nudged = record.model_copy(update={"held_out_alarms": np.nextafter(record.held_out_alarms, 1.0)})
    assert nudged.fingerprint != record.fingerprint


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 0}, "train the model anew"),
        ({"limits": []}, "one for each of"),
        ({"sensors": []}, "at least 1"),
        ({"step_us": 0}, "greater than or equal to 1"),
        ({"code": "import os"}, "Extra inputs"),
    ],
)
def test_record__of_untrusted_origin_is_checked(change, said):
    with pytest.raises(ValidationError, match=said):
        ModelRecord.model_validate(to_record(model_of(0)).model_dump(mode="json") | change)


def test_choose__keeps_the_old_model_unless_the_new_one_is_better():
    good, spoilt = model_of(0), model_of(0, spoilt=True)
    assert standing(good, [incident()]).f1 > 0.9
    assert standing(spoilt, [incident()]).f1 < 0.5
    assert choose(spoilt, good, [incident()]).replaced
    assert not choose(good, spoilt, [incident()]).replaced
    assert not choose(good, good, [incident()]).replaced


def test_choose__counts_confirmed_false_alarms_against_a_model():
    quiet = Incident(AT_US[TRAINED:], normal_rows(8)[TRAINED:] + 1.5, np.zeros(len(AT_US) - TRAINED, dtype=bool))
    assert choose(model_of(0), model_of(0, spoilt=True), [quiet, quiet]).old.false_alarms > 0


def test_choose__refuses_what_proves_nothing():
    model = model_of(0)
    with pytest.raises(InvalidArgumentError, match="none given"):
        choose(model, model, [])
    trained_on = Incident(AT_US[500:600], normal_rows(0)[500:600], np.zeros(100, dtype=bool))
    with pytest.raises(InvalidArgumentError, match="training window of the old model"):
        choose(model, model, [trained_on])
    other = fit_model(("a", "b", "c", "e"), AT_US[:TRAINED], normal_rows(0)[:TRAINED])
    with pytest.raises(InvalidArgumentError, match="other sensors"):
        choose(model, other, [incident()])
