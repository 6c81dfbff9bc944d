"""Messages of IEC 60870-5-104 against the standard and against the profile."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.protocol import rules104 as rules
from tools.security.protocol.addresses104 import Addresses
from tools.security.protocol.making import Maker
from tools.security.protocol.replies104 import Replies
from tools.security.schema.protocol import ProtocolIssueKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.profile import Profile
    from tools.security.protocol.talk import Talk
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import Iec104Message

_MOST_CONNECTIONS = 10_000
# A station is initialised by its master at once: interrogated, counters read, clock set (IEC 60870-5-101, 7.4.2).
_INITIALISING = timedelta(seconds=60)


@dataclass
class _Connection:
    replies: Replies
    stopped: bool = False
    started_at: datetime | None = None
    file_before: int | None = None

    def is_initialisation(self, at: datetime, type_id: int, cause: int | None) -> bool:
        """Whether a message belongs to what follows each start of the data transfer, rare as it may be."""
        if self.started_at is None or at - self.started_at > _INITIALISING:
            return False
        return type_id in rules.INITIALISING or cause in rules.INTERROGATED | rules.COUNTED


class Watch104:
    """Looks at one message after the other; what it holds is bounded."""

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._connections: OrderedDict[tuple[str, str, int | None], _Connection] = OrderedDict()
        self._addresses = Addresses(profile)
        self.file_transfers = 0

    def see(self, entry: LogEntry, message: Iec104Message, talk: Talk, known: bool) -> Iterator[Alert]:
        """What is wrong with a message.

        Args:
            entry: Its record.
            message: Of the record.
            talk: The same, seen as a part of a conversation.
            known: Whether the profile has the connection, so that it can be compared.
        """
        make, connection = Maker(entry, talk), self._connection(entry, talk)
        if message.frame == "u":
            yield from self._function(make, message, talk, connection, known)
        elif message.frame == "i":
            if connection.stopped:
                yield make.alert(Kind.AGAINST_THE_STANDARD, "data after the data transfer was stopped, before a start")
                connection.stopped = False
            if message.type_id is None:
                yield make.alert(Kind.AGAINST_THE_STANDARD, "an information frame without a type identification")
                return
            yield from self._against_standard(make, message, message.type_id, talk)
            yield from connection.replies.see(make, message, message.type_id)
            yield from self._file(make, message.type_id, talk, connection, known)
            yield from self._compared(make, message, message.type_id, connection, known)

    def _compared(
        self, make: Maker, message: Iec104Message, type_id: int, connection: _Connection, known: bool
    ) -> Iterator[Alert]:
        if not known and self._strange(make.talk) and make.talk.forward and type_id in rules.CONTROL:
            detail = f"type {type_id}, a command on a connection that normal traffic does not have"
            yield make.alert(Kind.UNKNOWN_COMMAND, detail)
        if known and not connection.is_initialisation(make.at, type_id, message.cause):
            yield from self._unknown(make, type_id, make.talk)
            yield from self._addresses.see(make, message, type_id)

    def _function(
        self, make: Maker, message: Iec104Message, talk: Talk, connection: _Connection, known: bool
    ) -> Iterator[Alert]:
        if message.function not in rules.FUNCTIONS:
            yield make.alert(Kind.AGAINST_THE_STANDARD, f"U format with the function {message.function}; there is none")
            return
        if message.function == rules.STOPDT_ACT and not (known and self._usual(talk)):
            yield make.alert(
                Kind.INTERRUPTION, "stop of the data transfer (STOPDT), which normal traffic does not have"
            )
        if message.function == rules.STARTDT_ACT and not talk.forward:
            yield make.alert(
                Kind.AGAINST_THE_STANDARD, "start of the data transfer (STARTDT) by the controlled station"
            )
        if message.function == rules.STOPDT_CON:
            connection.stopped = True
        elif message.function in {rules.STARTDT_ACT, rules.STARTDT_CON}:
            connection.stopped, connection.started_at = False, make.at

    def _against_standard(self, make: Maker, message: Iec104Message, type_id: int, talk: Talk) -> Iterator[Alert]:
        if type_id not in rules.TYPES:
            yield make.alert(Kind.AGAINST_THE_STANDARD, f"type {type_id}, which the standard does not define")
        elif message.cause is not None and message.cause not in rules.causes_of(type_id):
            yield make.alert(
                Kind.AGAINST_THE_STANDARD, f"type {type_id} with the cause {message.cause}, which it cannot have"
            )
        usual = self._usual(talk)
        if type_id in rules.MONITOR and talk.forward and not usual:
            yield make.alert(Kind.AGAINST_THE_STANDARD, f"type {type_id} reports, and comes from the controlling side")
        orders = message.cause in {rules.ACTIVATION, rules.DEACTIVATION}
        if type_id in rules.CONTROL and orders and not talk.forward and not usual:
            yield make.alert(
                Kind.AGAINST_THE_STANDARD, f"type {type_id} commands, and comes from the controlled station"
            )

    def _file(self, make: Maker, type_id: int, talk: Talk, connection: _Connection, known: bool) -> Iterator[Alert]:
        """A master may call a file of its station at any time, in the order of the standard; all else is told."""
        if type_id not in rules.FILE:
            return
        ordered = rules.follows(connection.file_before, type_id)
        connection.file_before = type_id
        self.file_transfers += type_id == rules.FILE_READY and ordered
        if not known or self._usual(talk):
            return
        called = ordered and talk.forward == (type_id in rules.CALLING) and not self._has_files(talk)
        if not called:
            detail = f"type {type_id} of a file transfer that normal traffic does not have in this direction or order"
            yield make.alert(Kind.UNKNOWN_FILE_TRANSFER, detail)

    def _has_files(self, talk: Talk) -> bool:
        """Whether normal traffic has files on a connection, so that it shows in which direction they go."""
        kinds = ((*talk.connection, f"{way} i {type_id}") for way in "<>" for type_id in rules.FILE)
        return self._profile is not None and any(kind in self._profile.kinds for kind in kinds)

    def _unknown(self, make: Maker, type_id: int, talk: Talk) -> Iterator[Alert]:
        if self._usual(talk) or type_id not in rules.TYPES - rules.FILE:
            return
        if type_id in rules.CONTROL and talk.forward:
            yield make.alert(Kind.UNKNOWN_COMMAND, f"type {type_id}, a command that normal traffic does not have")
        elif type_id in rules.MONITOR and not talk.forward and self._settled(talk):
            yield make.alert(Kind.UNKNOWN_MESSAGE_TYPE, f"type {type_id}, which normal traffic does not have")

    def _settled(self, talk: Talk) -> bool:
        return self._profile is not None and talk.server in self._profile.settled

    def _strange(self, talk: Talk) -> bool:
        return self._profile is not None and self._profile.knows(talk.protocol)

    def _usual(self, talk: Talk) -> bool:
        return self._profile is not None and talk.direction in self._profile.kinds

    def _connection(self, entry: LogEntry, talk: Talk) -> _Connection:
        key = talk.client, talk.server, talk.port
        found = self._connections.setdefault(key, _Connection(Replies(entry.at)))
        self._connections.move_to_end(key)
        if len(self._connections) > _MOST_CONNECTIONS:
            self._connections.popitem(last=False)
        return found
