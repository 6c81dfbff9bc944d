"""Who speaks to whom in a message, in which role, and which kind of message it is."""

from __future__ import annotations

from dataclasses import dataclass

from tools.security.protocol.rules104 import CONTROLLED_PORT
from tools.security.protocol.rules_mms import REQUEST, SERVER_PORT
from tools.telemetry.schema.message import GooseMessage, Iec104Message, MmsMessage, ProtocolMessage, ProtocolName

_SERVER_PORTS = {ProtocolName.IEC104: CONTROLLED_PORT, ProtocolName.MMS: SERVER_PORT}


@dataclass(frozen=True)
class Talk:
    """One message, seen as a part of a conversation.

    Attributes:
        client: Controlling station, MMS client; the publisher of a GOOSE message.
        server: Controlled station, MMS server; empty for GOOSE, which is sent to everybody.
        port: Of the client; None where the log has none.
        forward: Whether the client sent it.
        kind: Format and type in short: ``i 36``, ``u 16``, ``0/5``, ``goose``.
    """

    protocol: ProtocolName
    client: str
    server: str
    port: int | None
    forward: bool
    kind: str

    @property
    def source(self) -> str:
        """Who sent it."""
        return self.client if self.forward else self.server

    @property
    def destination(self) -> str:
        """To whom; empty for GOOSE."""
        return self.server if self.forward else self.client

    @property
    def connection(self) -> tuple[str, str, str]:
        """What is the same in both directions, over all ports."""
        return self.protocol, self.client, self.server

    @property
    def direction(self) -> tuple[str, str, str, str]:
        """What is counted apart: the connection, who speaks, and the kind."""
        return (*self.connection, f"{'>' if self.forward else '<'} {self.kind}")


def talk_of(message: ProtocolMessage) -> Talk:
    """A message as a part of a conversation.

    The side with the protocol's own port is the server. Without ports, or with the port on both sides, the one that
    asks is the client: who sends an MMS request, else the source.
    """
    if isinstance(message, GooseMessage):
        return Talk(ProtocolName.GOOSE, message.source, "", None, True, "goose")
    forward = _is_forward(message)
    client, server = (message.source, message.destination) if forward else (message.destination, message.source)
    port = message.source_port if forward else message.destination_port
    return Talk(message.protocol, client, server, port, forward, kind_of(message))


def kind_of(message: Iec104Message | MmsMessage) -> str:
    """Format and type in short.

    >>> kind_of(Iec104Message(source="a", destination="b", frame="i", type_id=36))
    'i 36'
    """
    if isinstance(message, MmsMessage):
        return str(message.pdu) if message.service is None else f"{message.pdu}/{message.service}"
    detail = {"i": message.type_id, "u": message.function}.get(message.frame)
    return message.frame if detail is None else f"{message.frame} {detail}"


def _is_forward(message: Iec104Message | MmsMessage) -> bool:
    port = _SERVER_PORTS[message.protocol]
    to_server, from_server = message.destination_port == port, message.source_port == port
    if to_server != from_server:
        return to_server
    return not isinstance(message, MmsMessage) or message.pdu % 2 == REQUEST
