"""Words for quantities: which fields of evidence a phrase may mean."""
# ruff: noqa: E501 - one phrase stands on one line; a pattern broken in two cannot be read

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from orchestrator.gate.symbols import Sign, Symbol, fold, whole
from orchestrator.gate.typed_number import TypedNumber

_BRANCH = r"(?:(?:branch|line|thermal|transformer|relative) )?"
_ARE = r"(?:(?:that|which|are|is|were|was|would|be|prove|remain|stay|turn|out|to|have|has|been|leave) )*"

# Bare "38 insecure" counts outages only where no other noun follows.
_END = r"(?= [,.;:()]| and|$)"
_VIOLATE = r"(?:violates?|violating|breaks?|breaking|breach(?:es)?|breaching|exceeds?|exceeding)"
_LIMITS = r"(?:(?:a|an|any|some|at|least|one|the|operating|operational|security) )*limits?"
_SPLIT = (
    r"(?:(?:splits?|islands?|separates?) (?:off )?(?:part of )?(?:the )?(?:grid|network|system)|"
    r"(?:causes?|causing|leads? to|results? in) (?:an )?(?:islanding|island|islands))"
)

# Order matters: a longer phrase comes before the words in it. Each: phrase, fields, role of the value.
_PHRASES: tuple[tuple[str, str, str], ...] = (
    (rf"(?:highest|heaviest|largest|worst|maximum|peak) {_BRANCH}(?:loading|load factor)|highest loaded {_BRANCH}", "loading", "top_loading"),
    (r"(?:most heavily|most|heaviest) loaded(?: (?:branch|line|transformer|element))?", "loading", "top_loading"),
    (r"(?:lowest|worst|minimum|smallest)(?: (?:bus|node))? voltage", "vm", "lowest_voltage"),
    (r"(?:highest|largest|maximum)(?: (?:bus|node))? voltage", "vm", "highest_voltage"),
    (r"(?:largest|biggest|greatest|worst) (?:loss of load|load loss|loss of supply|unserved load)", "unserved_p", "largest_loss"),
    (rf"{_BRANCH}(?:rating|rated current)(?: of)?", "rating", ""),
    (r"(?:nominal|rated) voltage", "vn", ""),
    (r"(?:voltage|phase) angle|angle", "va", ""),
    (r"(?:of )?(?:the )?(?:load|demand|supply) (?:is |are |was |would be |being |goes |remains )?(?:lost|unserved|interrupted|cut off|not supplied|unsupplied)", "unserved_p", ""),
    (r"(?:unserved|lost|interrupted|unsupplied|undelivered) (?:load|demand|supply|power)", "unserved_p", ""),
    (r"(?:(?:load|demand) )?(?:(?:goes|is|are|stays|remains|would be) )?without supply", "unserved_p", ""),
    (r"loss of load|unserved|unsupplied|not supplied|load loss", "unserved_p", ""),
    (r"lost generation|(?:of )?(?:the )?generation (?:(?:is|are|would|be) )*(?:lost|disconnected)|loss of generation", "lost_generation_p", ""),
    (r"load shed|shed load|load shedding", "shed_p", ""),
    (r"of (?:the )?(?:total )?generation", "loss generation_p +lost_generation_p", ""),
    (r"(?:interrupts?|interrupting)(?= N)", "unserved_p", ""),
    (r"(?:disconnects?|disconnecting|loses|lose|losing|cuts off|(?:left|leaves|leaving)(?= N (?:without supply|unsupplied)))(?= N)", "unserved_p lost_generation_p", ""),
    (r"losses|loss|power losses|grid losses|dissipates", "loss_p loss", ""),
    (r"loading|loadings|loaded|utilisation|utilization|utilised|utilized|of (?:(?:its|their|the) )*(?:thermal )?ratings?", "loading", ""),
    (r"(?:highest|maximum)(?= (?:is|was|being|at|one) (?:E|N|at|on))", "", "highest"),
    (r"(?:lowest|minimum)(?= (?:is|was|being|at|one) (?:E|N|at|on))", "", "lowest_voltage"),
    (r"largest(?= (?:is|was|being|at|one) (?:E|N|at|on))", "", "largest_loss"),
    (r"voltage|voltages", "vm", ""),
    (r"current", "i", ""),
    (r"carries|carrying|carry|power flow|flow|flows|transports|active power flow", "p_from q_from i", ""),
    (r"active power", "p p_from load_p generation_p loss_p", ""),
    (r"reactive power", "q q_from load_q", ""),
    (r"generation|generates|generated|produces|output|production", "generation_p p q +lost_generation_p", ""),
    (r"delivers|supplies|feeds|injects|provides|supplied|delivered|serves|serve", "p q load_p load_q", ""),
    (r"of (?:the )?(?:total )?(?:load|demand)", "load_p load_q +unserved_p +shed_p", ""),
    (r"(?:creates?|creating|adds?|adding|introduces?|introducing|brings?)(?= N)", "new_violation_count", ""),
    (r"(?:clears?|clearing|removes?)(?= N)", "cleared_violation_count", ""),
    (r"load|demand|consumption|draws|consumes|consumed", "load_p load_q p q +unserved_p +shed_p", ""),
    (r"(?:the )?(?:slack(?: (?:bus|unit|generator))?|external grid)", "", "slack"),
    (r"length", "length", ""),
    (r"resistance", "r", ""),
    (r"reactance", "x", ""),
    (r"tap position", "tap_pos", ""),
)  # fmt: skip

