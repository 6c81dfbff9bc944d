"""The limits of power quality against the figures that EN 50160 is known for."""

import pytest

from knowledge.digests import load_corpus
from knowledge.errors import CorpusError
from knowledge.limits import standard_limits
from knowledge.quality_limits import read_quality_limits
from tools.limits import QualityQuantity

CITED = {(passage.document, passage.edition, passage.clause) for passage in load_corpus()}


def test_quality_limits__each_cites_a_passage_of_the_corpus():
    assert len(standard_limits().quality) > 10
    for limit in standard_limits().quality:
        assert (limit.source.document, limit.source.edition, limit.source.clause) in CITED


@pytest.mark.parametrize(
    ("quantity", "order", "kv", "expected"),
    [
        (QualityQuantity.VOLTAGE, None, 0.4, {(0.90, 1.10, 95.0), (0.85, 1.10, 100.0)}),
        (QualityQuantity.VOLTAGE, None, 20.0, {(0.90, 1.10, 99.0), (0.85, 1.15, 100.0)}),
        (QualityQuantity.FREQUENCY, None, 0.4, {(0.99, 1.01, 99.5), (0.94, 1.04, 100.0)}),
        (QualityQuantity.UNBALANCE, None, 20.0, {(None, 2.0, 95.0)}),
        (QualityQuantity.THD, None, 0.4, {(None, 8.0, 95.0)}),
        (QualityQuantity.HARMONIC, 5, 0.4, {(None, 6.0, 95.0)}),
        (QualityQuantity.VOLTAGE, None, 110.0, set()),
    ],
)
def test_quality_limits__ranges_by_voltage(quantity, order, kv, expected):
    found = {
        (limit.low, limit.high, limit.share_percent)
        for limit in standard_limits().quality
        if limit.quantity is quantity and limit.order == order and limit.vn_from_kv <= kv < limit.vn_below_kv
    }
    assert found == expected


def test_quality_limits__a_clause_that_is_not_there_is_an_error(tmp_path):
    file = tmp_path / "limits.yaml"
    file.write_text(
        "- {id: en50160, sources: {0-1: Clause 99}, quantity: thd, mean_s: 600, window_h: 168, "
        "ranges: [{high: 8, share_percent: 95}]}"
    )
    with pytest.raises(CorpusError, match="99"):
        read_quality_limits(file)
