"""Findings on bad data are said with sensor, verdict, confidence, what decides, technique, and what was not seen."""

from datetime import timedelta

import numpy as np
import pytest

from agents.question import Resolved
from knowledge.threats import known_threats
from orchestrator.compose.answers.bad_data import answer_bad_data, bad_data_in_brief
from orchestrator.compose.observed import observed
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.detection.synthetic_day import START
from tests.tools.memory_sources import MemoryLogs, MemoryTelemetry, series
from tests.tools.security.contexts import context
from tools.detection.data_quality import check_data_quality
from tools.detection.schema.quality import CheckDataQualityArguments
from tools.errors import GridUnavailableError
from tools.security.bad_data.assess import assess_bad_data
from tools.security.schema.bad_data import AssessBadDataArguments, BadDataKind
from tools.telemetry.schema.log import LogKind
from tools.telemetry.schema.sensor import Sensor
from tools.vocabulary import CauseVerdict

END = START + timedelta(hours=24)


class NoGrid:
    def grid(self, at=None):  # noqa: ARG002 - the protocol's parameter
        raise GridUnavailableError("there is no grid")


def readings(change):
    """Two lone sensors; the second is as the test makes it."""
    chance = np.random.default_rng(2)
    held = []
    for name in ("a.p", "b.p"):
        value = np.round(100 + 0.5 * chance.standard_normal(1440), 3)
        sensor = Sensor(name=name, grid="test", quantity="p", unit="mw", noise=0.5, period_s=60)
        held.append(series(sensor, START, 60, change(value) if name == "b.p" else value))
    return MemoryTelemetry(*held)


def replayed(value):
    value[900:960] = value[300:360]
    return value


def stuck(value):
    value[900:960] = value[900]
    return value


@pytest.fixture
def seen():
    def look(change):
        ctx = context(telemetry=readings(change), logs=MemoryLogs([], (LogKind.ACCESS,)), threats=known_threats())
        ctx = type(ctx)(**{**ctx.__dict__, "grids": NoGrid()})
        result = assess_bad_data(ctx, AssessBadDataArguments(start=START, end=END))
        quality = check_data_quality(ctx, CheckDataQualityArguments(start=START, end=END))
        return result, quality

    return look


def test_answer__names_verdict_evidence_technique_and_what_was_not_seen(seen):
    shown = board(evidence("e1", "assess_bad_data", seen(replayed)[0]))
    say = pen(shown)
    first, *rest = [say(draft).text for draft in answer_bad_data(shown, Resolved())]
    for words in ("sensor:b.p", "replay", "noise included", "repeats 60 readings", "T0856 Spoof Reporting Message"):
        assert words in first
    assert any("no command log" in text for text in rest)
    brief = say(next(iter(bad_data_in_brief(shown)))).text
    assert brief.startswith("False data: readings that are falsified, replayed or faulty 1, undecided 0")


def test_finding__of_a_replay_is_the_sentinels_with_response_and_clauses(seen):
    shown = board(evidence("e1", "assess_bad_data", seen(replayed)[0]))
    [finding] = observed(shown, pen(shown))
    assert (finding.agent, finding.kind) == ("cyber_sentinel", BadDataKind.REPLAY)
    assert finding.verdict is CauseVerdict.LIKELY
    assert "IEC 62443-3-3" in finding.statement.text
    assert "device between station and control centre" in finding.response.text


def test_finding__of_a_worn_sensor_is_told_once(seen):
    result, quality = seen(stuck)
    assert [issue.kind for issue in result.issues] == [BadDataKind.SENSOR_FAULT]
    alone = board(evidence("e1", "assess_bad_data", result))
    assert [one.kind for one in observed(alone, pen(alone))] == [BadDataKind.SENSOR_FAULT]
    both = board(evidence("e1", "assess_bad_data", result), evidence("e2", "check_data_quality", quality))
    assert [one.kind for one in observed(both, pen(both))] == ["stuck_sensor"]


def test_answer__of_a_clean_time_says_what_was_looked_at(seen):
    shown = board(evidence("e1", "assess_bad_data", seen(lambda value: value)[0]))
    say = pen(shown)
    texts = [say(draft).text for draft in answer_bad_data(shown, Resolved())]
    assert texts[0].startswith("Readings looked at: 2880 of sensors 2")
    assert "none found" in texts[1]
