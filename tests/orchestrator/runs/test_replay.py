"""A recorded question goes its way again, offline, to the same report."""

from contextlib import suppress

import pytest
from sample_run import FakeModel, FakeTools, go, header_of, way
from sqlalchemy import Engine

from agents.report import Report
from orchestrator.runs.journal import JournaledModels, JournaledTools, ModelCaller, ModelFailedError, ToolCaller
from orchestrator.runs.record import RunHeader, RunRecord
from orchestrator.runs.replay import ReplayMissError, replay
from orchestrator.runs.run_store import RunStore
from tools.vocabulary import Severity


def test_replay__comes_out_equal(record: RunRecord) -> None:
    outcome = replay(record, way)
    assert outcome.equal
    assert outcome.differences == ()
    assert (outcome.tool_calls, outcome.model_calls) == (3, 1)


def test_replay__identifiers_and_times_do_not_count(record: RunRecord) -> None:
    def later(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        moved = header.model_copy(update={"id": "r-2", "started_at": header.started_at.replace(year=2030)})
        return way(moved, tools, models)

    assert replay(record, later).equal


def test_replay__names_the_place_that_differs(record: RunRecord) -> None:
    def other(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        report = way(header, tools, models)
        finding = report.findings[0].model_copy(update={"severity": Severity.CRITICAL})
        return report.model_copy(update={"findings": (finding,)})

    outcome = replay(record, other)
    assert not outcome.equal
    [difference] = outcome.differences
    assert (difference.place, difference.stored, difference.found) == (
        "/report/findings/0/severity",
        "warning",
        "critical",
    )


def test_replay__a_recorded_failure_is_replayed(store: RunStore) -> None:
    def tolerant(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        with pytest.raises(ModelFailedError, match="server is down"):
            models.call("coordinator", {"model": "m"})
        return way(header, tools, FakeModel())

    store.start(header_of())
    live = JournaledModels(store, "r-1", FakeModel(reply=None))
    store.finish("r-1", tolerant(header_of(), JournaledTools(store, "r-1", FakeTools()), live))
    assert replay(store.get("r-1"), tolerant).equal


@pytest.mark.parametrize(
    ("agent", "tool", "arguments", "told"),
    [
        ("grid_monitor", "solve_power_flow", {"outages": ["line:15"]}, r"/outages/0 \(recorded 'line:14', now"),
        ("grid_monitor", "check_limits", {}, "Recorded for grid_monitor: solve_power_flow"),
        ("coordinator", "solve_power_flow", {}, "coordinator calls solve_power_flow"),
    ],
)
def test_replay__an_unrecorded_tool_call_is_a_miss(
    record: RunRecord, agent: str, tool: str, arguments: dict[str, object], told: str
) -> None:
    def astray(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        tools.call(agent, tool, arguments)
        return way(header, tools, models)

    with pytest.raises(ReplayMissError, match=told):
        replay(record, astray)


def test_replay__one_more_equal_call_is_a_miss(record: RunRecord) -> None:
    def twice(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        way(header, tools, models)
        return way(header, tools, models)

    with pytest.raises(ReplayMissError, match="recorded less often"):
        replay(record, twice)


def test_replay__a_changed_prompt_is_a_miss_that_names_the_words(record: RunRecord) -> None:
    def reworded(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        models.call("coordinator", {"model": "m", "messages": [{"role": "user", "content": "Other words"}]})
        return way(header, tools, models)

    told = r"Model call 0 of coordinator.*/messages/0/content \(recorded 'What if line 14 trips\?', now 'Other words'\)"
    with pytest.raises(ReplayMissError, match=told):
        replay(record, reworded)


def test_replay__a_swallowed_miss_still_counts(record: RunRecord) -> None:
    def swallowing(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        with suppress(ReplayMissError):
            models.call("somebody", {})
        return way(header, tools, models)

    with pytest.raises(ReplayMissError, match="Model call 0 of somebody"):
        replay(record, swallowing)


def test_replay__a_miss_is_told_in_place_of_what_it_leads_to(record: RunRecord) -> None:
    def wrapping(header: RunHeader, tools: ToolCaller, models: ModelCaller) -> Report:
        try:
            models.call("somebody", {})
        except ReplayMissError as error:
            message = "the crew failed"
            raise RuntimeError(message) from error
        return way(header, tools, models)

    with pytest.raises(ReplayMissError, match="somebody"):
        replay(record, wrapping)


def test_replay__needs_a_report(store: RunStore) -> None:
    store.start(header_of())
    with pytest.raises(ReplayMissError, match="no report"):
        replay(store.get("r-1"), way)


def test_replay__needs_no_store(record: RunRecord, engine: Engine) -> None:
    engine.dispose()
    assert replay(RunRecord.model_validate_json(record.model_dump_json()), way).equal


def test_replay__writes_nothing(store: RunStore) -> None:
    go(store, header_of())
    before = store.get("r-1")
    replay(before, way)
    assert store.get("r-1") == before
