"""What IEC 60870-5-104 allows: type identifications, causes of transmission, functions of the U format, times.

Source: IEC 60870-5-101:2003, 7.2.1 (types), 7.2.3 and 7.4 (causes); IEC 60870-5-104:2006, 5 (control field) and
9.6 (times).
"""

from __future__ import annotations

CONTROLLED_PORT = 2404
"""TCP port of the controlled station (7.1)."""

T1_S, T3_S = 15.0, 20.0
"""Default time-outs: of an unconfirmed APDU, and of an idle connection before a test frame (9.6)."""

IDLE_LIMIT_S = T1_S + T3_S
"""An idle connection shows a test frame after t3 and its confirmation within t1; silent for longer, it is lost."""

STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, TESTFR_ACT, TESTFR_CON = 1, 2, 4, 8, 16, 32
FUNCTIONS = frozenset({STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, TESTFR_ACT, TESTFR_CON})
"""Bits 3 to 8 of the first control octet; exactly one is set (figure 8)."""

MONITOR = frozenset({*range(1, 22), *range(30, 41), 70})
PROCESS = frozenset({*range(45, 52), *range(58, 65)})
SYSTEM = frozenset(range(100, 108))
PARAMETER = frozenset(range(110, 114))
FILE = frozenset(range(120, 128))
CONTROL = PROCESS | SYSTEM | PARAMETER
TYPES = MONITOR | CONTROL | FILE
"""Defined types; all others are reserved or private."""

INTERROGATION, COUNTER_INTERROGATION, READ, RESET_PROCESS = 100, 101, 102, 105
ASKING = frozenset({INTERROGATION, COUNTER_INTERROGATION, READ})
"""Types that ask for information, with which a station is searched."""

ACTIVATION, CONFIRMATION, DEACTIVATION, DEACTIVATION_CON, TERMINATION = 6, 7, 8, 9, 10
INTERROGATED, COUNTED = frozenset(range(20, 37)), frozenset(range(37, 42))
"""Causes of values that an interrogation, or an interrogation of counters, asked for."""
INITIALISING = frozenset({INTERROGATION, COUNTER_INTERROGATION, 103, 70})
"""Types of the initialisation of a station: interrogations, setting of its clock, and the end of it."""
UNKNOWN_OBJECT = 47
UNKNOWN = frozenset({44, 45, 46, UNKNOWN_OBJECT})
"""Type, cause, common address, object address unknown: the answer to who asks for what is not there."""

_MIRRORED = frozenset({6, 7, 8, 9, 10}) | UNKNOWN
_BY_TYPE: dict[int, frozenset[int]] = {
    **dict.fromkeys(MONITOR, frozenset({1, 2, 3, 5, 11, 12}) | INTERROGATED),
    **dict.fromkeys((15, 16, 37), frozenset({3, 37, 38, 39, 40, 41})),
    **dict.fromkeys((17, 18, 19, 38, 39, 40), frozenset({3})),
    20: frozenset({2, 3, 5, 11, 12}) | INTERROGATED,
    70: frozenset({4}),
    **dict.fromkeys(PROCESS, _MIRRORED),
    **dict.fromkeys(SYSTEM, _MIRRORED),
    READ: frozenset({5}) | UNKNOWN,
    **dict.fromkeys((103, 106), frozenset({3, 6, 7}) | UNKNOWN),
    **dict.fromkeys((104, 107), frozenset({6, 7}) | UNKNOWN),
    **dict.fromkeys(PARAMETER, frozenset({6, 7, 8, 9, 13}) | INTERROGATED | UNKNOWN),
    **dict.fromkeys(FILE, frozenset({5, 13}) | UNKNOWN),
}

# One transfer: call or select, file ready, call, section ready, call section, segments, last, acknowledge (7.4.11).
SELECT, FILE_READY, SECTION_READY, LAST, ACKNOWLEDGE, SEGMENT = 122, 120, 121, 123, 124, 125
_FOLLOWS: dict[int | None, frozenset[int]] = {
    None: frozenset({SELECT}),
    SELECT: frozenset({SELECT, FILE_READY, SECTION_READY, SEGMENT, LAST}),
    FILE_READY: frozenset({SELECT}),
    SECTION_READY: frozenset({SELECT}),
    SEGMENT: frozenset({SEGMENT, LAST}),
    LAST: frozenset({ACKNOWLEDGE, SECTION_READY, LAST}),
    ACKNOWLEDGE: frozenset({SELECT, SECTION_READY, LAST}),
}
_DIRECTORY = frozenset({126, 127})
CALLING = frozenset({SELECT, ACKNOWLEDGE, 127})
"""What a station sends that calls a file; the others come from the one that has it."""


def causes_of(type_id: int) -> frozenset[int]:
    """Causes of transmission that the standard allows with a type; empty for a type that it does not define."""
    return _BY_TYPE.get(type_id, frozenset())


def follows(before: int | None, type_id: int) -> bool:
    """Whether a message of a file transfer may come after another one, None at its begin.

    >>> follows(None, SELECT), follows(None, SEGMENT)
    (True, False)
    """
    return type_id in _DIRECTORY or type_id in _FOLLOWS.get(before, frozenset({SELECT}))
