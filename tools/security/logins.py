"""Successful log-ins that do not fit the habit of an access log: account, network, origin, hour."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from tools.security.guessing import is_attempt
from tools.security.habit import Habit, habit_of
from tools.security.quoting import quoted_name
from tools.security.schema.access import AccessReason
from tools.security.syslog_messages import ACCOUNT_CREATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.telemetry.schema.log import LogEntry

# An account has a habit of origins from so many successes on so many days; with less, every origin would be new.
HABIT_SUCCESSES, HABIT_DAYS = 5, 3
# What one site is usually given: a /24 of IPv4, a /64 of IPv6 (RFC 6177).
_SITE_BITS = {4: 24, 6: 64}
_SITE_LABELS = 2


@dataclass(frozen=True)
class UnusualLogin:
    """Log-ins of one account from one origin, with the reasons why they are unusual.

    Attributes:
        entries: In order of time.
        reasons: In the order of ``AccessReason``.
        unknown_origin: Whether nobody ever came from there before.
    """

    entries: tuple[LogEntry, ...]
    reasons: tuple[AccessReason, ...]
    unknown_origin: bool


@dataclass(frozen=True)
class _Own:
    """From where one account came in before, how often, and on how many days."""

    origins: frozenset[str]
    successes: int
    days: int

    @property
    def known(self) -> bool:
        return self.successes >= HABIT_SUCCESSES and self.days >= HABIT_DAYS


@dataclass(frozen=True)
class LoginHabit:
    """The habit of a log: of each account, and of all."""

    own: dict[str, _Own]
    everybody: Habit
    networks: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def of(cls, earlier: Iterable[LogEntry]) -> LoginHabit:
        """The habit that earlier entries make; only successes count, for anybody may fail from anywhere."""
        came = [entry for entry in earlier if is_attempt(entry) and entry.success and entry.account]
        mine: dict[str, list[LogEntry]] = defaultdict(list)
        for entry in came:
            mine[entry.account or ""].append(entry)
        origins = frozenset(entry.origin for entry in came if entry.origin)
        return cls(
            own={account: _own(entries) for account, entries in mine.items()},
            everybody=habit_of(came),
            networks=frozenset(network_of(origin) for origin in origins),
            origins=origins,
        )

    def reasons(self, entry: LogEntry) -> set[AccessReason]:
        """Why a log-in is unusual; without enough habit nothing can be."""
        found = set()
        own = self.own.get(entry.account or "")
        if own is None and self.everybody.enough:
            found.add(AccessReason.NEW_ACCOUNT)
        if entry.origin and self.everybody.enough and network_of(entry.origin) not in self.networks:
            found.add(AccessReason.NEW_NETWORK)
        if entry.origin and own is not None and own.known and entry.origin not in own.origins:
            found.add(AccessReason.NEW_ORIGIN)
        # an account without hours of its own is measured by those of all, which is no habit of its own
        if own is not None and own.known and self.everybody.enough and self.everybody.is_odd_hour(entry):
            found.add(AccessReason.ODD_HOUR)
        return found


def unusual_logins(entries: Iterable[LogEntry], habit: LoginHabit, known_already: set[str]) -> list[UnusualLogin]:
    """Log-ins with a reason against them, by account and origin.

    Args:
        entries: Of the time that is looked at.
        habit: Of the time before.
        known_already: Origins, as quoted, that are told for a graver reason.
    """
    came: dict[tuple[str, str], list[LogEntry]] = defaultdict(list)
    reasons: dict[tuple[str, str], set[AccessReason]] = defaultdict(set)
    for entry in entries:
        if not (is_attempt(entry) and entry.success and entry.account):
            continue
        if entry.origin and quoted_name(entry.origin) in known_already:
            continue
        if against := habit.reasons(entry):
            key = entry.account, entry.origin or ""
            came[key].append(entry)
            reasons[key] |= against
    return [
        UnusualLogin(
            tuple(came[key]),
            tuple(reason for reason in AccessReason if reason in reasons[key]),
            bool(key[1]) and key[1] not in habit.origins,
        )
        for key in sorted(came)
    ]


def created_accounts(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """Entries that say that an account was made, each account once."""
    made = {entry.account: entry for entry in entries if entry.action == ACCOUNT_CREATED and entry.account}
    return sorted(made.values(), key=lambda entry: entry.at)


def network_of(origin: str) -> str:
    """The network that an origin belongs to: of an address the site's, of a name its domain, else the name itself.

    >>> network_of("10.0.3.17"), network_of("ws-1.ctl.example.org"), network_of("ws-1")
    ('10.0.3.0/24', 'example.org', 'ws-1')
    """
    try:
        address = ip_address(origin)
    except ValueError:
        labels = origin.lower().rstrip(".").split(".")
        return ".".join(labels[-_SITE_LABELS:])
    return str(ip_network(f"{address}/{_SITE_BITS[address.version]}", strict=False))


def _own(entries: Sequence[LogEntry]) -> _Own:
    return _Own(
        origins=frozenset(entry.origin for entry in entries if entry.origin),
        successes=sum(entry.count for entry in entries),
        days=len({entry.at.date() for entry in entries}),
    )
