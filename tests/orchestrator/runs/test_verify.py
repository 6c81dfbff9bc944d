"""Whoever changes a record is told where."""

# ruff: noqa: S608 - the tests are the intruder here

import json
from collections.abc import Callable

import pytest
from pydantic import JsonValue
from sample_run import LOADING, evidence_of, go, header_of, power_flow
from sqlalchemy import Engine, text

from agents.evidence import Evidence
from orchestrator.runs.record import RunRecord
from orchestrator.runs.run_store import RunStore
from orchestrator.runs.verify import Integrity, Verification, VerificationStatus, verify, verify_stored
from tools.errors import GridUnavailableError

Change = Callable[[str], str]


def again(evidence: Evidence) -> Evidence:
    """The tool, called again, gives what it gave."""
    outages = evidence.arguments.get("outages", [])
    return evidence_of(power_flow(tuple(outages)), evidence.arguments, evidence.id)


def tamper(engine: Engine, table: str, where: str, change: Change, column: str = "body") -> None:
    """Change a stored body in SQL, behind the store's back."""
    with engine.begin() as connection:
        before = connection.execute(text(f"SELECT {column} FROM {table} WHERE {where}")).scalar_one()
        after = change(before)
        assert after != before, "nothing was changed, so nothing is tested"
        connection.execute(text(f"UPDATE {table} SET {column} = :after WHERE {where}"), {"after": after})


def places(outcome: Verification) -> set[str]:
    return {difference.place for difference in outcome.differences}


@pytest.fixture
def tampered(store: RunStore, engine: Engine) -> Callable[..., Verification]:
    go(store, header_of())

    def change(table: str, where: str, edit: Change, column: str = "body") -> Verification:
        tamper(engine, table, where, edit, column)
        outcome = verify_stored(store, "r-1", again)
        assert outcome.integrity is Integrity.BROKEN
        assert not outcome.passed
        return outcome

    return change


def edited(**changes: Callable[[JsonValue], JsonValue]) -> Change:
    """An edit of top-level fields of a JSON body that keeps the text canonical."""

    def edit(body: str) -> str:
        value = json.loads(body)
        for name, change in changes.items():
            value[name] = change(value[name])
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    return edit


def test_verify__an_untouched_run_is_the_same(record: RunRecord) -> None:
    outcome = verify(record, again)
    assert (outcome.status, outcome.integrity) == (VerificationStatus.SAME, Integrity.OK)
    assert outcome.passed
    assert (outcome.recomputed, outcome.differences, outcome.reasons) == (2, (), ())
    assert outcome.statements == 4


