"""What is written of a run, once, and how it is found again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sample_run import FINGERPRINT, PLAN, START, evidence_of, go, header_of, power_flow, report_of

from agents.evidence import FailedCall
from agents.question import Question, ReportKind, Resolved
from agents.report import GridStamp
from orchestrator.runs.errors import RecordConflictError
from orchestrator.runs.record import ModelCall, RunState, content_hash, report_digest
from orchestrator.runs.run_store import RunStore
from tools.errors import UnknownRecordError


def base(identifier: str = "e1", **changes: object):
    return evidence_of(power_flow(()), {}, identifier, **changes)


def model_call(ordinal: int = 0, response: str = "yes") -> ModelCall:
    request = {"model": "m", "messages": [{"role": "user", "content": "null \u0000 byte"}]}
    return ModelCall(
        run="r-1",
        agent="coordinator",
        ordinal=ordinal,
        content_hash=content_hash(request),
        request=request,
        response=response,
        elapsed_ms=1.0,
    )


def test_get__gives_back_what_went_in(store: RunStore) -> None:
    report = go(store, header_of())
    record = store.get("r-1")
    assert record.header == header_of()
    assert record.report == report
    assert record.report_digest == report_digest(report)
    assert [item.id for item in record.evidence] == ["e1", "e2"]
    assert [call.tool for call in record.failed] == ["search_standards"]
    assert [call.response for call in record.model_calls] == ["Line 9 is the worst."]
    assert record.state is RunState.DONE


def test_update__adds_to_the_header(store: RunStore) -> None:
    store.start(header_of())
    store.update("r-1", resolved=Resolved(limit=3))
    store.update("r-1", plan=PLAN)
    store.update("r-1", grid=GridStamp(name="case30", fingerprint=FINGERPRINT))
    header = store.get("r-1").header
    assert (header.resolved, header.plan) == (Resolved(limit=3), PLAN)
    assert header.grid is not None
    assert header.question == header_of().question


def test_start__again_is_nothing_but_another_run_is_refused(store: RunStore) -> None:
    store.start(header_of())
    store.start(header_of())
    with pytest.raises(RecordConflictError, match="r-1"):
        store.start(header_of(seed=8))


def test_add_evidence__again_is_nothing(store: RunStore) -> None:
    store.start(header_of())
    store.add_evidence("r-1", base())
    store.add_evidence("r-1", base(elapsed_ms=9.0))
    assert store.get("r-1").evidence == (base(),)


def test_add_evidence__never_overwrites(store: RunStore) -> None:
    store.start(header_of())
    store.add_evidence("r-1", base())
    with pytest.raises(RecordConflictError, match="other evidence e1"):
        store.add_evidence("r-1", base(tool_version="2"))


def test_add_evidence__needs_the_run(store: RunStore) -> None:
    store.start(header_of("r-1a"))
    with pytest.raises(UnknownRecordError, match="r-1a"):
        store.add_evidence("r-1", base())


def test_add_failed__again_is_nothing(store: RunStore) -> None:
    store.start(header_of())
    failed = FailedCall(tool="check_limits", agent="grid_monitor", arguments={}, error="NotSolvedError", reason="no")
    for occurrence in (0, 0, 1, 1):
        store.add_failed("r-1", failed, occurrence)
    assert store.get("r-1").failed == (failed, failed)


def test_add_model_call__the_first_stays(store: RunStore) -> None:
    store.start(header_of())
    store.add_model_call(model_call(response="first"))
    store.add_model_call(model_call(response="second"))
    call = model_call()
    found = store.find_model_call("r-1", call.agent, call.ordinal, call.content_hash)
    assert found == model_call(response="first")
    assert store.find_model_call("r-1", call.agent, 1, call.content_hash) is None
    assert store.find_model_call("r-1", call.agent, 0, "0" * 64) is None


def test_finish__again_is_nothing_but_another_report_is_refused(store: RunStore) -> None:
    report = go(store, header_of())
    before = store.get("r-1")
    store.finish("r-1", report)
    assert store.get("r-1") == before
    with pytest.raises(RecordConflictError, match="done"):
        store.finish("r-1", report.model_copy(update={"summary": ()}))


def test_finish__refuses_evidence_that_was_not_recorded(store: RunStore) -> None:
    header = header_of()
    store.start(header)
    recorded = [base("e1"), evidence_of(power_flow(("line:14",)), {"outages": ["line:14"]}, "e2")]
    store.add_evidence("r-1", recorded[0])
    with pytest.raises(RecordConflictError, match="e2"):
        store.finish("r-1", report_of(header, recorded))
    assert store.get("r-1").state is RunState.RUNNING


def test_finish__refuses_another_runs_report(store: RunStore) -> None:
    report = go(store, header_of("r-2"))
    store.start(header_of("r-1"))
    with pytest.raises(RecordConflictError, match="r-2"):
        store.finish("r-1", report)


def test_a_done_run__takes_nothing_more(store: RunStore) -> None:
    go(store, header_of())
    for add in (lambda: store.add_evidence("r-1", base("e9")), lambda: store.fail("r-1", "late")):
        with pytest.raises(RecordConflictError, match="done"):
            add()


def test_fail__is_told_and_can_be_resumed(store: RunStore) -> None:
    store.start(header_of())
    store.fail("r-1", "disk full \u0000")
    assert (store.get("r-1").state, store.get("r-1").error) == (RunState.FAILED, "disk full \u0000")
    go(store, header_of())
    assert (store.get("r-1").state, store.get("r-1").error) == (RunState.DONE, None)


@pytest.mark.parametrize(
    "text", ["Ist Leitung „14“ überlastet? 线路 ⚡", "a'; DROP TABLE run; --", "tab\tand\u0000null"]
)
def test_get__any_text_comes_back_exactly(store: RunStore, text: str) -> None:
    header = header_of(question=Question(text=text, grid="case30"))
    go(store, header)
    assert store.get("r-1").header == header
    assert store.list()[0].question == text


def test_get__by_the_beginning_of_the_identifier(store: RunStore) -> None:
    for name in ("r-1aa", "r-1ab", "r-2_c"):
        store.start(header_of(name))
    assert store.get("r-2").header.id == "r-2_c"
    assert store.get("r-1aa").header.id == "r-1aa"
    with pytest.raises(UnknownRecordError, match="Several runs begin with 'r-1a'"):
        store.get("r-1a")
    with pytest.raises(UnknownRecordError, match=r"no run 'r-1ax'.*r-1a[ab]"):
        store.get("r-1ax")
    with pytest.raises(UnknownRecordError):
        store.get("r_2")  # an underscore is no wildcard
    with pytest.raises(UnknownRecordError):
        store.get("")


def test_get__latest_is_the_newest_that_ended(store: RunStore) -> None:
    with pytest.raises(UnknownRecordError, match="no run yet"):
        store.get("latest")
    for minute, name in enumerate(("r-1", "r-2", "r-3")):
        header = header_of(name, started_at=START + timedelta(minutes=minute))
        store.start(header) if name == "r-3" else go(store, header)
    assert store.get("latest").header.id == "r-2"


def test_list__newest_first_by_page_and_kind(store: RunStore) -> None:
    for minute in range(4):
        kind = ReportKind.SHIFT if minute == 1 else ReportKind.ANSWER
        go(store, header_of(f"r-{minute}", started_at=START + timedelta(minutes=minute), kind=kind))
    assert [run.id for run in store.list()] == ["r-3", "r-2", "r-1", "r-0"]
    assert [run.id for run in store.list(limit=2, offset=1)] == ["r-2", "r-1"]
    assert [(run.id, run.report) for run in store.list(kind=ReportKind.SHIFT)] == [("r-1", "rep-r-1")]


def test_runs__sixteen_threads_write_side_by_side(store: RunStore) -> None:
    def one(number: int) -> None:
        go(store, header_of(f"r-{number:02}"))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(32)))
    assert len(store.list(limit=100)) == 32
    for number in range(32):
        record = store.get(f"r-{number:02}")
        assert record.state is RunState.DONE
        assert [item.id for item in record.evidence] == ["e1", "e2"]


def test_one_run__sixteen_threads_add_to_it(store: RunStore) -> None:
    store.start(header_of())
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: store.add_evidence("r-1", base(f"e{number % 20}")), range(60)))
    assert {item.id for item in store.get("r-1").evidence} == {f"e{number}" for number in range(20)}
    assert len(store.get("r-1").evidence) == 20
