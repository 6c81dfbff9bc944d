"""Words for quantities: which fields of evidence a phrase may mean."""
# ruff: noqa: E501 - one phrase stands on one line; a pattern broken in two cannot be read

from collections.abc import Sequence

from orchestrator.gate.symbols import Sign, Symbol, fold, whole

_BRANCH = r"(?:(?:branch|line|thermal|transformer|relative) )?"
_ARE = r"(?:(?:that|which|are|is|were|was|would|be|prove|remain|stay|turn|out|to|have|has|been|leave) )*"

# Bare "38 insecure" counts outages only where no other noun follows.
_END = r"(?= [,.;:()]| and|$)"

# Order matters: a longer phrase comes before the words in it. Each: phrase, fields, role of the value.
_PHRASES: tuple[tuple[str, str, str], ...] = (
    (rf"(?:highest|heaviest|largest|worst|maximum|peak) {_BRANCH}(?:loading|load factor)", "loading", "top_loading"),
    (r"(?:most heavily|most|heaviest) loaded(?: (?:branch|line|transformer|element))?", "loading", "top_loading"),
    (r"(?:lowest|worst|minimum|smallest)(?: (?:bus|node))? voltage", "vm", "lowest_voltage"),
    (r"(?:highest|largest|maximum)(?: (?:bus|node))? voltage", "vm", "highest_voltage"),
    (r"(?:largest|biggest|greatest|worst) (?:loss of load|load loss|loss of supply|unserved load)", "unserved_p", "largest_loss"),
    (r"(?:upper|higher|maximum) (?:voltage )?limit(?: of)?", "limit_max", ""),
    (r"(?:lower|minimum) (?:voltage )?limit(?: of)?", "limit_min", ""),
    (r"(?:(?:voltage|loading|thermal) )?limit(?: of)?", "limit limit_p limit_q limit_min limit_max", ""),
    (rf"{_BRANCH}(?:rating|rated current)", "rating", ""),
    (r"(?:nominal|rated) voltage", "vn", ""),
    (r"(?:voltage|phase) angle|angle", "va", ""),
    (r"(?:load|demand|supply) (?:is |are |was |would be |being )?(?:lost|unserved|interrupted|cut off)", "unserved_p", ""),
    (r"(?:unserved|lost|interrupted|unsupplied|undelivered) (?:load|demand|supply|power)", "unserved_p", ""),
    (r"(?:(?:load|demand) )?(?:(?:goes|is|are|stays|remains|would be) )?without supply", "unserved_p", ""),
    (r"loss of load|unserved|unsupplied|not supplied|load loss", "unserved_p", ""),
    (r"lost generation|generation (?:is |would be )?lost|loss of generation", "lost_generation_p", ""),
    (r"load shed|shed load|load shedding", "shed_p", ""),
    (r"of (?:the )?(?:total )?generation", "loss generation_p", ""),
    (r"losses|loss|power losses|grid losses|dissipates", "loss_p loss", ""),
    (r"loading|loadings|loaded|utilisation|utilization|utilised|utilized|of its rating|of rating", "loading", ""),
    (r"voltage|voltages", "vm", ""),
    (r"current", "i", ""),
    (r"carries|carrying|carry|power flow|flow|flows|transports|active power flow", "p_from q_from i", ""),
    (r"active power", "p p_from load_p generation_p loss_p", ""),
    (r"reactive power", "q q_from load_q", ""),
    (r"generation|generates|generated|produces|output|production", "generation_p p q", ""),
    (r"delivers|supplies|gives|feeds|injects|provides", "p q", ""),
    (r"load|demand|consumption|draws|consumes|consumed", "load_p load_q p q", ""),
    (r"(?:the )?slack(?: bus| unit)?", "", "slack"),
    (r"length", "length", ""),
    (r"resistance", "r", ""),
    (r"reactance", "x", ""),
    (r"tap position", "tap_pos", ""),
)  # fmt: skip

