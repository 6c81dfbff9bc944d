"""Each call is made once: a second going, in this process or after a kill, gets the recorded one."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sample_run
from sample_run import FakeModel, FakeTools, go, header_of, way

from agents.evidence import Evidence, FailedCall
from orchestrator.runs.errors import RecordConflictError
from orchestrator.runs.journal import JournaledModels, JournaledTools, ModelFailedError
from orchestrator.runs.record import RunState
from orchestrator.runs.run_store import RunStore
from orchestrator.store.engine import open_engine
from orchestrator.store.migrate import upgrade

REQUEST = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}


def test_tools__are_numbered_in_order_and_failures_take_no_number(store: RunStore) -> None:
    store.start(header_of())
    tools = JournaledTools(store, "r-1", FakeTools())
    first = tools.call("grid_monitor", "solve_power_flow", {})
    failed = tools.call("coordinator", "search_standards", {"query": "x"})
    second = tools.call("grid_monitor", "solve_power_flow", {"outages": ["line:14"]})
    assert isinstance(failed, FailedCall)
    assert isinstance(first, Evidence)
    assert isinstance(second, Evidence)
    assert (first.id, second.id) == ("e1", "e2")
    assert store.get("r-1").evidence == (first, second)


def test_tools__second_going_calls_nothing(store: RunStore) -> None:
    first, second = FakeTools(), FakeTools()
    store.start(header_of())
    model = FakeModel()
    reports = [
        way(header_of(), JournaledTools(store, "r-1", live), JournaledModels(store, "r-1", model))
        for live in (first, second)
    ]
    assert len(first.calls) == 3
    assert second.calls == []
    assert model.calls == 1
    assert reports[0] == reports[1]


def test_tools__equal_calls_of_one_going_are_two_calls(store: RunStore) -> None:
    store.start(header_of())
    live = FakeTools()
    for _ in range(2):
        tools = JournaledTools(store, "r-1", live)
        twice = [tools.call("grid_monitor", "solve_power_flow", {}) for _ in range(2)]
        assert [item.id for item in twice if isinstance(item, Evidence)] == ["e1", "e2"]
    assert len(live.calls) == 2


def test_tools__a_default_spelled_out_is_the_same_call(store: RunStore) -> None:
    store.start(header_of())
    live = FakeTools()
    JournaledTools(store, "r-1", live).call("grid_monitor", "solve_power_flow", {"outages": []})
    JournaledTools(store, "r-1", live).call("grid_monitor", "solve_power_flow", {})
    assert len(live.calls) == 1


def test_tools__another_agents_call_is_another_call(store: RunStore) -> None:
    store.start(header_of())
    live = FakeTools()
    JournaledTools(store, "r-1", live).call("grid_monitor", "solve_power_flow", {})
    JournaledTools(store, "r-1", live).call("demand_forecaster", "solve_power_flow", {})
    assert len(live.calls) == 2


def test_tools__an_answer_to_another_call_is_refused(store: RunStore) -> None:
    class Confused(FakeTools):
        def call(self, agent, tool, arguments, number=None):
            return super().call(f"not {agent}", tool, arguments, number)

    store.start(header_of())
    with pytest.raises(RecordConflictError, match="answered another call"):
        JournaledTools(store, "r-1", Confused()).call("grid_monitor", "solve_power_flow", {})
    assert store.get("r-1").evidence == ()


def test_tools__side_by_side_get_numbers_of_their_own(store: RunStore) -> None:
    store.start(header_of())
    tools = JournaledTools(store, "r-1", FakeTools())
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda agent: tools.call(f"agent{agent}", "solve_power_flow", {}), range(24)))
    assert {item.id for item in outcomes if isinstance(item, Evidence)} == {f"e{n}" for n in range(1, 25)}


def test_models__a_failure_is_recorded_and_repeated(store: RunStore) -> None:
    store.start(header_of())
    down, up = FakeModel(reply=None), FakeModel()
    for live in (down, up):
        with pytest.raises(ModelFailedError, match="server is down"):
            JournaledModels(store, "r-1", live).call("coordinator", REQUEST)
    assert (down.calls, up.calls) == (1, 0)


def test_models__the_same_words_again_are_the_next_call(store: RunStore) -> None:
    store.start(header_of())
    live = FakeModel()
    models = JournaledModels(store, "r-1", live)
    models.call("coordinator", REQUEST)
    models.call("coordinator", REQUEST)
    assert live.calls == 2
    assert [call.ordinal for call in store.get("r-1").model_calls] == [0, 1]


def test_models__another_request_is_sent(store: RunStore) -> None:
    store.start(header_of())
    live = FakeModel()
    JournaledModels(store, "r-1", live).call("coordinator", REQUEST)
    JournaledModels(store, "r-1", live).call("coordinator", REQUEST | {"model": "other"})
    assert live.calls == 2


def _kill_when(process: subprocess.Popen[bytes], store: RunStore, rows: int) -> None:
    """Kill the writer, as a power cut would, once it has written some rows."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        runs = store.list(limit=1)
        if runs and len(store.get(runs[0].id).evidence) >= rows:
            break
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the writer ended by itself, so nothing was tested"


def test_a_killed_run__is_readable_and_resumes_without_doubles(address: str) -> None:
    engine = open_engine(address)
    upgrade(engine)
    store = RunStore(engine)
    script = Path(sample_run.__file__).with_name("endless_run.py")
    process = subprocess.Popen([sys.executable, str(script), address])
    _kill_when(process, store, rows=20)

    before = store.get("r-1")
    assert before.state is RunState.RUNNING
    assert len(before.evidence) >= 20
    live = FakeTools()
    tools = JournaledTools(store, "r-1", live)
    replayed = [tools.call(f"agent{n}", "solve_power_flow", {}) for n in range(len(before.evidence) + 5)]
    assert tuple(replayed[: len(before.evidence)]) == before.evidence
    assert len(live.calls) == 5
    report = go(store, before.header, tools=live)
    after = store.get("r-1")
    assert after.report == report
    identifiers = [item.id for item in after.evidence]
    assert identifiers == [f"e{n}" for n in range(1, len(before.evidence) + 5 + 2 + 1)]
    engine.dispose()
