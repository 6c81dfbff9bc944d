"""Operate times against the figures of IEC 60255-151 and of every relay manual."""

import numpy as np
import pytest

from tools.grid.cascading.curves import operate_time_s
from tools.grid.schema.cascade import InverseCurve


@pytest.mark.parametrize(
    ("curve", "multiple", "seconds"),
    [
        (InverseCurve.STANDARD, 2, 10.03),
        (InverseCurve.STANDARD, 5, 4.28),
        (InverseCurve.STANDARD, 10, 2.97),
        (InverseCurve.VERY, 2, 13.5),
        (InverseCurve.VERY, 10, 1.5),
        (InverseCurve.EXTREMELY, 2, 26.67),
        (InverseCurve.EXTREMELY, 10, 0.81),
    ],
)
def test_operate_time__published_figures(curve, multiple, seconds):
    assert operate_time_s(np.array([float(multiple)]), curve)[0] == pytest.approx(seconds, abs=0.006)
    assert operate_time_s(np.array([float(multiple)]), curve, 0.1)[0] == pytest.approx(seconds / 10, abs=0.006)


def test_operate_time__never_at_or_below_the_pickup():
    assert np.isinf(operate_time_s(np.array([0.0, 0.99, 1.0]), InverseCurve.STANDARD)).all()


def test_operate_time__no_shorter_beyond_twenty_times():
    assert len(set(operate_time_s(np.array([20.0, 21.0, 500.0]), InverseCurve.EXTREMELY).tolist())) == 1