# Counts: only beside a number ("10 insecure outages"), or the words would claim something.
_COUNTS: tuple[tuple[str, str], ...] = (
    (rf"insecure (?:single )?outages?|outages? {_ARE}insecure|{_ARE}insecure{_END}", "insecure_outages"),
    (r"outages? (?:that )?violates? (?:a )?limits?", "insecure_outages"),
    (rf"secure (?:single )?outages?|outages? {_ARE}secure|{_ARE}secure{_END}", "secure_outages"),
    (rf"islanding outages?|outages? {_ARE}islanding|{_ARE}islanding{_END}", "islanding_outages"),
    (r"outages? (?:that )?(?:splits?|islands?) (?:off )?(?:part of )?(?:the )?(?:grid|network|system)", "islanding_outages"),
    (r"diverged outages?|outages? (?:that )?(?:diverged?|did not converge|do not converge|diverges)|(?:have )?diverged(?= [,.;:()]| and|$)", "diverged_outages"),
    (r"outages? (?:that )?(?:would )?(?:adds?|adding|brings?|creates?|adds) (?:new |further )?overloads?", "outages_adding_overloads"),
    (r"outages? (?:that )?(?:would )?(?:adds?|adding|brings?|creates?) (?:new |further )?voltage violations?", "outages_adding_voltage_violations"),
    (r"outages? (?:that )?(?:would )?(?:loses?|losing|with|interrupts?|costs?) (?:some )?(?:load lost|lost load|load)", "outages_with_load_lost"),
    (rf"connected outages?|outages? {_ARE}connected|{_ARE}connected{_END}", "connected"),
    (r"outages? (?:are |get |is |become )?worse|worse outages?", "worse_outages"),
    (r"(?:(?:simulated|screened|studied|single) )?outages?(?: (?:were|was|have been|are) (?:simulated|screened|studied|examined|computed|tested))?|contingencies", "outages"),
    (r"new violations?|violations? (?:are |is |were )?new", "new_violation_count"),
    (r"cleared violations?|violations? (?:are |is |were |was )?cleared", "cleared_violation_count"),
    (r"base violations?", "base_violations"),
    (r"new overloads?|newly overloaded branches", "new_overloads"),
    (r"new voltage violations?", "new_voltage_violations"),
    (r"unit violations?|units? (?:is |are )?beyond (?:a|its|their) limits?", "unit_violations"),
    (r"standing violations?", "standing_violations"),
    (r"violations?|violated limits?|broken limits?", "violation_count"),
    (r"overloads?|overloaded branch(?:es)?|branch(?:es)? (?:is |are )?(?:overloaded|above (?:its|their) (?:limit|rating)s?)", "overloads"),
    (r"undervoltages?|bus(?:es)? (?:is |are )?below (?:its|their|the) (?:lower )?(?:voltage )?limits?", "undervoltages"),
    (r"overvoltages?|bus(?:es)? (?:is |are )?above (?:its|their|the) (?:upper )?(?:voltage )?limits?", "overvoltages"),
    (r"dead buses|dead bus|bus(?:es)? (?:are |is |go |stay |goes )?(?:dead|de-energised|de-energized|without supply)|de-energi[sz]ed bus(?:es)?", "dead_buses"),
    (r"islands?", "islands"),
    (r"iterations?", "iterations"),
    (r"avoidable losses", "avoidable_losses"),
)  # fmt: skip
# Roles that a superlative may mean, as parts of the evidence's paths.
ROLES = {
    "top_loading": frozenset({"highest_loading", "worst_loading"}),
    "lowest_voltage": frozenset({"lowest_voltage"}),
    "highest_voltage": frozenset({"highest_voltage"}),
    "largest_loss": frozenset({"largest_loss"}),
    "slack": frozenset({"slack"}),
}
_ONE_PATTERN = whole("|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _, _) in enumerate(_PHRASES)))
_COUNT_PATTERN = whole(
    r"(?<=N )(?:" + "|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_COUNTS)) + ")"
)


def fold_counts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise what a number right before it counts."""
    return fold(symbols, _COUNT_PATTERN, lambda match, run: _quantity(run, _COUNTS[_place(match.lastgroup)][1], ""))


def fold_quantities(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise the words for quantities."""

    def make(run: Sequence[Symbol], group: str | None) -> Symbol:
        _, fields, role = _PHRASES[_place(group)]
        return _quantity(run, fields, role)

    return fold(symbols, _ONE_PATTERN, lambda match, run: make(run, match.lastgroup))


def _place(group: str | None) -> int:
    return int((group or "g0")[1:])


def _quantity(run: Sequence[Symbol], fields: str, role: str) -> Symbol:
    return Symbol(
        Sign.QUANTITY,
        run[0].start,
        run[-1].end,
        " ".join(symbol.text for symbol in run),
        quantities=frozenset(fields.split()),
        roles=ROLES.get(role, frozenset()),
    )