def test_verify__one_digit_of_the_text(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("report", "id = 'rep-r-1'", lambda body: body.replace("111.8 %", "111.9 %", 1))
    first = outcome.differences[0]
    # "findings" comes first in the stored body: its keys are sorted.
    assert first.place == "/report/findings/0/statement"
    assert "111.9" in str(first.stored)
    assert "'111.9 %'" in str(first.found)
    assert "'111.8 %'" in str(first.found)
    assert "/report/findings/0/statement/text" in places(outcome)
    assert "/report_digest" in places(outcome)
    assert outcome.status is VerificationStatus.SAME


@pytest.mark.parametrize("number", ["111.8 %", "61.2 %"])
def test_verify__every_shown_number_is_guarded(tampered: Callable[..., Verification], number: str) -> None:
    outcome = tampered("report", "id = 'rep-r-1'", lambda body: body.replace(number, number.replace("1", "7")))
    shown = {"/report/summary/0", "/report/sections/0/statements/0", "/report/findings/0/statement"}
    assert shown <= places(outcome)


def test_verify__one_field_of_the_evidence(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("tool_call", "evidence_id = 'e2'", lambda body: body.replace("111.8312", "101.8312"))
    assert {
        "/evidence/1/result/branches/0/loading_percent",
        "/evidence/1/digest",
        "/report/summary/0",
    } <= places(outcome)
    [recomputed] = [item for item in outcome.differences if item.what.startswith("recomputation")]
    assert (recomputed.place, recomputed.stored, recomputed.found) == (
        "/evidence/1/result/branches/0/loading_percent",
        101.8312,
        111.8312,
    )
    assert outcome.status is VerificationStatus.DIFFERS


def test_verify__a_field_of_the_evidence_that_no_text_shows(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("tool_call", "evidence_id = 'e1'", lambda body: body.replace("-3.5", "3.5"))
    assert outcome.differences[0].place == "/evidence/0/result/branches/0/p_from_mw"
    assert outcome.differences[0].what == "seal, evidence e1 of solve_power_flow"


def test_verify__the_last_bit_of_a_float(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("tool_call", "evidence_id = 'e2'", lambda body: body.replace("111.8312", "111.83120000000001"))
    assert "/evidence/1/result/branches/0/loading_percent" in places(outcome)
    assert outcome.status is VerificationStatus.SAME  # within the tolerance of recomputation, but not untouched


def test_verify__the_names_of_two_evidences_swapped(store: RunStore, engine: Engine) -> None:
    go(store, header_of())
    with engine.begin() as connection:
        for before, after in (("e1", "ex"), ("e2", "e1"), ("ex", "e2")):
            body = connection.execute(text(f"SELECT body FROM tool_call WHERE evidence_id = '{before}'")).scalar_one()
            connection.execute(
                text("UPDATE tool_call SET evidence_id = :after, body = :body WHERE evidence_id = :before"),
                {"after": after, "before": before, "body": body.replace(f'"id":"{before}"', f'"id":"{after}"')},
            )
    outcome = verify_stored(store, "r-1", again)
    assert outcome.integrity is Integrity.BROKEN
    assert {"/report/summary/0", "/evidence/0/id", "/evidence/1/id"} <= places(outcome)


def test_verify__the_results_of_two_evidences_swapped(store: RunStore, engine: Engine) -> None:
    go(store, header_of())
    of = dict.fromkeys(("e1", "e2"), "")
    with engine.begin() as connection:
        for name in of:
            of[name] = connection.execute(text(f"SELECT body FROM tool_call WHERE evidence_id = '{name}'")).scalar_one()
        for name, other in (("e1", "e2"), ("e2", "e1")):
            body = json.dumps(json.loads(of[name]) | {"result": json.loads(of[other])["result"]})
            connection.execute(text(f"UPDATE tool_call SET body = :body WHERE evidence_id = '{name}'"), {"body": body})
    outcome = verify_stored(store, "r-1", again)
    loading = "result/branches/0/loading_percent"
    assert {"/report/summary/0", f"/evidence/0/{loading}", f"/evidence/1/{loading}"} <= places(outcome)


def test_verify__a_citation(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("report", "id = 'rep-r-1'", lambda body: body.replace('"clause":"4.2"', '"clause":"4.3"'))
    assert outcome.differences[0].place == "/report/citations/0/clause"
    assert outcome.differences[0].stored == "4.3"


def test_verify__an_enum(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("report", "id = 'rep-r-1'", lambda body: body.replace('"warning"', '"information"'))
    assert outcome.differences[0].place == "/report/findings/0/severity"


def test_verify__an_enum_that_is_none(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("report", "id = 'rep-r-1'", lambda body: body.replace('"warning"', '"wanning"'))
    assert outcome.differences[0].place == "report rep-r-1/findings/0/severity"


@pytest.mark.parametrize("body", ["", "{", "[]", '{"id": "e1"}'])
def test_verify__a_body_that_is_destroyed(tampered: Callable[..., Verification], body: str) -> None:
    outcome = tampered("tool_call", "evidence_id = 'e1'", lambda _: body)
    assert outcome.differences[0].place.startswith("run r-1, evidence e1")


def test_verify__a_reference_to_another_field(tampered: Callable[..., Verification]) -> None:
    outcome = tampered(
        "report", "id = 'rep-r-1'", lambda body: body.replace("/branches/0/loading_percent", "/branches/0/p_from_mw")
    )
    assert "/report/summary/0" in places(outcome)


def test_verify__the_question(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("run", "id = 'r-1'", lambda body: body.replace("line 14", "line 15"), "header")
    assert places(outcome) == {"/header/question/text"}


def test_verify__the_plan_and_the_as_of(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("run", "id = 'r-1'", edited(as_of=lambda _: "2026-07-01T12:00:01Z", seed=lambda _: 8), "header")
    assert places(outcome) == {"/header/as_of", "/header/seed"}


@pytest.mark.parametrize(
    ("field", "place"), [("response", "/model_calls/0/response"), ("request", "/model_calls/0/request/model")]
)
def test_verify__a_model_call(tampered: Callable[..., Verification], field: str, place: str) -> None:
    def change(value: JsonValue) -> JsonValue:
        return value | {"model": "other"} if isinstance(value, dict) else "Other words."

    assert place in places(tampered("model_call", "run_id = 'r-1'", edited(**{field: change})))


def test_verify__the_reason_of_a_failed_call(tampered: Callable[..., Verification]) -> None:
    outcome = tampered("tool_call", "evidence_id IS NULL", edited(reason=lambda _: "all checked"))
    assert places(outcome) == {"/failed/0/reason"}


def test_verify__evidence_taken_away(store: RunStore, engine: Engine) -> None:
    go(store, header_of())
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tool_call WHERE evidence_id = 'e1'"))
    outcome = verify_stored(store, "r-1", again)
    assert outcome.integrity is Integrity.BROKEN
    assert "e1 is gone" in str(outcome.differences[0].found)


def test_verify__a_call_added(store: RunStore, engine: Engine) -> None:
    go(store, header_of())
    body = evidence_of(power_flow(()), {"outages": []}, "e3").model_dump_json()
    values = {"run_id": "r-1", "evidence_id": "e3", "call_hash": "0", "occurrence": 0, "body": body}
    with engine.begin() as connection:
        names = ", ".join(values)
        connection.execute(text(f"INSERT INTO tool_call ({names}) VALUES (:{', :'.join(values)})"), values)
    outcome = verify_stored(store, "r-1", again)
    assert outcome.integrity is Integrity.BROKEN
    assert all(place.startswith("/evidence/2") for place in places(outcome))


def test_verify__the_seal_taken_away(store: RunStore, engine: Engine) -> None:
    go(store, header_of())
    with engine.begin() as connection:
        connection.execute(text("UPDATE run SET seal = NULL"))
    assert places(verify_stored(store, "r-1", again)) == {"/seal"}


def test_verify__the_state_of_the_run(store: RunStore, engine: Engine) -> None:
    go(store, header_of())
    with engine.begin() as connection:
        connection.execute(text("UPDATE run SET state = 'failed'"))
    assert "/state" in places(verify_stored(store, "r-1", again))


def test_verify__another_grid_cannot_be_recomputed(record: RunRecord) -> None:
    def elsewhere(evidence: Evidence) -> Evidence:
        return again(evidence).model_copy(update={"grid_fingerprint": "cd" * 32})

    outcome = verify(record, elsewhere)
    assert outcome.status is VerificationStatus.CANNOT_BE_RECOMPUTED
    assert outcome.passed
    assert outcome.reasons[0].startswith("e1 (solve_power_flow): the grid's fingerprint is now cdcdcdcdcdcd")


def test_verify__another_version_cannot_be_recomputed(record: RunRecord) -> None:
    outcome = verify(record, lambda evidence: again(evidence).model_copy(update={"tool_version": "2"}))
    assert outcome.status is VerificationStatus.CANNOT_BE_RECOMPUTED
    assert "solve_power_flow is now version 2, it was 1" in outcome.reasons[0]


def test_verify__a_grid_that_is_gone_cannot_be_recomputed(record: RunRecord) -> None:
    def gone(_: Evidence) -> Evidence:
        message = "no grid called 'case30'"
        raise GridUnavailableError(message)

    outcome = verify(record, gone)
    assert outcome.status is VerificationStatus.CANNOT_BE_RECOMPUTED
    assert outcome.recomputed == 0
    assert len(outcome.reasons) == 2


def test_verify__one_that_differs_outweighs_one_that_cannot_be_recomputed(record: RunRecord) -> None:
    def half(evidence: Evidence) -> Evidence:
        if evidence.id == "e1":
            message = "no such grid"
            raise GridUnavailableError(message)
        return evidence_of(power_flow(()), evidence.arguments, evidence.id)

    assert verify(record, half).status is VerificationStatus.DIFFERS


@pytest.mark.parametrize(
    ("factor", "status"), [(1 + 5e-7, VerificationStatus.SAME), (1 + 5e-6, VerificationStatus.DIFFERS)]
)
def test_verify__floats_may_differ_by_a_millionth(
    record: RunRecord, factor: float, status: VerificationStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LOADING, ("line:14",), 111.8312 * factor)
    assert verify(record, again).status is status


def test_verify__without_recomputation_says_so(record: RunRecord) -> None:
    outcome = verify(record, None)
    assert (outcome.status, outcome.integrity) == (VerificationStatus.CANNOT_BE_RECOMPUTED, Integrity.OK)
    assert outcome.reasons == ("recomputation was not asked for",)


def test_verify__lists_at_most_twenty_places(record: RunRecord) -> None:
    bare = record.model_copy(update={"seal": dict.fromkeys(record.seal, "0" * 16)})
    outcome = verify(bare, None)
    assert len(outcome.differences) == 20
    assert outcome.omitted > 0
