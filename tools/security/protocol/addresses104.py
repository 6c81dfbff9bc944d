"""Addresses of IEC 60870-5-104 that normal traffic does not have, and whoever searches through them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

from tools.security.protocol import rules104 as rules
from tools.security.protocol.pace import Distinct
from tools.security.schema.protocol import ProtocolIssueKind as Kind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.making import Maker
    from tools.security.protocol.profile import Profile
    from tools.telemetry.schema.message import Iec104Message

# So many different things that are not there, in ten minutes, are no mistake of one entry in a signal list.
SEARCHED, _SEARCHING = 5, timedelta(minutes=10)
_MOST_CONNECTIONS, _SHOWN = 10_000, 5


class Addresses:
    """Compares addresses with the profile; holds what each connection asked for in vain."""

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._strange: OrderedDict[tuple[str, str, str], Distinct] = OrderedDict()

    def see(self, make: Maker, message: Iec104Message, type_id: int) -> Iterator[Alert]:
        """The addresses of a message of a connection that the profile has."""
        if self._profile is None:
            return
        if message.cause in rules.UNKNOWN and not make.talk.forward:
            detail = f"the answer {message.cause} to type {type_id}: there is no such thing here"
            yield make.alert(Kind.UNKNOWN_ADDRESS, detail)
            # without addresses in the log each refusal counts for another one
            yield from self._searching(make, make.entry.id)
            return
        if message.common_address is None:
            return
        if not make.talk.forward and make.talk.server not in self._profile.settled:
            return  # a station that still shows new points in normal traffic will show more of them
        strange = self._unknown(self._profile, make.talk.server, message.common_address, message.objects)
        if strange:
            listed = ", ".join(strange[:_SHOWN])
            yield make.alert(Kind.UNKNOWN_ADDRESS, f"{listed}, which normal traffic does not have")
        for name in strange:
            yield from self._searching(make, (message.common_address, name))

    @staticmethod
    def _unknown(profile: Profile, server: str, common: int, objects: tuple[int, ...]) -> list[str]:
        if (server, common) not in profile.commons:
            return [f"common address {common}"]
        if server not in profile.detailed:
            return []
        return [f"object address {item}" for item in objects if (server, common, item) not in profile.objects]

    def _searching(self, make: Maker, thing: Hashable) -> Iterator[Alert]:
        connection = make.talk.connection
        seen = self._strange.setdefault(connection, Distinct(_SEARCHING))
        if len(self._strange) > _MOST_CONNECTIONS:
            self._strange.popitem(last=False)
        count = seen.add(thing, make.at)
        if count >= SEARCHED:
            detail = f"{count} addresses within ten minutes that are not there in normal traffic"
            yield make.alert(Kind.SCAN, detail, subject=make.talk.client)
