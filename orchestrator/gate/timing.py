"""Times that a sentence names: accepted only when they are times of the run."""

import re
from datetime import UTC, datetime, tzinfo

from agents.statement import TokenKind
from orchestrator.gate.context import Context
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol

_DATE = r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]"
_CLOCK = r"[0-9][0-9]?:[0-9][0-9](?::[0-9][0-9])?"
_ZONE = r"(?: ?(?:UTC|GMT|Z|[A-Z]{3,4}))?"
_TIME = re.compile(rf"(?:{_DATE}(?:[T ]{_CLOCK})?|{_CLOCK}){_ZONE}(?!\w|[.:-]\d)")


def time_at(text: str, at: int, context: Context) -> Symbol | None:
    """The date or time that begins here, None when there is none.

    Raises:
        RefusedError: when it is no time of the run's evidence.
    """
    match = _TIME.match(text, at)
    if match is None:
        return None
    typed = re.sub(r"(?<=\d)T(?=\d)", " ", match[0])
    zones: tuple[tzinfo, ...] = (UTC, context.frame.zone)
    if not any(typed in _spellings(moment, zone) for moment in context.times for zone in zones):
        raise RefusedError(f"the time {match[0]!r} is not the time of any evidence of this run")
    return Symbol(Sign.TIME, at, match.end(), match[0], token=TokenKind.TIME)


def _spellings(moment: datetime, zone: tzinfo) -> set[str]:
    local = moment.astimezone(zone)
    name = local.tzname() or "UTC"
    bare = {f"{local:%H:%M}", f"{local:%H:%M:%S}"}
    dated = {f"{local:%Y-%m-%d} {clock}" for clock in bare}
    named = {f"{spelling} {name}" for spelling in bare | dated}
    if name == "UTC":
        named |= {f"{spelling}Z" for spelling in bare | dated} | {f"{spelling} GMT" for spelling in bare | dated}
    # A date alone needs no zone; a clock time without its zone would be ambiguous.
    return named | {f"{local:%Y-%m-%d}"}
