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
_END = r"(?= [,.;:()]| is| are| and| but| while| out of| of| in | after| before| with| C|$)"
_VIOLATE = r"(?:violates?|violating|breaks?|breaking|breach(?:es)?|breaching|exceeds?|exceeding)"
_LIMITS = r"(?:(?:a|an|any|some|at|least|one|the|operating|operational|security) )*limits?"
_SPLIT = (
    r"(?:(?:splits?|splitting|islands?|separates?|breaks?|tears?) (?:off )?(?:part of )?(?:the )?(?:grid|network|system)|"
    r"(?:causes?|causing|leads? to|leading to|results? in|resulting in|produces?) (?:an )?(?:islanding|island|islands))"
)

# An outage as a noun; "ones" stands for it.
_O = r"(?:outages?|ones)(?: of them)?"
_ADD = r"(?:adds?|adding|brings?|bringing|creates?|creating|causes?|causing|leads? to|leading to|results? in|with|produces?|producing|introduces?)"
_WERE = r"(?:(?:were|was|have|has|had|been|are|is|be|could|fully|that) )*"
_CHECKED_TOO = r"(?:(?: ,| and)+ N (?:all )?(?:branches|units|generators|buses|nodes))+ (?:(?:were|was|have|has|been|are|is) )*checked"

