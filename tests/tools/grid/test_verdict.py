"""Every combination of what the verdict can see, against rule 4 written out a second time."""

import re
from dataclasses import replace
from itertools import product

import pytest

from tools.grid.verdict import ActionFacts, SecurityFacts, StateFacts, judge
from tools.vocabulary import ActionVerdict

SOUND = StateFacts(solved=True)
SECURE = SecurityFacts(secure=True)
FINE = ActionFacts(before=SOUND, after=SOUND, security_before=SECURE, security_after=SECURE)
BAD_BEFORE = StateFacts(solved=True, violations=2, depth=5.0)


def all_facts():
    states = [
        StateFacts(solved=False),
        *(
            StateFacts(True, load, generation, violations, units, violations + units)
            for load, generation, violations, units in product((0.0, 3.0), (0.0, 3.0), (0, 1), (0, 1))
        ),
    ]
    securities = [None, SECURE, SecurityFacts(None), SecurityFacts(False, 1), SecurityFacts(False, 0, 1)]
    securities.append(SecurityFacts(False, avoidable=1))
    for before, after, old, new, counts in product(states, states, securities, securities, product((0, 1), repeat=3)):
        fresh, deeper, worse = counts
        yield ActionFacts(before, after, fresh, deeper, old, new, worse)


def test_judge__verified_exactly_when_rule_4_holds():
    verified = 0
    for facts in all_facts():
        after, security = facts.after, facts.security_after
        proven = (
            after.solved
            and after.lost_load_mw == after.lost_generation_mw == 0
            and after.violations == after.unit_violations == 0
            and not (facts.before.solved and (facts.new_violations or facts.deeper_violations))
            and security is not None
            and security.secure is True
            and facts.worse_outages == 0
        )
        verdict, _ = judge(facts)
        assert (verdict is ActionVerdict.VERIFIED) == proven, facts
        verified += proven
    assert verified > 0


def test_judge__best_available_never_makes_anything_worse():
    seen = 0
    for facts in all_facts():
        if judge(facts)[0] is ActionVerdict.BEST_AVAILABLE:
            seen += 1
            assert facts.after.solved
            assert facts.worse_outages == 0
            assert facts.after.lost_load_mw <= facts.before.lost_load_mw
            assert facts.after.lost_generation_mw <= facts.before.lost_generation_mw
            assert not (facts.before.solved and facts.new_violations + facts.deeper_violations)
    assert seen > 0


def test_judge__reasons_are_there_and_free_of_numbers():
    for facts in all_facts():
        verdict, reasons = judge(facts)
        assert reasons, facts
        assert verdict is not ActionVerdict.PROCEDURAL
        assert not any(re.search(r"\d", reason) for reason in reasons)


def test_judge__without_screening_nothing_is_verified():
    verdict, reasons = judge(replace(FINE, before=BAD_BEFORE, security_before=None, security_after=None))
    assert verdict is ActionVerdict.BEST_AVAILABLE
    assert "outages were not screened" in reasons


def test_judge__uncovered_security_is_not_proof():
    verdict, _ = judge(replace(FINE, before=BAD_BEFORE, security_after=SecurityFacts(secure=None)))
    assert verdict is ActionVerdict.BEST_AVAILABLE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"after": StateFacts(solved=False)}, "the state after the action does not solve"),
        ({"after": StateFacts(solved=True, lost_load_mw=1.0)}, "the action leaves load without supply"),
        ({"after": StateFacts(solved=True, lost_generation_mw=1.0)}, "the action cuts off generation"),
        ({"new_violations": 1}, "the action violates a limit that was kept before"),
        ({"deeper_violations": 1}, "the action deepens a violation"),
        ({"worse_outages": 1}, "an outage becomes worse than without the action"),
    ],
)
def test_judge__harm_is_rejected_with_its_reason(change, reason):
    verdict, reasons = judge(replace(FINE, **change))
    assert verdict is ActionVerdict.REJECTED
    assert reason in reasons