# Counts: only beside a number ("10 insecure outages"), or the words would claim something.
_COUNTS: tuple[tuple[str, str], ...] = (
    (rf"insecure (?:single )?outages?|outages? {_ARE}insecure|{_ARE}insecure{_END}", "insecure_outages"),
    (rf"outages? (?:(?:that|which|would) )*{_VIOLATE} {_LIMITS}|{_VIOLATE} {_LIMITS}{_END}", "insecure_outages"),
    (rf"secure (?:single )?outages?|outages? {_ARE}secure|{_ARE}secure{_END}", "secure_outages"),
    (rf"islanding outages?|outages? {_ARE}islanding|{_ARE}islanding{_END}", "islanding_outages"),
    (rf"(?:outages? )?(?:(?:that|which|would) )*{_SPLIT}", "islanding_outages"),
    (r"diverged outages?|outages? (?:that )?(?:diverged?|did not converge|do not converge|diverges)|(?:have )?diverged(?= [,.;:()]| and|$)", "diverged_outages"),
    (r"outages? (?:that )?(?:(?:would|which) )*(?:adds?|adding|brings?|creates?|causes?) (?:(?:new|further|additional) )?(?:(?:branch|thermal) )?overloads?", "outages_adding_overloads"),
    (r"outages? (?:that )?(?:(?:would|which) )*(?:adds?|adding|brings?|creates?|causes?) (?:(?:new|further|additional) )?voltage violations?", "outages_adding_voltage_violations"),
    (r"outages? (?:that )?(?:(?:would|which|do) )*(?:loses?|losing|lose|with|interrupts?|costs?|leads? to|results? in|causes?) (?:(?:some|a|the) )?(?:load lost|lost load|loss of load|load loss|load)|loses? load(?= [,.;]|$)", "outages_with_load_lost"),
    (rf"connected outages?|outages? {_ARE}connected|{_ARE}connected{_END}", "connected"),
    (r"outages? (?:(?:are|get|gets|is|become|becomes|would|be|made) )*worse|worse outages?", "worse_outages"),
    (r"(?:(?:simulated|screened|studied|single) )?outages?(?: (?:were|was|have been|are) (?:simulated|screened|studied|examined|computed|tested|checked))?|(?:single )?contingencies", "outages"),
    (r"new violations?|violations? (?:are |is |were )?new", "new_violation_count"),
    (r"new violations?(?= (?:appears?|arises?))", "new_violation_count"),
    (r"cleared violations?|violations? (?:are |is |were |was )?cleared", "cleared_violation_count"),
    (r"base violations?", "base_violations"),
    (r"new overloads?|newly overloaded branches", "new_overloads"),
    (r"new voltage violations?", "new_voltage_violations"),
    (r"(?:unit|generator) violations?|(?:units?|generators?) (?:(?:is|are) )?(?:beyond|exceed|exceeds|violate|violates|break|breaks|outside) (?:a|its|their)(?: (?:reactive|active))?(?: power)? limits?", "unit_violations"),
    (r"standing violations?", "standing_violations"),
    (r"voltage violations", "undervoltages overvoltages"),
    (r"violations?|violated limits?|broken limits?", "violation_count base_violations +new_violation_count +cleared_violation_count"),
    (r"overloads?|overloaded branch(?:es)?|branch(?:es)? (?:is |are )?(?:overloaded|above (?:its|their) (?:limit|rating)s?)", "overloads"),
    (r"undervoltages?|bus(?:es)? (?:is |are )?below (?:its|their|the) (?:lower )?(?:voltage )?limits?", "undervoltages"),
    (r"overvoltages?|bus(?:es)? (?:is |are )?above (?:its|their|the) (?:upper )?(?:voltage )?limits?", "overvoltages"),
    (r"dead buses|dead bus|bus(?:es)? (?:(?:are|is|go|stay|goes|left|becomes?|would|be) )*(?:dead|de-energised|de-energized|without supply|lose supply|loses supply|unsupplied)|de-energi[sz]ed bus(?:es)?", "dead_buses"),
    (r"islands?", "islands"),
    (r"iterations?", "iterations"),
    (r"avoidable losses", "avoidable_losses"),
    (r"(?:buses|nodes)(?: (?:were|have|been|are))* (?:checked|solved)", "checked @checked:buses"),
    (r"branches(?: (?:were|have|been|are))* checked", "checked @checked:branches"),
    (r"(?:units|generators)(?: (?:were|have|been|are))* checked", "checked @checked:units"),
    (r"(?:buses|nodes)(?=(?: ,| and)+ N (?:branches|units|generators)(?: [a-z]+)* checked)", "checked @checked:buses"),
    (r"(?:buses|nodes)", "count @table:bus"),
    (r"lines", "count @table:line"),
    (r"(?:transformers|trafos)", "count @table:trafo"),
    (r"loads", "count @table:load"),
    (r"generators", "count @table:gen"),
    (r"shunts", "count @table:shunt"),
)  # fmt: skip
# Roles that a superlative may mean, as parts of the evidence's paths.
ROLES = {
    "top_loading": frozenset({"highest_loading", "worst_loading"}),
    "lowest_voltage": frozenset({"lowest_voltage"}),
    "highest_voltage": frozenset({"highest_voltage"}),
    "largest_loss": frozenset({"largest_loss"}),
    "slack": frozenset({"slack"}),
    "highest": frozenset({"highest_voltage", "highest_loading"}),
}
_ONE_PATTERN = whole("|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _, _) in enumerate(_PHRASES)))
_COUNT_PATTERN = whole(
    r"(?<=N )(?:" + "|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_COUNTS)) + ")"
)

