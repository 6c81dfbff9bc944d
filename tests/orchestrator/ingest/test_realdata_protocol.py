"""Public captures, ingested by mapping and judged by the tool: windows as the data sets state them."""

import pytest

from benchmarks.detection.bench_access import main as access
from benchmarks.detection.bench_protocol import main as protocol

pytestmark = pytest.mark.realdata


def test_protocol__an_alert_in_each_window_and_none_in_normal_traffic(realdata, capsys):
    assert protocol(realdata) == 0, capsys.readouterr().out


def test_access__guessing_sources_equal_a_plain_count(realdata, capsys):
    assert access(realdata) == 0, capsys.readouterr().out
