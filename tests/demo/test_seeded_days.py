"""The shift report of simulated days: each seeded trouble is named in its section, and nothing else is.

The truth is what the day was made with; nothing but these tests reads it.
"""

from datetime import datetime, timedelta

import pytest

from agents.finding import Finding
from agents.question import Question, ReportKind
from cli.demo_commands import SHIPPED_SEED
from orchestrator.demoday.day import make_day
from orchestrator.demoday.storing import GRID, store_day
from orchestrator.demoday.truth import Truth
from orchestrator.home import open_home
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tools.security.schema.bad_data import BadDataKind
from tools.vocabulary import Severity

SEEDS = (SHIPPED_SEED, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110)
NEAR = timedelta(minutes=15)


def _shift(home, seed):
    settings = Settings(_env_file=None, home=home)
    day = make_day(seed)
    store_day(day, open_home(settings))
    question = Question(text="Shift report", kind=ReportKind.SHIFT, grid=GRID)
    return day, Runner(settings).ask(question, parse_reasoner("embedded"))


def _near(one: datetime | None, other: datetime) -> bool:
    return one is not None and abs(one - other) <= NEAR


def _second_look(finding: Finding, truth: Truth) -> bool:
    """Whether the cyber sentinel says in its own words what a sensor that lies is: fault, attack, or not decided."""
    return (
        truth.element.startswith("sensor:")
        and finding.kind in {BadDataKind.SENSOR_FAULT, BadDataKind.INJECTION, BadDataKind.UNDECIDED}
        and truth.element in {str(asset) for asset in finding.assets}
        and _near(finding.start, truth.start)
        and _near(finding.end, truth.end)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_shift_report__names_each_trouble_in_its_section_and_nothing_else(tmp_path, seed):
    day, report = _shift(tmp_path, seed)
    sections = {item.key: item for item in report.sections}
    left = [item for item in report.findings if item.severity is not Severity.INFORMATION]
    for truth in day.truth:
        found = [
            item
            for item in left
            if item.kind == truth.kind
            and truth.element in {str(asset) for asset in item.assets}
            and _near(item.start, truth.start)
            and _near(item.end, truth.end)
        ]
        assert len(found) == 1, f"{truth}: {[(item.kind, item.start, item.end) for item in left]}"
        [finding] = found
        assert finding.cause is not None
        assert finding.cause.text
        said = " ".join(item.text for item in sections[truth.section].statements)
        assert truth.element in said, f"{truth}: {said}"
        assert finding.statement.text in said
        left.remove(finding)
        left = [item for item in left if not _second_look(item, truth)]
    assert not left, [(item.kind, item.severity, item.statement.text) for item in left]


@pytest.mark.parametrize("seed", [None])
def test_shift_report__of_a_day_without_troubles_alarms_nobody(tmp_path, seed):
    _, report = _shift(tmp_path, seed)
    grave = [item for item in report.findings if item.severity is not Severity.INFORMATION]
    assert not grave, [(item.kind, item.statement.text) for item in grave]