# Order matters: a longer phrase comes before the words in it. Each: phrase, fields, role of the value.
_PHRASES: tuple[tuple[str, str, str], ...] = (
    (r"(?:load|loads|loading)(?= (?:the )?E (?:up )?(?:to|at) N)", "loading", ""),
    (r"(?:carries|carrying|has|with|shows|is) the (?:most|highest)(?= (?:at|with|,|:) )", "loading", "top_loading"),
    (r"absorbs?|absorbing", "p q", "absorbed"),
    (r"(?:(?:the|generator|generators'|unit) )*reactive(?: power)? limits(?! (?:in|of|by)(?: \S+)? N)", "reactive_limits_enforced", ""),
    (r"(?:is |are )?rated(?: (?:at|for|with))?(?= N)", "rating", ""),
    (r"(?:its |the )?(?:tap|tap changer|tap position) (?:(?:is|at|in|on|of|stands|the) )*(?:position|step)?(?= N)", "tap_pos", ""),
    (r"(?:(?:load|demand) )?(?:(?:is|are|was|were|be|being) )*not (?:served|supplied|fed|met|delivered)", "unserved_p", ""),
    (r"(?:generation|infeed) (?:(?:is|are|was|were|be|being|gets|goes) )*(?:lost|disconnected|tripped|cut off)|of (?:the )?generation (?:(?:is|are|was|were|be|being|gets|goes) )*(?:lost|disconnected)", "lost_generation_p", ""),
    (r"loses? (?:its |their |any )?supply|without power", "unserved_p", ""),
    (rf"(?:highest|heaviest|largest|worst|maximum|peak) {_BRANCH}(?:loading|load factor)|highest loaded {_BRANCH}", "loading", "top_loading"),
    (r"(?:most heavily|most highly|most|heaviest|highest)(?: |-)loaded(?: (?:branch|line|transformer|element|ones))?|busiest (?:branch|line|element|ones)", "loading", "top_loading"),
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
    (r"(?:disconnects?|disconnecting|loses|lose|losing|(?:left|leaves|leaving)(?= N (?:without supply|unsupplied)))(?= N)", "unserved_p lost_generation_p dead_buses", ""),
    (r"losses|loss|power losses|grid losses|dissipates", "loss_p loss", ""),
    (r"loading|loadings|loaded|utilisation|utilization|utilised|utilized|of (?:(?:its|their|the) )*(?:thermal )?ratings?", "loading", ""),
    (r"(?:highest|maximum)(?= (?:(?:is|was|being|at|ones|with) )*(?:E|N|at|on))", "", "highest"),
    (r"(?:lowest|minimum)(?= (?:(?:is|was|being|at|ones|with) )*(?:E|N|at|on))", "", "lowest_voltage"),
    (r"(?:largest|biggest|greatest)(?= (?:(?:is|was|being|at|ones|with) )*(?:E|N|at|on))", "", "largest_loss"),
    (r"voltage|voltages", "vm", ""),
    (r"current", "i", ""),
    (r"carries|carrying|carry|power flow|flow|flows|transports|active power flow", "p_from q_from i", ""),
    (r"active power", "p p_from load_p generation_p loss_p", ""),
    (r"reactive power", "q q_from load_q", ""),
    (r"generation|generates|generated|produces|output|production|produce|generate|producing|generating|infeed", "generation_p p q +lost_generation_p", ""),
    (r"delivers|supplies|feeds|injects|provides|supplied|delivered|serves|serve|deliver|provide|inject|feed|(?:supply|needs|need|puts out|exports?)(?= N)|delivering|supplying|providing|injecting|feeding|exporting", "p q load_p load_q", ""),
    (r"of (?:the )?(?:total )?(?:load|demand)", "load_p load_q +unserved_p +shed_p", ""),
    (r"(?:creates?|creating|adds?|adding|introduces?|introducing|brings?)(?= N)", "new_violation_count new_overloads new_voltage_violations", ""),
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
    (rf"insecure {_O}|{_O} {_ARE}insecure|{_ARE}insecure{_END}", "insecure_outages"),
    (rf"{_O} (?:(?:that|which|would) )*{_VIOLATE} {_LIMITS}|{_VIOLATE} {_LIMITS}{_END}|{_O} {_ARE}in violation|(?:{_O} )?(?:(?:that|which) )*{_ADD} (?:(?:a|an|at least|ones|some|any|further) )*(?:limit )?violations?{_END}", "insecure_outages"),
    (rf"secure {_O}|{_O} {_ARE}secure|{_ARE}secure{_END}", "secure_outages"),
    (rf"islanding {_O}|{_O} {_ARE}islanding|{_ARE}islanding{_END}", "islanding_outages"),
    (rf"(?:{_O} )?(?:(?:that|which|would) )*{_SPLIT}", "islanding_outages"),
    (rf"diverged {_O}|{_O} {_ARE}diverged|{_ARE}diverged{_END}|(?:{_O} )?{_ARE}(?:not solved|unsolved|no solution|without (?:a )?solution)|(?:{_O} )?not solve", "diverged_outages"),
    (rf"(?:{_O} )?(?:(?:that|which) )*{_ADD} (?:(?:a|an|new|further|additional|some) )*(?:(?:branch|thermal) )?overload(?:s|ing|ings)?", "outages_adding_overloads"),
    (rf"(?:{_O} )?(?:(?:that|which) )*{_ADD} (?:(?:a|new|further|additional|some) )*(?:voltage (?:limit )?violations?|voltage problems)", "outages_adding_voltage_violations"),
    (rf"(?:{_O} )?(?:(?:that|which|do|would) )*(?:loses?|losing|with|interrupts?|costs?|leads? to|results? in|causes?|involves?|means?) (?:(?:some|a|the) )*(?:load lost|lost load|loss of load|load loss|load|loss of supply){_END}|{_O} {_ARE}with (?:a )?(?:loss of load|load loss|lost load)", "outages_with_load_lost"),
    (rf"connected {_O}|{_O} {_ARE}connected|{_ARE}connected{_END}", "connected"),
    (rf"{_O} (?:(?:are|get|gets|is|become|becomes|be|made|grow|turn) )*worse|worse {_O}|(?:(?:are|get|gets|is|become|becomes|be|made) )+worse{_END}", "worse_outages"),
    (rf"{_O}(?: (?:were|was|have been|has been|are|is) (?:simulated|screened|studied|examined|computed|tested|checked|analysed|analyzed|considered|covered|run))?|simulated{_END}|screened{_END}|studied{_END}|examined{_END}", "outages"),
    (r"new (?:limit )?violations?|(?:limit )?violations? (?:are |is |were )?new", "new_violation_count"),
    (r"cleared (?:limit )?violations?|violations? (?:are |is |were |was )?cleared", "cleared_violation_count"),
    (r"base violations?", "base_violations"),
    (r"new overloads?|newly overloaded branches", "new_overloads"),
    (r"new voltage violations?", "new_voltage_violations"),
    (r"(?:unit|generator)(?: limit)? violations?|(?:units?|generators?)(?: are| is)? (?:beyond|above|outside|over|exceeds?|violates?|violating|exceeding|breaks?) (?:(?:a|an|its|their|the|one|of) )*(?:(?:reactive|active|power|own|operating) )*limits?", "unit_violations"),
    (r"standing violations?", "standing_violations"),
    (rf"voltage (?:limit )?violations|(?:(?:bus )?voltages?|bus(?:es)?|nodes?) {_ARE}(?:outside|beyond|violates?|violating|breaks?|exceeds?) (?:(?:its|their|the|any|a) )*(?:voltage )?(?:limits?|band|range)", "undervoltages overvoltages +new_voltage_violations"),
    (r"(?:limit )?violations?|violated limits?|broken limits?|limits? (?:are |is |were |being )?(?:violated|broken|exceeded)", "violation_count base_violations +new_violation_count +cleared_violation_count"),
    (r"(?:branch |line |thermal )?overloads?|overloaded (?:branch(?:es)?|lines?|elements?)|(?:branch(?:es)?|lines?) {_ARE}(?:overloaded|(?:above|beyond|over|exceeds?|exceeding|violates?|violating) (?:(?:its|their|the) )*(?:thermal )?(?:limit|rating)s?)".replace("{_ARE}", _ARE), "overloads +new_overloads"),
    (rf"undervoltages?|undervolted bus(?:es)?|bus(?:es)? {_ARE}(?:undervolted|below (?:(?:its|their|the) )*(?:(?:lower|minimum|voltage) )*(?:limits?|minimum))|low-voltage violations?", "undervoltages"),
    (rf"overvoltages?|overvolted bus(?:es)?|bus(?:es)? {_ARE}(?:overvolted|(?:above|beyond|exceeds?) (?:(?:its|their|the) )*(?:(?:upper|maximum|voltage) )*(?:limits?|maximum))|high-voltage violations?", "overvoltages"),
    (rf"dead (?:buses|bus)|bus(?:es)? {_ARE}(?:dead|de-energised|de-energized|without supply|without power|unsupplied|losing supply|lost supply)|bus(?:es)? (?:that )?(?:lose|loses|lost|losing) (?:(?:their|its) )?(?:supply|power)|de-energi[sz]ed bus(?:es)?|unsupplied bus(?:es)?|{_ARE}dead{_END}", "dead_buses"),
    (r"islands?", "islands"),
    (r"iterations?", "iterations"),
    (r"avoidable losses", "avoidable_losses"),
    (r"(?<=covers N )branches", "checked @checked:coverage @checked:branches"),
    (r"(?<=checked-at N )(?:buses|nodes)", "checked @checked:buses"),
    (r"(?<=checked-at N )branches", "checked @checked:branches"),
    (r"(?<=checked-at N )(?:units|generators)", "checked @checked:units"),
    (rf"(?:buses|nodes|bus) {_WERE}(?:checked|solved)|(?:buses|nodes)(?={_CHECKED_TOO})", "checked @checked:buses"),
    (rf"(?:branches|branch) {_WERE}checked|branches(?={_CHECKED_TOO})", "checked @checked:branches"),
    (rf"(?:units|generators|generating units|unit) {_WERE}checked|(?:units|generators|generating units)(?={_CHECKED_TOO})", "checked @checked:units"),
    (rf"(?:buses|bus|nodes) {_WERE}(?:left-out|omitted|not checked|unchecked)", "count @left:buses"),
    (rf"(?:branches|branch|loadings|branch loadings) {_WERE}(?:left-out|omitted|not checked|unchecked)", "count @left:branches @left:loadings"),
    (r"transformers? (?:(?:that|which|are|is|have|has|suspected|suspect|likely|to|their|its|the|a|with|of|having) )*(?:taps?|tap changers?|tap positions?)(?: (?:is|are|modelled|placed|at|on|to|be))*(?: the)? (?:wrong|other|opposite) sides?|suspect tap sides?|transformers? with (?:a )?suspect tap sides?", "count @defect:suspect_tap_side"),
    (rf"(?:(?:branch|line|of|the) )*ratings? {_WERE}(?:(?:missing|or|and|only|mere|either|absent|unknown) )*placeholders?|placeholder ratings?|branches (?:with|have|having) (?:(?:a|missing|or|only) )*placeholder ratings?", "count @defect:placeholder_rating"),
    (r"(?<=lacking-tap-range N )transformers", "count @defect:missing_tap_range"),
    (r"(?:lines|branches) {_ARE}(?:out of service|switched off)".replace("{_ARE}", _ARE), "out_of_service @table:line"),
    (r"transformers? (?:with|have|having|lack|lacks|lacking|miss|without) (?:(?:a|no|any|missing|their) )*tap ranges?", "count @defect:missing_tap_range"),
    (r"(?:buses|nodes|bus)", "count @table:bus"),
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
    "absorbed": frozenset(),
    "slack": frozenset({"slack"}),
    "highest": frozenset({"highest_voltage", "highest_loading"}),
}
_ONE_PATTERN = whole("|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _, _) in enumerate(_PHRASES)))
_COUNT_PATTERN = whole(
    r"(?<=N )(?:" + "|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_COUNTS)) + ")"
)

