"""The user's own numbers: they stand as the user's only behind words that say so."""

import re

from agents.statement import TokenKind
from orchestrator.gate.context import Context
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.typed_number import UNIT

_USERS = re.compile(
    r"(?:your|(?:as )?you (?:asked|said|wrote|mentioned|named|gave|proposed|assumed))(?: (?:about|for|of|with|that))?"
    rf" (?P<said>[-−]?[0-9]{{1,12}}(?:\.[0-9]{{1,12}})?(?: ?(?:{UNIT}))?)(?!\w|[.,:/-][0-9])",
    re.IGNORECASE,
)


def user_number_at(text: str, at: int, context: Context) -> Symbol | None:
    """A number right behind "your" or "you asked about", None when none begins here.

    Raises:
        RefusedError: when the user did not write it.
    """
    match = _USERS.match(text, at)
    if match is None:
        return None
    verbatim = rf"(?<![\w.,-]){re.escape(match['said'])}(?!\w|[.,][0-9])"
    if not re.search(verbatim, context.frame.question):
        raise RefusedError(f"{match['said']!r} is called the user's, but the question does not have it")
    return Symbol(Sign.USER, at, match.end(), match[0], token=TokenKind.USER)