_ALL_COUNTS = "|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_COUNTS))
_ALL = whole(r"all (?:of )?(?:the )?N(?! %)")
_OUT_OF = whole(r"out of(?= (?:(?:the|all|a|total|of) )*N)")
_NUMBER_OF = whole(rf"(?:the )?(?:total )?number of (?:the )?(?:{_ALL_COUNTS})")
_COUNTED = "|".join(phrase for phrase, _ in _COUNTS)
_NO = whole(
    rf"no(?! (?:limit )?violations?(?!\\S))(?= (?:{_COUNTED})(?!\S))|no(?= (?:load|demand|supply) (?:(?:is|are|was|would|be|remains) )*(?:unserved|lost|interrupted))|no(?= generation (?:(?:is|would|be) )*lost)|no(?= load(?= [,.;]|$))"
)


def fold_counts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise what a number right before it counts."""
    counted = fold(_nothings(symbols), _COUNT_PATTERN, _count)
    return fold(counted, _NUMBER_OF, _count)


def _count(match: re.Match[str], run: Sequence[Symbol]) -> Symbol:
    return _quantity(run, _COUNTS[_place(match.lastgroup)][1], "")


def fold_all(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The "all" of "all 41 outages" belongs to the number."""
    shared = fold(symbols, _OUT_OF, lambda _, run: replace(run[-1], text="of"))
    return fold(shared, _ALL, lambda _, run: replace(run[-1], every=True))


def _nothings(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The "no" of "no load is unserved" as the number that it is."""
    zero = TypedNumber(Decimal(0), 0, None, spelled=True, nothing=True)
    return fold(symbols, _NO, lambda _, run: replace(run[0], sign=Sign.NUMBER, number=zero))


def fold_quantities(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise the words for quantities."""

    def make(run: Sequence[Symbol], group: str | None) -> Symbol:
        _, fields, role = _PHRASES[_place(group)]
        return _quantity(run, fields, role)

    return fold(symbols, _ONE_PATTERN, lambda match, run: make(run, match.lastgroup))


def _place(group: str | None) -> int:
    return int((group or "g0")[1:])


def _quantity(run: Sequence[Symbol], fields: str, role: str) -> Symbol:
    named = fields.split()
    return Symbol(
        Sign.QUANTITY,
        run[0].start,
        run[-1].end,
        " ".join(symbol.text for symbol in run),
        quantities=frozenset(field for field in named if field[0] not in "+@"),
        refinements=frozenset(field[1:] for field in named if field[0] == "+"),
        roles=ROLES.get(role, frozenset(field[1:] for field in named if field[0] == "@")),
    )
