"""Identifiers of runs, reports and conversations: short, unique, in the order of their time."""

from collections.abc import Callable
from datetime import datetime
from secrets import randbits

# Crockford's alphabet: no I, L, O or U, so that an identifier can be read over the telephone.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_DIGITS = 9  # 45 bits of milliseconds since 1970: until the year 3084
_RANDOM_DIGITS = 7  # 35 bits: a clash needs some 10^5 identifiers in one millisecond


def new_id(prefix: str, now: datetime, random_bits: Callable[[int], int] = randbits) -> str:
    """A new identifier: prefix, nine digits of time, seven of chance.

    Args:
        prefix: Kind of thing: ``r`` run, ``rep`` report, ``c`` conversation.
        now: Its time, timezone-aware; a later millisecond sorts later.
        random_bits: Source of chance, replaceable so that a replay can be compared.

    >>> from datetime import UTC
    >>> new_id("r", datetime(2026, 1, 2, tzinfo=UTC), lambda bits: 5)
    'r-1kdy021000000005'
    """
    milliseconds = int(now.timestamp() * 1000)
    return f"{prefix}-{_encode(milliseconds, _TIME_DIGITS)}{_encode(random_bits(5 * _RANDOM_DIGITS), _RANDOM_DIGITS)}"


def _encode(number: int, digits: int) -> str:
    return "".join(_ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(digits)))
