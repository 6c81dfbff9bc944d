"""kill -9 of the worker at random moments of shift reports of the demo day: nothing is lost, nothing is done twice."""

import json
import random
import time

import pytest

from agents.report import Report
from cli.demo_commands import SHIPPED_SEED
from orchestrator.demoday.day import make_day
from orchestrator.demoday.storing import GRID, store_day
from orchestrator.home import open_home
from orchestrator.runs.differences import differences
from orchestrator.settings import Settings
from tests.orchestrator.service.serving import serving
from tools.errors import UnknownRecordError

KILLS = 20
LONGEST_S = 6.0
"""A report of the demo day is still being made for most of this time."""
ENDS_S = 300.0

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def store(tmp_path):
    store = open_home(Settings(_env_file=None, home=tmp_path))
    store_day(make_day(SHIPPED_SEED), store)
    return store


def _plain(report: Report) -> object:
    """A report without what names a single run of it."""
    text = report.model_dump_json(exclude={"id", "run_id", "created_at"})
    plain = json.loads(text.replace(report.id, "<>").replace(report.run_id, "<>"))
    for evidence in plain["evidence"]:
        for field in ("elapsed_ms", "digest", "known_until"):
            evidence.pop(field)
    return plain


def _ask(service):
    reply = service.http.post("/api/v1/reports", json={"kind": "shift", "grid": GRID}, params={"wait": False})
    return reply.json()["run"]


def _state(service, run):
    return service.http.get(f"/api/v1/questions/{run}").json()["state"]


def _ended(service, run):
    until = time.monotonic() + ENDS_S
    while (state := _state(service, run)) != "done":
        assert state != "failed", run
        assert time.monotonic() < until, (run, state)
        time.sleep(0.1)


def _so_far(store, run):
    """What is journaled of a run; None where the worker was killed before it had begun it."""
    try:
        return store.runs.get(run)
    except UnknownRecordError:
        return None


def test_reports__a_killed_worker_changes_nothing(store, tmp_path):
    """Each run ends once, equal to an undisturbed one, and no journaled model or tool call is repeated."""
    chance, journaled = random.Random(time.time_ns()), []
    with serving(tmp_path) as service:
        runs = [_ask(service)]
        _ended(service, runs[0])
        for _ in range(KILLS):
            if _state(service, runs[-1]) == "done":
                runs.append(_ask(service))
            time.sleep(chance.uniform(0.0, LONGEST_S))
            killed = service.kill_worker()
            if (before := _so_far(store, runs[-1])) is not None:
                journaled.append((runs[-1], before))
            service.wait_successor(killed)
        for run in runs:
            _ended(service, run)
    assert len(journaled) > KILLS / 2
    for run, before in journaled:
        after = store.runs.get(run)
        assert {item.id: item for item in before.evidence}.items() <= {item.id: item for item in after.evidence}.items()
        assert all(item in after.model_calls for item in before.model_calls)
    undisturbed = _plain(store.runs.get(runs[0]).report)
    for run in runs:
        record = store.runs.get(run)
        calls = [(item.agent, item.tool, json.dumps(item.arguments, sort_keys=True)) for item in record.evidence]
        asked = [(item.agent, item.ordinal) for item in record.model_calls]
        assert len(calls) == len(set(calls)), "a journaled tool call was repeated"
        assert len(asked) == len(set(asked)), "a journaled model call was repeated"
        assert not list(differences(undisturbed, _plain(record.report)))