_ALL_COUNTS = "|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_COUNTS))
_ALL = whole(r"(?:all|every|each|any(?= of))(?: ones)?(?: of)?(?: (?:the|these|those))? N(?! %)")
_OUT_OF = whole(r"out of(?= (?:(?:the|all|a|total|of) )*N)")
_NUMBER_OF = whole(rf"(?:the )?(?:total )?number of (?:the )?(?:{_ALL_COUNTS})")
_COUNTED = "|".join(phrase for phrase, _ in _COUNTS)
_NOBODY = r"(?= (?:(?:is|are|loses?|would|be|goes|gets|left|remains?) )*(?:without (?:supply|power)|supply|power|dead|lost|cut off|unserved|interrupted|not supplied)(?!\S))"
_LOST = r"(?:(?:is|are|was|would|be|being|remains?|goes|gets|stays) )*(?:unserved|lost|interrupted|not served|not supplied|unsupplied|without supply|cut off)"
_NO = whole(
    rf"no(?! (?:limit )?violations?(?!\S))(?= (?:{_COUNTED})(?!\S))|no(?= (?:load|demand|supply|generation) {_LOST})"
    rf"|no(?= (?:load|generation)(?= [,.;:()]|$))|no(?= (?:unserved|lost|interrupted) (?:load|demand|supply))|no(?= (?:loss of load|load loss|loss of supply)(?!\S))"
    rf"|(?:nobody|no ones?|nothing|no (?:customers?|consumers?|users?)){_NOBODY}|(?:not a single|not ones?|no single|not any|not an?)(?= (?:{_COUNTED})(?!\S))"
)


