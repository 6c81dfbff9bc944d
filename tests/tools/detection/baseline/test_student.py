"""Student's law: the same fit as scipy's own, on errors whose law is known."""

import numpy as np
import pytest
from scipy.stats import t as student

from tools.detection.baseline.student import fit_student


@pytest.mark.parametrize(("freedom", "scale"), [(2.5, 0.1), (5.0, 3.0), (30.0, 80.0)])
@pytest.mark.parametrize("held", [None, 4.0])
def test_fit_student__is_the_fit_of_scipy(freedom, scale, held):
    departure = scale * np.random.default_rng(3).standard_t(freedom, size=500)
    fixed = {} if held is None else {"fix_df": held}
    assert fit_student(departure, held) == pytest.approx(student.fit(departure, floc=0.0, **fixed), rel=1e-9)


def test_fit_student__finds_scale_of_a_known_law():
    departure = 3.0 * np.random.default_rng(4).standard_t(5.0, size=20_000)
    freedom, place, scale = fit_student(departure)
    assert place == 0.0
    assert freedom == pytest.approx(5.0, rel=0.1)
    assert scale == pytest.approx(3.0, rel=0.03)
