"""The limits table against the published ranges."""

import pytest

from knowledge.digests import load_corpus
from knowledge.errors import CorpusError
from knowledge.limits import read_limits, standard_limits
from tools.limits import Bound, LimitQuantity, OperatingState

CITED = {(passage.document, passage.edition, passage.clause) for passage in load_corpus()}
SO_GL = "Commission Regulation (EU) 2017/1485 (2017), Annex II"
RUNBOOK = "GridCrew runbook (1), Section 3.1"


def _find(quantity, bound, vn_kv, state=OperatingState.NORMAL):
    return standard_limits().find(quantity, bound, state, vn_kv)


def test_standard_limits__each_cites_a_passage_of_the_corpus():
    for limit in standard_limits().limits:
        assert (limit.source.document, limit.source.edition, limit.source.clause) in CITED


@pytest.mark.parametrize("state", OperatingState)
@pytest.mark.parametrize(
    ("vn_kv", "low", "high", "source"),
    [
        (0.4, 0.90, 1.10, "EN 50160 (2010), Clause 4.2.2"),
        (1.0, 0.90, 1.10, "EN 50160 (2010), Clause 4.2.2"),
        (12.66, 0.90, 1.10, "EN 50160 (2010), Clause 5.2.2"),
        (36.0, 0.90, 1.10, "EN 50160 (2010), Clause 5.2.2"),
        (66.0, 0.90, 1.10, RUNBOOK),
        (110.0, 0.90, 1.118, SO_GL),
        (230.0, 0.90, 1.118, SO_GL),
        (300.0, 0.90, 1.05, SO_GL),
        (345.0, 0.90, 1.05, SO_GL),
        (400.0, 0.90, 1.05, SO_GL),
        (500.0, 0.90, 1.05, RUNBOOK),
    ],
)
def test_standard_limits__voltage_band_by_nominal_voltage(state, vn_kv, low, high, source):
    minimum = _find(LimitQuantity.VM_PU, Bound.MIN, vn_kv, state)
    maximum = _find(LimitQuantity.VM_PU, Bound.MAX, vn_kv, state)
    assert (minimum.value, maximum.value) == (low, high)
    assert str(minimum.source) == str(maximum.source) == source


@pytest.mark.parametrize("state", OperatingState)
@pytest.mark.parametrize("vn_kv", [0.23, 20.0, 110.0, 765.0])
def test_standard_limits__loading_is_100_percent_everywhere(state, vn_kv):
    assert _find(LimitQuantity.LOADING_PERCENT, Bound.MAX, vn_kv, state).value == 100
    assert _find(LimitQuantity.LOADING_PERCENT, Bound.MIN, vn_kv, state) is None


def test_standard_limits__exactly_one_limit_holds_for_each_voltage():
    for tenths in range(1, 12_000):
        holding = [
            limit
            for limit in standard_limits().limits
            if (limit.quantity, limit.bound, limit.state) == (LimitQuantity.VM_PU, Bound.MIN, OperatingState.NORMAL)
            and limit.vn_from_kv <= tenths / 10 < limit.vn_below_kv
        ]
        assert len(holding) == 1


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (
            "- {source: {id: sogl, clause: Article 999}, states: [normal], band_kv: [0, 1]}",
            "article-999",
        ),
        ("- {source: {id: sogl, clause: Annex II}, states: [sometimes], band_kv: [0, 1]}", "states"),
        ("[", "malformed"),
    ],
)
def test_read_limits__refuses_what_it_cannot_stand_behind(tmp_path, content, named):
    (tmp_path / "limits.yaml").write_text(content)
    with pytest.raises(CorpusError, match=named):
        read_limits(tmp_path / "limits.yaml")
