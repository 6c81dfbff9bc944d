"""Why a sequence of commands is unusual: reasons against the habit, the access log and the permits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tools.security.habit import BURST_AT_LEAST, BURST_BEYOND_HABIT, Habit, densest, longest_row, new_orders
from tools.security.schema.commands import CommandReason

if TYPE_CHECKING:
    from tools.security.guessing import Burst
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.operations import Permit

# Commands so long after the last guess still come after it.
AFTER_GUESSING = timedelta(hours=24)
# The order of steps is a reason only when several pairs are new: one new pair is everyday work.
NEW_ORDERS_AT_LEAST = 2
# One order takes one piece of equipment out: so many in five minutes is what nobody orders, and what attacks did.
ROW_AT_LEAST = 5
# Reasons that say nothing on their own, for planned work has them every day.
_EVERYDAY = frozenset({CommandReason.NEW_ELEMENT, CommandReason.ODD_HOUR, CommandReason.NEW_ORDER})


@dataclass(frozen=True)
class Suspicion:
    """One sequence with its reasons.

    Attributes:
        sequence: Commands of one account and origin, in order of time.
        reasons: In the order of ``CommandReason``.
        stranger: Whether it came after guessing and not from where the account usually works.
    """

    sequence: tuple[LogEntry, ...]
    reasons: tuple[CommandReason, ...]
    stranger: bool = False

    @property
    def worth_telling(self) -> bool:
        """Whether there is more than what planned work has every day."""
        return len(self.reasons) > 1 or any(reason not in _EVERYDAY for reason in self.reasons)


@dataclass(frozen=True)
class Guesses:
    """Who guessed passwords before, from where, and which accounts that let in."""

    bursts: tuple[Burst, ...]

    def before(self, entry: LogEntry, habit: Habit) -> bool:
        """Whether the origin of a command guessed before it, or its account was let in by guessing elsewhere."""
        return any(self._matches(burst, entry, habit) for burst in self.bursts)

    @staticmethod
    def _matches(burst: Burst, entry: LogEntry, habit: Habit) -> bool:
        if not burst.reached_at <= entry.at <= burst.end + AFTER_GUESSING:
            return False
        if burst.subject.name in {entry.origin, entry.account}:
            return True
        stolen = burst.success is not None and burst.success.account == entry.account and burst.success.at <= entry.at
        # the owner of a stolen account goes on working at the usual place, and is no suspect
        return bool(stolen and entry.account and entry.origin not in habit.origins.get(entry.account, frozenset()))


def suspicion(
    sequence: Sequence[LogEntry], habit: Habit, guesses: Guesses, unordered: frozenset[str] = frozenset()
) -> Suspicion:
    """The reasons that a sequence gives; without enough habit only bursts, guessing and missing orders can be told.

    Args:
        sequence: Commands of one account and origin.
        habit: Of the time before.
        guesses: Who guessed passwords before.
        unordered: Identifiers of commands that no order covers, where orders are kept.
    """
    found: set[CommandReason] = set()
    if habit.enough:
        found |= _against_habit(sequence, habit)
    row = longest_row(sequence)
    if row >= ROW_AT_LEAST and row > (habit.longest_row if habit.enough else 0):
        found.add(CommandReason.ROW)
    elif _is_burst(sequence, habit):  # a row of switchings is a burst too, and one reason
        found.add(CommandReason.BURST)
    if any(entry.id in unordered for entry in sequence):
        found.add(CommandReason.NO_ORDER)
    after = any(guesses.before(entry, habit) for entry in sequence)
    if after:
        found.add(CommandReason.AFTER_GUESSING)
    first = sequence[0]
    usual = habit.origins.get(first.account or "", frozenset())
    reasons = tuple(reason for reason in CommandReason if reason in found)
    return Suspicion(tuple(sequence), reasons, stranger=after and first.origin not in usual)


def _against_habit(sequence: Sequence[LogEntry], habit: Habit) -> set[CommandReason]:
    found = set()
    account, origin = sequence[0].account, sequence[0].origin
    known = account is None or account in habit.accounts
    if not known:
        found.add(CommandReason.NEW_ACCOUNT)
    # every origin is new to a new account: it counts again only where nobody ever came from there
    usual = habit.origins.get(account, frozenset()) if account and known else habit.everywhere
    if origin and origin not in usual:
        found.add(CommandReason.NEW_ORIGIN)
    if any(entry.element and str(entry.element) not in habit.elements for entry in sequence):
        found.add(CommandReason.NEW_ELEMENT)
    if new_orders(sequence, habit) >= NEW_ORDERS_AT_LEAST:
        found.add(CommandReason.NEW_ORDER)
    odd = sum(habit.is_odd_hour(entry) for entry in sequence)
    if odd * 2 > len(sequence):
        found.add(CommandReason.ODD_HOUR)
    return found


def _is_burst(sequence: Sequence[LogEntry], habit: Habit) -> bool:
    usual = habit.densest if habit.enough else 0
    most = densest(sequence)
    return most >= BURST_AT_LEAST and most > usual * BURST_BEYOND_HABIT


def under_permit(entry: LogEntry, permits: Sequence[Permit]) -> Permit | None:
    """The permit under which people are at the commanded equipment; None when there is none.

    A planned end that has passed ends nothing: people are there until the permit is handed back.
    """
    for permit in permits:
        same = permit.element is not None and entry.element is not None and str(permit.element) == str(entry.element)
        if same and permit.start <= entry.at and (permit.closed_at is None or entry.at < permit.closed_at):
            return permit
    return None
