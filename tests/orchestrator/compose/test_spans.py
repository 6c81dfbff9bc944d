"""What is said of a span: also of a time whose outages are all beyond those that the screening lists."""

from agents.question import Resolved
from agents.statement import Statement
from orchestrator.compose.answers.security import security_line, security_overview
from orchestrator.compose.spans import insecure_times, security_over_time
from tests.orchestrator.compose.evidence import SIX, board, evidence, hour, pen
from tools.coverage import Coverage
from tools.element import ElementKind, ElementRef
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.span import InsecureInterval, InsecureTime, InsecurityKind, SpanCoverage
from tools.vocabulary import CauseVerdict, Confidence, Severity

LINE = ElementRef(kind=ElementKind.LINE, index=4)
COUNTS = (
    "outages", "connected", "secure_outages", "insecure_outages", "islanding_outages", "diverged_outages",
    "outages_with_load_lost", "outages_adding_overloads", "outages_adding_voltage_violations", "base_violations",
    "omitted",
)  # fmt: skip


def screened(listed: bool):
    """Two times with harm; the outage of the second is on the page only where asked for."""
    first, second = (InsecureTime(start=hour(begin), end=hour(begin + 1), outages=1) for begin in (1, 5))
    rows = [
        InsecureInterval(
            element=LINE, case="out line:4", kind=InsecurityKind.SUPPLY_LOST, start=time.start, end=time.end,
            before=False, unserved_p_mw=12.0, changed=(LINE,),
        )
        for time in ((first, second) if listed else (first,))
    ]  # fmt: skip
    result = ContingencyScreening(
        case="base", secure=False, loading_meaningful=True, reactive_limits_enforced=False,
        coverage=Coverage(checked=1, solved=1), bridges=(), rows=(), solver="test", intervals=tuple(rows),
        intervals_omitted=2 - len(rows), insecure_times=(first, second), secure_over_span=False,
        span=SpanCoverage(start=SIX, end=hour(8), step_min=15, states=33, unmeasured=0, unsolved=0),
        **dict.fromkeys(COUNTS, 0),
    )  # fmt: skip
    shown = board(evidence("e1", "screen_contingencies", result))
    return shown, next(shown.every(ContingencyScreening)), pen(shown)


def told(listed: bool) -> list[Statement]:
    _, found, say = screened(listed)
    return [say(sentence) for sentence in security_over_time(found)]


def test_security_over_time__tells_of_each_time_with_the_worst_outage_where_it_is_listed():
    assert all("Worst: outage of line:4 with " in said.text for said in told(listed=True)[1:])
    _, first, second = told(listed=False)
    assert "Worst: outage of line:4" in first.text
    assert "was not kept from 2026-03-10 11:00 UTC to 2026-03-10 12:00 UTC" in second.text
    assert "Worst" not in second.text


def test_insecure_times__a_time_without_a_listed_outage_is_a_finding_without_a_cause():
    shown, _, say = screened(listed=False)
    first, second = insecure_times(shown, say, Confidence.HIGH)
    assert (first.verdict, first.confidence, first.assets) == (CauseVerdict.LIKELY, Confidence.HIGH, (LINE,))
    assert (second.verdict, second.cause, second.assets) == (CauseVerdict.INCONCLUSIVE, None, ())
    assert (second.severity, second.confidence) == (Severity.WARNING, Confidence.MEDIUM)
    assert (second.start, second.end) == (hour(5), hour(6))


def test_security_line__of_a_span_says_the_whole_before_the_state_at_its_end():
    shown, _, say = screened(listed=True)
    [line] = [say(sentence).text for sentence in security_line(shown, Resolved())]
    assert line.index("not secure in all states looked at") < line.index("In the base case")


def test_security_overview__does_not_pass_over_times_with_harm():
    shown, _, say = screened(listed=True)
    said = [say(sentence).text for sentence in security_overview(shown, Resolved())]
    assert sum("criterion was not kept" in sentence for sentence in said) == 2
    assert said[-1].startswith("In the base case")
