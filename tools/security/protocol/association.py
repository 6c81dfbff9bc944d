"""MMS associations as they are seen: opened, starting, steady; which requests are open.

A client that opens an association looks around first: it asks for names, attributes and values and subscribes to
reports. That is its start-up. It ends when the client has asked for nothing new for five minutes, after an hour at
the latest. The same requests later, or without an opening, are no start-up.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.protocol.rules_mms import INITIATE_REQUEST

if TYPE_CHECKING:
    from tools.security.protocol.talk import Talk
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import MmsMessage

STARTING_QUIET, STARTING_LONGEST = timedelta(minutes=5), timedelta(hours=1)
_MOST_KEYS, _MOST_OPEN, _MOST_ASSOCIATIONS = 4096, 1024, 10_000
RequestKey = tuple[int | None, int | None, str, str, int | None]


@dataclass
class Association:
    """What is known of one association.

    Attributes:
        first_at: When it was seen first.
        opened: Whether its initiate request was seen.
        starting: Whether its client still looks around.
        open: Services of the requests that have no answer yet, by invoke identifier.
        concluding: A conclude request that nothing followed yet.
        initiating: Whether an initiate request has no answer yet.
    """

    first_at: datetime
    opened: bool = False
    starting: bool = False
    open: OrderedDict[int, int | None] = field(default_factory=OrderedDict)
    concluding: LogEntry | None = None
    initiating: bool = False
    _last_new: datetime | None = None
    _keys: set[RequestKey] = field(default_factory=set)

    def request(self, message: MmsMessage, at: datetime) -> None:
        """A request of the client."""
        if message.invoke_id is not None:
            self.open[message.invoke_id] = message.service
            if len(self.open) > _MOST_OPEN:
                self.open.popitem(last=False)
        if not self.starting:
            return
        since = self._last_new or self.first_at
        self.starting = at - since <= STARTING_QUIET and at - self.first_at <= STARTING_LONGEST
        key = request_key(message)
        if self.starting and key not in self._keys:
            self._last_new = at
            self._keys.add(key)
            self.starting = len(self._keys) < _MOST_KEYS
        if not self.starting:
            self._keys.clear()


class Associations:
    """All associations, the latest ten thousand of them."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, int | None], Association] = OrderedDict()

    def of(self, talk: Talk, message: MmsMessage, at: datetime) -> Association:
        """The association of a message; an initiate request begins a new one."""
        key = talk.client, talk.server, talk.port
        found = self._known.get(key)
        if found is None or message.pdu == INITIATE_REQUEST:
            opened = message.pdu == INITIATE_REQUEST
            found = Association(at, opened=opened, starting=opened, initiating=opened)
            self._known[key] = found
            if len(self._known) > _MOST_ASSOCIATIONS:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return found


def request_key(message: MmsMessage) -> RequestKey:
    """What makes two requests ask the same; the length stands for the names that a log leaves out."""
    return message.service, message.object_class, message.domain, message.item, message.length
