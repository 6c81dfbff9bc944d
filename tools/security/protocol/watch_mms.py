"""Messages of MMS against the standard and against the profile."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

from tools.security.protocol import rules_mms as rules
from tools.security.protocol.association import Association, Associations, request_key
from tools.security.protocol.making import Maker
from tools.security.protocol.pace import Distinct
from tools.security.quoting import quoted_name
from tools.security.schema.protocol import ProtocolIssueKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.profile import Profile
    from tools.security.protocol.talk import Talk
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import MmsMessage

# Different requests within a minute that no steady client makes: a person with a browser needs longer, a scanner less.
SEARCHED, _SEARCHING = 5, timedelta(seconds=60)
# A request before the capture began may be answered in its first minute.
_SETTLED = timedelta(seconds=60)
_MOST_CLIENTS = 10_000


class WatchMms:
    """Looks at one message after the other; what it holds is bounded."""

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._associations = Associations()
        self._searching: OrderedDict[tuple[str, str], Distinct] = OrderedDict()

    def see(self, entry: LogEntry, message: MmsMessage, talk: Talk, known: bool) -> Iterator[Alert]:
        """What is wrong with a message; see ``Watch104.see``."""
        make = Maker(entry, talk)
        association = self._associations.of(talk, message, entry.at)
        if message.pdu not in rules.PDUS:
            yield make.alert(Kind.AGAINST_THE_STANDARD, f"a PDU of the kind {message.pdu}; MMS has none such")
            return
        yield from self._concluded(make, message, association)
        if message.pdu in rules.BREAKS:
            yield from self._broken(make, message, association, known)
        elif message.pdu in {rules.RESPONSE, rules.ERROR}:
            yield from self._answer(make, message, association)
        elif message.pdu == rules.INITIATE_RESPONSE:
            association.initiating = False
        elif message.pdu == rules.REQUEST:
            association.request(message, entry.at)
            yield from self._asked(make, message, association, known)

    def _asked(self, make: Maker, message: MmsMessage, association: Association, known: bool) -> Iterator[Alert]:
        if message.service == rules.WRITE:
            yield from self._write(make, message, association, known)
        elif known and not association.starting:
            yield from self._request(make, message)
        elif known and message.service not in rules.BROWSING | rules.OPENING and not self._usual(make.talk):
            yield make.alert(Kind.UNKNOWN_COMMAND, f"service {message.service}, which normal traffic does not have")

    def starting(self, talk: Talk, message: MmsMessage, entry: LogEntry) -> bool:
        """Whether the client of a message is in its start-up."""
        return (
            self._associations.of(talk, message, entry.at).starting if message.pdu != rules.INITIATE_REQUEST else True
        )

    def _concluded(self, make: Maker, message: MmsMessage, association: Association) -> Iterator[Alert]:
        """A conclude request ends an association; one after which it goes on came from somebody else."""
        before, association.concluding = association.concluding, None
        if message.pdu == rules.CONCLUDE_REQUEST:
            association.concluding = make.entry
        elif before is not None and message.pdu not in {rules.CONCLUDE_RESPONSE, rules.CONCLUDE_ERROR}:
            detail = "a conclude request after which the association goes on"
            yield make.alert(Kind.INTERRUPTION, detail, entries=(before, make.entry))

    def _broken(self, make: Maker, message: MmsMessage, association: Association, known: bool) -> Iterator[Alert]:
        usual = known and self._usual(make.talk)
        if message.pdu == rules.CANCEL_REQUEST and message.invoke_id not in association.open:
            yield make.alert(Kind.INTERRUPTION, "a cancel of a request that is not open")
        elif message.pdu == rules.INITIATE_ERROR and not association.initiating:
            yield make.alert(Kind.INTERRUPTION, "an association is refused that nobody asked for")
        elif not usual:
            what = "a cancel" if message.pdu in rules.CANCELS else "a refusal"
            yield make.alert(
                Kind.INTERRUPTION, f"{what} (PDU of the kind {message.pdu}) that normal traffic does not have"
            )
        association.initiating = association.initiating and message.pdu != rules.INITIATE_ERROR
        if message.invoke_id is not None and message.pdu in {rules.CANCEL_RESPONSE, rules.REJECT}:
            association.open.pop(message.invoke_id, None)

    @staticmethod
    def _answer(make: Maker, message: MmsMessage, association: Association) -> Iterator[Alert]:
        if message.invoke_id is None:
            return
        if message.invoke_id not in association.open:
            if make.at - association.first_at > _SETTLED:
                yield make.alert(Kind.UNEXPECTED_REPLY, "an answer without a request that is open")
            return
        asked = association.open.pop(message.invoke_id)
        if None not in {asked, message.service} and asked != message.service:
            detail = f"an answer of the service {message.service} to a request of the service {asked}"
            yield make.alert(Kind.UNEXPECTED_REPLY, detail)

    def _write(self, make: Maker, message: MmsMessage, association: Association, known: bool) -> Iterator[Alert]:
        """Control blocks are written by a client that subscribes; measured values and states by nobody."""
        written = quoted_name(f"{message.domain}/{message.item}")
        where = f'"{written}"' if message.item else "an item that the log does not name"
        constraints = {rules.constraint_of(item) for item in message.item.split(",")}
        if constraints & rules.READ_ONLY:
            yield make.alert(
                Kind.WRITE_TO_READ_ONLY,
                f"a write to {where}: its functional constraint is {'/'.join(sorted(constraints & rules.READ_ONLY))}, "
                "which no client may write",
            )
            return
        if self._profile is None or not self._profile.knows(make.talk.protocol):
            return
        if (make.talk.client, make.talk.server, message.domain, message.item) in self._profile.writes:
            return
        if not (known and association.starting and constraints <= rules.SUBSCRIBING):
            yield make.alert(Kind.UNKNOWN_WRITE, f"a write to {where}, which normal traffic does not have")

    def _request(self, make: Maker, message: MmsMessage) -> Iterator[Alert]:
        """Outside its start-up a client asks for the same things again and again."""
        key = make.talk.client, make.talk.server, request_key(message)
        if self._profile is None or key in self._profile.steady:
            return
        if message.service not in rules.BROWSING and not self._usual(make.talk):
            yield make.alert(Kind.UNKNOWN_COMMAND, f"service {message.service}, which normal traffic does not have")
            return
        seen = self._searching.setdefault(key[:2], Distinct(_SEARCHING))
        if len(self._searching) > _MOST_CLIENTS:
            self._searching.popitem(last=False)
        count = seen.add(key[2], make.at)
        if count >= SEARCHED:
            detail = (
                f"{count} different requests within a minute, outside the start-up, that normal traffic does not have"
            )
            yield make.alert(Kind.SCAN, detail)

    def _usual(self, talk: Talk) -> bool:
        return self._profile is not None and talk.direction in self._profile.kinds