def fold_counts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise what a number right before it counts."""
    one = TypedNumber(Decimal(1), 0, None, spelled=True)
    lone = fold(symbols, _ONLY, lambda _, run: replace(run[0], sign=Sign.NUMBER, end=run[-1].end, number=one))
    counted = _left_out(fold(_nothings(_of_them(lone)), _COUNT_PATTERN, _count))
    return fold(counted, _NUMBER_OF, _count)


# "Not checked: the loading of 32 branches": only then does the count say how many were left out.
_UNCHECKED = whole(
    r"(?:no (?:(?:branch|line) )?loadings? (?:(?:was|were|is|are|be|could|been|has) )*(?:checked|assessed)|not (?:be |been |fully )*(?:checked|assessed|evaluated|analysed|analyzed|judged|verified)|left-out|unchecked)"
)
_LEFT = whole(r"(?<=N )branches")


def _left_out(symbols: Sequence[Symbol]) -> list[Symbol]:
    if not _UNCHECKED.search(" ".join(symbol.code for symbol in symbols)):
        return list(symbols)
    return fold(symbols, _LEFT, lambda _, run: _quantity(run, "count @left:branches", ""))


def _count(match: re.Match[str], run: Sequence[Symbol]) -> Symbol:
    return _quantity(run, _COUNTS[_place(match.lastgroup)][1], "")


_EVERY = whole(rf"(?:every|each|all)(?: ones)?(?: of)?(?: (?:the|them|these|those))?(?= (?:{_COUNTED})(?!\S))")


def fold_all(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The "all" of "all 41 outages" belongs to the number; "every outage" is one without digits."""
    shared = fold(symbols, _OUT_OF, lambda _, run: replace(run[-1], text="of"))
    counted = fold(shared, _ALL, lambda _, run: replace(run[-1], every=True))
    return fold(counted, _EVERY, lambda _, run: replace(run[0], sign=Sign.NUMBER, every=True))


# "3 of them diverged", "none of the outages is secure": what is counted stands right behind.
_OF_THEM = whole(
    rf"(?<=N )of (?:them|these|those|which|whom)|(?<=N )of (?:all )?(?:the|these|those)(?= (?:{_ALL_COUNTS}))".replace(
        "?P<g", "?P<h"
    )
)


_ONLY = whole(r"(?:the )?(?:only|sole|single)(?= outage (?:that|which|causing|with|losing|adding|leading|to)(?!\S))")


def _of_them(symbols: Sequence[Symbol]) -> list[Symbol]:
    folded = fold(symbols, _OF_THEM, lambda _, run: replace(run[0], sign=Sign.WORD, text=""))
    return [symbol for symbol in folded if symbol.text or symbol.sign is not Sign.WORD]


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
