"""Words that claim a status: which field of evidence must say precisely that."""
# ruff: noqa: E501 - one phrase stands on one line; a pattern broken in two cannot be read

from collections.abc import Sequence

from orchestrator.gate.symbols import Sign, Symbol, fold, whole

_SEEN = r"(?: (?:is|are|was|were|has been|have been))?(?: (?:found|seen|present|detected|left))?"

_OVER = r"(?:exceeds?|exceeding|above|beyond|over|violates?|violating|breaks?|breaking|outside)"
_ASSESSED = r"(?:checked|assessed|evaluated|analysed|analyzed|verified|judged|computed|rated)"

# Phrase, what it claims ("field=value", any one of them), in order of precedence.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"not (?:I )?secure|insecure|I insecure", "secure=no outcome=insecure"),
    (r"(?:I )?secure", "secure=yes outcome=secure"),
    (rf"no (?:limit )?violations?{_SEEN}|without (?:any )?(?:limit )?violations?|no (?:limits?) (?:is|are) (?:broken|violated)", "status=no_violation"),
    (r"violations? (?:is|are|was|were|has been|have been) (?:found|seen|present|detected)|limits? (?:is|are) (?:broken|violated)", "status=violation"),
    (r"(?<!N )supply (?:is|was|has been) lost", "status=supply_lost"),
    (r"(?:only )?partly checked", "status=partly_checked"),
    (rf"no (?:branch |line )?loadings? (?:(?:is|are|was|were|could|be|has|have|been) )*{_ASSESSED}|(?:no|none of the) (?:branch )?loadings? (?:is|are|was) (?:known|available|judged)", "loading_meaningful=no"),
    (rf"(?:not|cannot|can not)(?: be| been)? {_ASSESSED}|unchecked", "loading_meaningful=no voltage_meaningful=no"),
    (r"(?:violates|breaks) (?:(?:some|operating|operational) )?limits", "status=violation"),
    (r"did not converge|does not converge|would not converge|diverges|diverged|did not solve|not solved", "outcome=diverged solved=no status=not_solved"),
    (r"converges|converged|solved|solves", "solved=yes"),
    (r"islanding|splits (?:off )?(?:part of )?(?:the )?(?:grid|network|system)|islands part of the grid", "outcome=islanding"),
    (r"verified", "verdict=verified"),
    (r"best available", "verdict=best_available"),
    (r"rejected", "verdict=rejected"),
    (r"procedural", "verdict=procedural"),
    (r"(?:within|inside) (?:(?:its|their|the|both|own) )*(?:(?:thermal|voltage|operating|loading) )?(?:limits?|ratings?|range)", "derived=within"),
    (r"(?:is|as) (?:an? )?(critical|warning|emergency)", "severity=self"),
    (rf"overload(?:s|ing)(?= E)|overloaded|overload|{_OVER} (?:its|the) (?:(?:thermal )?rating|(?:thermal|loading) limit)", "kind=overload derived=overload"),
    (r"undervoltage|undervolted|(?:below|violates|breaks) (?:its|the) (?:lower |minimum )?(?:voltage )?limit", "kind=undervoltage derived=undervoltage"),
    (rf"overvoltage|overvolted|{_OVER} (?:its|the) (?:upper |maximum )?voltage limit", "kind=overvoltage derived=overvoltage"),
    (rf"{_OVER} (?:its|the|their) active(?: power)? limits?", "kind=active_power"),
    (rf"{_OVER} (?:its|the|their) reactive(?: power)? limits?", "kind=reactive_power"),
    (rf"{_OVER} (?:its|the) (?:upper )?(?:limits?|maximum)", "kind=overload derived=overload kind=overvoltage derived=overvoltage kind=active_power kind=reactive_power"),
    (r"suspect tap sides?|tap side is suspect", "kind=suspect_tap_side"),
    (r"placeholder ratings?|(?:(?:the|all|its|their) )*(?:branch |line )?ratings? (?:(?:are|is|missing|or|only|mere|merely|just|being) )+(?:a )?placeholders?(?! of)", "kind=placeholder_rating reason=loading_why reason=short_why"),
    (r"not in service|out of service", "in_service=no"),
    (r"in service", "in_service=yes"),
    (r"not connected|(?<!generation is )(?<!generation are )disconnected", "connected=no"),
    (r"connected", "connected=yes"),
    (r"(?<=is )closed", "closed=yes"),
    (r"(?<=is )open", "closed=no"),
    (r"(?:should )?not (?:be )?(?:trusted|relied (?:up)?on|taken at face value)|not meaningful|meaningless|means? (?:little|nothing)(?: here)?|(?:is|are) not (?:reliable|trustworthy)|says? (?:little|nothing)", "loading_meaningful=no voltage_meaningful=no"),
    (r"meaningful", "loading_meaningful=yes voltage_meaningful=yes"),
    (r"(?:(?:is|only|merely|just) )*a placeholder(?= [,.;]|$)", "rating_is_placeholder=yes"),
    (r"(?:(?:the|generator|unit|generators') )*(?:reactive(?: power)?) limits? (?:is|are|was|were) not enforced", "reactive_limits_enforced=no"),
    (r"(?:(?:the|generator|unit|generators') )*(?:reactive(?: power)?) limits? (?:is|are|was|were) enforced", "reactive_limits_enforced=yes"),
    (r"not enforced", "reactive_limits_enforced=no"),
    (r"enforced", "reactive_limits_enforced=yes"),
    (r"not solvable", "solvable=no"),
    (r"solvable", "solvable=yes"),
)  # fmt: skip
_PATTERN = whole("|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_PHRASES)))
_TRUTH: dict[str, bool | str] = {
    "yes": True,
    "no": False,
    # What the tools give as the reason for leaving loadings out.
    "loading_why": "the rating is missing or a placeholder, so the loading means nothing",
    "short_why": "the rating is missing or a placeholder",
}


def fold_statuses(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise every claim of a status that evidence could carry."""

    def make(run: Sequence[Symbol], group: str | None) -> Symbol:
        claims = [claim.split("=") for claim in _PHRASES[int((group or "g0")[1:])][1].split()]
        return Symbol(
            Sign.STATUS,
            run[0].start,
            run[-1].end,
            " ".join(symbol.text for symbol in run),
            claims=tuple(
                ("severity", run[-1].text) if value == "self" else (field, _TRUTH.get(value, value))
                for field, value in claims
            ),
        )

    return fold(symbols, _PATTERN, lambda match, run: make(run, match.lastgroup))
