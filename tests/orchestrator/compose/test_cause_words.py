"""What is said of causes, from real calls on days whose culprit is known, and of one whose culprit is hidden."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agents.question import ReportKind, Resolved
from agents.report import SectionState
from orchestrator.belonging import section_of
from orchestrator.compose.answers.causes import answer_causes
from orchestrator.compose.incident import incident_sections
from orchestrator.compose.leading import lead
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.observed import observed
from orchestrator.record_schema import RecordExcerpt, RecordKind, RecordRow
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.causal.worlds import without
from tests.tools.detection.faults import biased
from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day, switched
from tools.causal.causes import attribute_root_cause
from tools.causal.schema.causes import AttributeRootCauseArguments, CauseKind, Event, EventSource
from tools.element import ElementKind, ElementRef
from tools.subject import SubjectKind, SubjectRef
from tools.vocabulary import CauseVerdict, Confidence


def shown_of(ctx, **arguments):
    return board(
        evidence("e1", "attribute_root_cause", attribute_root_cause(ctx, AttributeRootCauseArguments(**arguments)))
    )


def said(shown) -> str:
    return " ".join(pen(shown)(sentence).text for sentence in answer_causes(shown, Resolved()))


@pytest.fixture(scope="module")
def false_reading():
    truth = solved_day()
    return shown_of(context(truth, biased(truth, measured(truth, 4), "line3.p_from", slice(500, 650), 10)))


@pytest.fixture(scope="module")
def hidden_line():
    truth = switched(solved_day(), solved_day(without_line=5), slice(600, 720))
    kept = without(truth, "line5.")
    value = measured(truth, 9)[kept]
    seen = replace(truth, sensors=tuple(truth.sensors[row] for row in kept), value=truth.value[kept])
    return shown_of(context(seen, value))


def test_answer__names_culprit_verdict_counterfactual_and_refutation(false_reading):
    text = said(false_reading)
    assert text.startswith(
        "Cause: line:3 (sensor:line3.p_from), the reading is manipulated or wrongly scaled from 2026"
    )
    assert "; confirmed, ranked by a causal model with " in text
    assert "without it sensor:line3.p_from would have shown " in text
    assert "; attempts to refute it, withstood: its course shuffled in time, other moments of the same time and" in text
    assert "not withstood" not in text
    assert "makes none of them a cause" in text
    assert "inspect" not in text


def test_answer__of_a_hidden_culprit_says_inconclusive_and_what_to_inspect(hidden_line):
    text = said(hidden_line)
    assert "line:5, the branch opened" in text
    assert "; inconclusive, " in text
    assert "confirmed" not in text
    assert "To decide on line:5, inspect line:5, position of its breakers" in text


def test_answer__of_a_target_that_nothing_concerns_is_inconclusive_and_says_so():
    truth = solved_day()
    shown = shown_of(context(truth, measured(truth, 12)), target="line:3")
    text = said(shown)
    assert text.startswith("Nothing was found that departed from ")
    assert ": inconclusive" in text
    gaps = [item.text for item in list_not_checked(shown, pen(shown))]
    assert any("cause of line:3" in gap for gap in gaps)


def test_answer__says_how_many_it_does_not_show(false_reading):
    result = false_reading.evidence[0].result | {"omitted": 3}
    more = board(false_reading.evidence[0].model_copy(update={"result": result}))
    assert "Further culprits that are not listed: 3." in said(more)


def test_findings__carry_the_verdict_and_a_confidence_that_follows_it(false_reading, hidden_line):
    [sure] = observed(false_reading, pen(false_reading))
    assert (sure.kind, sure.verdict, sure.confidence) == (CauseKind.FALSE_DATA, CauseVerdict.CONFIRMED, Confidence.HIGH)
    open_ones = list(observed(hidden_line, pen(hidden_line)))
    assert {one.verdict for one in open_ones} == {CauseVerdict.INCONCLUSIVE}
    assert {one.confidence for one in open_ones} == {Confidence.LOW}


def test_section_of__every_kind_of_cause_has_its_section():
    found = {kind: section_of(kind) for kind in CauseKind}
    assert "not_analysed" not in found.values()
    assert (found[CauseKind.COOLING_LOST], found[CauseKind.BRANCH_OPENED]) == ("maintenance", "outages")


def test_answer__of_repeated_commands_says_the_action_once_with_how_often(false_reading):
    """Three openings and a refused closing, beside what the readings show."""
    [held] = false_reading.evidence
    at = held.result["sequence"][0]["at"]
    opened = Event(
        at=at,
        source=EventSource.COMMAND_LOG,
        element=ElementRef(kind=ElementKind.LINE, index=3, name=""),
        what="eng@lap-1 open line:3",
        action="open",
        success=True,
        entries=3,
        last_at=at,
    )
    closed = opened.model_copy(update={"action": "close", "success": False, "entries": 1, "last_at": None})
    sequence = [*held.result["sequence"], *(one.model_dump(mode="json") for one in (opened, closed))]
    text = said(board(held.model_copy(update={"result": held.result | {"sequence": sequence}})))
    order = text[text.index("In order of time") :]
    assert order.count("logged as open") == 1
    assert "line:3 (command log, logged as open, entries 3, the last at 2026" in order
    assert order.rstrip(".").endswith("line:3 (command log, logged as close, without success)")


@pytest.mark.parametrize(("sensor", "mine"), [("line3.p_from", True), ("bus8.vm", False)])
def test_incident__names_its_own_causes_first_and_others_as_no_part_of_it(false_reading, sensor, mine):
    subject = SubjectRef(kind=SubjectKind.SENSOR, name=sensor)
    row = RecordRow(id="f1", kind="stuck_sensor", title="t", subject=subject, start=START, lasts=False)
    record = RecordExcerpt(kind=RecordKind.INCIDENT, identifier="i1", grid="demo", rows=(row,))
    shown = board(*false_reading.evidence, evidence("e2", "read_record", record))
    cause = next(item for item in incident_sections(shown, Resolved(), pen(shown), ()) if item.key == "cause")
    text = [statement.text for statement in cause.statements]
    if mine:
        assert cause.state is SectionState.FINDINGS
        assert text[0].startswith("Cause: line:3 (sensor:line3.p_from), ")
        assert not any("no part of this incident" in sentence for sentence in text)
    else:
        assert cause.state is SectionState.NOT_CHECKED
        assert text == [
            "not checked: no tool names a cause for what was found",
            "Found in the same time, and no part of this incident: line:3 (sensor:line3.p_from): "
            "the reading is manipulated or wrongly scaled.",
        ]


def test_lead__of_an_incident_begins_with_its_own_cause(false_reading):
    record = RecordExcerpt(kind=RecordKind.INCIDENT, identifier="i1", grid="demo", as_of=START)
    shown = board(*false_reading.evidence, evidence("e2", "read_record", record))
    told = [pen(shown)(sentence).text for sentence in lead(ReportKind.INCIDENT, shown, Resolved(), pen(shown))]
    assert told[0].startswith("Incident i1: ")
    assert told[1].startswith("Cause: line:3 (sensor:line3.p_from), ")


@pytest.mark.parametrize(
    ("looked_to", "told"),
    [(END, ", lasting; "), (END - timedelta(hours=6), " until the end of the time looked at; ")],
)
def test_answer__what_has_no_end_lasts_only_where_the_time_reaches_to_now(hidden_line, looked_to, told):
    [held] = hidden_line.evidence
    causes = [{**held.result["causes"][0], "end": None}]
    result = held.result | {"causes": causes, "end": looked_to.isoformat()}
    words = said(board(held.model_copy(update={"result": result, "as_of": END})))
    assert told in words[: words.index(", ranked ")]


def test_answer__what_is_confirmed_needs_no_deciding(false_reading):
    [held] = false_reading.evidence
    check = {"element": None, "subject": {"kind": "sensor", "name": "line3.p_from"}, "what": "fans and pumps"}
    causes = [{**held.result["causes"][0], "inspect": [check]}]
    text = said(board(held.model_copy(update={"result": held.result | {"causes": causes}})))
    assert "Inspect: sensor:line3.p_from, fans and pumps." in text
    assert "To decide" not in text


def test_answer__events_beyond_those_told_are_counted(false_reading):
    [held] = false_reading.evidence
    line = {"at": END.isoformat(), "source": "alarm_log", "what": "x", "action": "return"}
    result = held.result | {"sequence": [line] * 12, "sequence_omitted": 5}
    text = said(board(held.model_copy(update={"result": result})))
    assert "by a line that names neither element nor machine (alarm log, logged as return)" in text
    assert "Further events, in full in the evidence: " in text
    assert "beyond these: 5" in text
