"""Follow-ups: what they take over, what they change, and what drops it."""

import pytest

from agents.question import Intent, Question, Turn
from orchestrator.resolve import resolve


def _out(resolved):
    return [str(ref) for ref in resolved.hypothesis.outages]


def _focus(resolved):
    return [str(ref) for ref in resolved.elements]


def test_conversation__outages_accumulate_until_reset(converse):
    first, second, third, last = converse(
        "case30", ["what if line 14 trips", "and line 15 too", "and with line 16 instead", "back to normal"]
    )
    assert [_out(first), _out(second), _out(third)] == [
        ["line:14"],
        ["line:14", "line:15"],
        ["line:14", "line:16"],
    ]
    assert _out(last) == []
    assert last.reset


def test_conversation__a_fragment_asks_the_same_of_another_element(converse):
    _, other = converse("case30", ["voltage at bus 30", "and bus:4?"])
    assert other.intents == (Intent.STATE,)
    assert other.quantities == ("vm",)
    assert _focus(other) == ["bus:4"]


def test_conversation__an_outage_is_laid_over_the_question_before(converse):
    _, under = converse("case30", ["voltage at bus 30", "and with line 14 out as well?"])
    assert set(under.intents) == {Intent.WHAT_IF, Intent.STATE}
    assert (_focus(under), _out(under)) == (["bus:29"], ["line:14"])


@pytest.mark.parametrize(
    ("question", "intent"),
    [("why?", Intent.WHY), ("how do I relieve it", Intent.ADVICE), ("what's its rating", Intent.DESCRIBE)],
)
def test_conversation__pronouns_mean_the_element_before(converse, question, intent):
    _, about = converse("case30", ["is line 9 overloaded", question])
    assert about.intents == (intent,)
    assert _focus(about) == ["line:9"]


def test_conversation__it_can_trip(converse):
    _, trip = converse("case30", ["loading of line 9", "what if it trips"])
    assert _out(trip) == ["line:9"]


def test_conversation__same_for_takes_the_place(converse):
    *_, same = converse("case30", ["loading of line 9", "what if it trips", "same for line 3"])
    assert _out(same) == ["line:3"]


def test_conversation__actions_come_into_force(converse):
    first, second = converse("case39", ["what if I raise gen 3 by 20 MW", "and lower gen 4 by 20 MW as well?"])
    assert [action.element for action in first.proposed] == ["gen:3"]
    assert [action.element for action in second.hypothesis.actions] == ["gen:3"]
    assert [action.element for action in second.proposed] == ["gen:4"]


def test_conversation__a_refusal_keeps_what_is_in_force(converse):
    _, refused, asked = converse("case30", ["what if line 14 trips", "write a poem", "total losses?"])
    assert refused.status == "refused"
    assert _out(asked) == ["line:14"]


def test_conversation__another_grid_forgets(inventory, embedder, converse):
    [first] = converse("case30", ["what if line 14 trips"])
    turn = Turn(conversation="c", ordinal=0, question="-", grid="case30", resolved=first, run="r")
    asked = resolve(Question(text="total losses?", grid="case39"), inventory("case39"), [turn], embedder)
    assert _out(asked) == []


@pytest.mark.parametrize(("again", "delta"), [("make it 10 instead", -10.0), ("and 8 MW?", -8.0)])
def test_conversation__another_amount_takes_the_place(converse, again, delta):
    _, other = converse("case30", ["what if I lower gen 2 by 5 MW", again])
    assert [(action.element, action.delta_p_mw) for action in other.proposed] == [("gen:2", delta)]
    assert other.hypothesis.actions == ()


def test_conversation__an_open_line_is_closed_and_a_lost_one_comes_back(converse):
    tie, lost, back = converse(
        "case33bw",
        ["what if line 32 is put into service", "reset. what if line 5 trips", "and with line 5 back in service"],
    )
    assert [(action.element, action.closed) for action in tie.proposed] == [("line:32", True)]
    assert (_out(lost), _out(back), back.proposed) == (["line:5"], [], ())


def test_conversation__assumed_data_and_the_kind_of_fault_stay_in_force(converse):
    _, other, losses, again = converse(
        "case39",
        ["two-phase fault at bus:4 with gen.xdss_pu=0.2", "and at bus:7?", "total losses?", "fault level at bus:7"],
    )
    assert [str(ref) for ref in other.elements] == ["bus:7"]
    assert other.fault.kind == "two_phase"
    assert [item.field.value for item in other.fault.assumptions] == ["gen.xdss_pu"]
    assert losses.fault is None
    assert again.fault.assumptions == ()


def test_conversation__stated_data_go_on_with_the_buses_that_lacked_them(converse):
    _, stated = converse("case39", ["short circuit at bus:4", "take gen.xdss_pu=0.2 and ext_grid.rx_max=0.1"])
    assert [str(ref) for ref in stated.elements] == ["bus:4"]
    assert len(stated.fault.assumptions) == 2


def test_conversation__a_reset_may_come_with_a_question(converse):
    _, asked = converse("case30", ["what if line 14 trips", "start over. losses?"])
    assert (asked.intents, _out(asked)) == ((Intent.TOTALS,), [])


def test_conversation__a_bare_number_is_of_the_kind_that_was_spoken_of(converse):
    _, closed = converse("case33bw", ["What if line 10 is out?", "and with 34 closed?"])
    assert (_out(closed), [(action.element, action.closed) for action in closed.proposed]) == (
        ["line:10"],
        [("line:34", True)],
    )


def test_conversation__a_screening_keeps_the_outages_in_force(converse):
    _, worst = converse(
        "case24_ieee_rts",
        ["line 22 and line 15 are out for maintenance. still ok?", "what would be the worst trip now"],
    )
    assert (worst.intents, _out(worst)) == ((Intent.SECURITY,), ["line:22", "line:15"])


@pytest.mark.parametrize(
    ("first", "then", "out"),
    [
        ("consequences of losing line 12?", "and line 13 instead?", ["line:13"]),
        ("what if line 27 trips", "ok and additionally line 22?", ["line:27", "line:22"]),
    ],
)
def test_conversation__instead_replaces_and_additionally_adds(converse, first, then, out):
    assert _out(converse("case39", [first, then])[-1]) == out


def test_conversation__another_amount_keeps_the_outage(converse):
    _, other = converse("case24_ieee_rts", ["Increase gen 2 by 15 MW with line 10 out", "what about 20 instead"])
    assert _out(other) == ["line:10"]
    assert [(action.element, action.delta_p_mw) for action in other.proposed] == [("gen:2", 20.0)]


def test_conversation__the_first_one_has_to_be_named(converse):
    _, refused = converse("case30", ["lines 9 and 10 loading", "what if the first one trips"])
    assert (refused.status, refused.intents) == ("refused", ())
