"""What MMS and IEC 61850-8-1 allow: kinds of PDU, services, and which values a client may write.

Source: ISO 9506-2 (MMSpdu, ConfirmedServiceRequest); IEC 61850-7-2:2010, table of functional constraints; IEC
61850-8-1, 8.
"""

SERVER_PORT = 102
"""ISO transport over TCP (RFC 1006)."""

REQUEST, RESPONSE, ERROR, UNCONFIRMED, REJECT = 0, 1, 2, 3, 4
CANCEL_REQUEST, CANCEL_RESPONSE, CANCEL_ERROR = 5, 6, 7
INITIATE_REQUEST, INITIATE_RESPONSE, INITIATE_ERROR = 8, 9, 10
CONCLUDE_REQUEST, CONCLUDE_RESPONSE, CONCLUDE_ERROR = 11, 12, 13
PDUS = frozenset(range(14))

CANCELS = frozenset({CANCEL_REQUEST, CANCEL_RESPONSE, CANCEL_ERROR})
BREAKS = CANCELS | {REJECT, INITIATE_ERROR, CONCLUDE_ERROR}
"""PDUs that stop something, or refuse it; a conclude request is judged by what follows it."""

WRITE = 5
BROWSING = frozenset({0, 1, 2, 3, 4, 6, 9, 10, 12, 15, 19, 65, 66, 72, 73, 74, 77})
"""Services that only read: status, name lists, identify, read, attributes, named lists, journals and files."""
OPENING = frozenset({7, 11, 13})
"""Named variables and lists defined and deleted: what a client does to subscribe to reports."""

READ_ONLY = frozenset({"ST", "MX", "EX", "SR"})
"""Functional constraints whose values no client may write: status, measurands, extensions, service responses."""
SUBSCRIBING = frozenset({"RP", "BR", "LG", "GO", "MS", "US"})
"""Control blocks of reports, logs, GOOSE and sampled values: written by a client that opens its association."""


def constraint_of(item: str) -> str:
    """The functional constraint inside the name of an MMS variable; empty where it names none.

    >>> constraint_of("LLN0$RP$A_URCB01$RptEna")
    'RP'
    """
    parts = item.split("$")
    return parts[1] if len(parts) > 1 else ""
