"""Whether replies of IEC 60870-5-104 were asked for: each activation is confirmed once and terminated once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.protocol import rules104 as rules
from tools.security.schema.protocol import ProtocolIssueKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.making import Maker
    from tools.telemetry.schema.message import Iec104Message

_MOST_OPEN = 1024
# What was asked before the capture began may be answered in its first moments: after t1 no answer is due any more.
_SETTLED = timedelta(seconds=rules.T1_S)
# An interrogation is over long before: what is interrogated later was not asked for.
_ANSWERING = timedelta(minutes=10)
_CONFIRMS = frozenset({rules.CONFIRMATION, rules.DEACTIVATION_CON}) | rules.UNKNOWN
_Key = tuple[int, int | None]


class Replies:
    """The open requests of one connection.

    Args:
        first_at: When the connection was seen first.
    """

    def __init__(self, first_at: datetime) -> None:
        self._first_at = first_at
        self._unconfirmed: Counter[_Key] = Counter()
        self._unterminated: Counter[_Key] = Counter()
        self._interrogated_at: datetime | None = None

    def see(self, make: Maker, message: Iec104Message, type_id: int) -> Iterator[Alert]:
        """A request opens what its replies close; a reply that closes nothing is told."""
        if make.talk.forward:
            self._ask(make.at, message, type_id)
        elif message.cause is not None and type_id in rules.CONTROL - {rules.READ}:
            yield from self._answer(make, (type_id, message.common_address), message.cause)
        elif type_id in rules.MONITOR and message.cause in rules.INTERROGATED and self._long_ago(make.at):
            yield make.alert(Kind.UNEXPECTED_REPLY, f"interrogated values of type {type_id}, and nobody asked")

    def _long_ago(self, at: datetime) -> bool:
        return at - (self._interrogated_at or self._first_at) > _ANSWERING

    def _ask(self, at: datetime, message: Iec104Message, type_id: int) -> None:
        if type_id not in rules.CONTROL or message.cause not in {rules.ACTIVATION, rules.DEACTIVATION}:
            return
        if len(self._unconfirmed) >= _MOST_OPEN:
            self._unconfirmed.clear()
            self._unterminated.clear()
        key = type_id, message.common_address
        self._unconfirmed[key] += 1
        self._unterminated[key] += message.cause == rules.ACTIVATION
        if type_id == rules.INTERROGATION:
            self._interrogated_at = at

    def _answer(self, make: Maker, key: _Key, cause: int) -> Iterator[Alert]:
        if cause in _CONFIRMS:
            open_, what = self._unconfirmed, "a confirmation"
        elif cause == rules.TERMINATION:
            open_, what = self._unterminated, "a termination"
        else:
            return
        if open_[key] > 0:
            open_[key] -= 1
        elif make.at - self._first_at > _SETTLED:
            yield make.alert(Kind.UNEXPECTED_REPLY, f"{what} of type {key[0]} without a request that is open")
