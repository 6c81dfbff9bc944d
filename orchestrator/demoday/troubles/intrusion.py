"""Somebody guesses passwords from one machine, gets into an account, and sends commands that nobody sends here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from orchestrator.demoday.clock import DAY
from orchestrator.demoday.grid import demo_grid, ref
from orchestrator.demoday.records import UNDER_PERMIT
from orchestrator.demoday.truth import Truth
from orchestrator.simulation.log_lines import Line, command_line, login_line
from orchestrator.simulation.staff import ENGINEERS, OPERATORS
from tools.element import ElementKind
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.random import Generator

    from tools.element import ElementRef

GUESSING, COMMANDS = "password_guessing", "unusual_commands"
START_H = (0.5, 21.5)
ATTEMPTS, ACCOUNTS, WITHIN_S = (9, 25), (2, 5), (240, 560)
"""Failed attempts, accounts tried, and the seconds that it takes."""
BREAKERS, SECONDS_BETWEEN = (3, 6), (8, 40)
_ORIGINS = ("vpn-{}", "lap-{}", "10.44.7.{}")
_FOLDED = 0.25


@dataclass(frozen=True)
class Intrusion:
    """All lines of it, and what they are."""

    origin: str
    account: str
    lines: tuple[Line, ...]

    def truths(self) -> tuple[Truth, Truth]:
        """The guessing by its origin, the commands by the account."""
        failed = [at for at, _, columns in self.lines if columns["success"] is False and columns["action"] == "login"]
        sent = [at for at, kind, _ in self.lines if kind is LogKind.COMMAND]
        return (
            Truth(GUESSING, f"host:{self.origin}", min(failed), max(failed), "cyber"),
            Truth(COMMANDS, f"account:{self.account}", min(sent), max(sent), "cyber"),
        )


def draw_intrusion(chance: Generator, spared: ElementRef) -> Intrusion:
    """An intrusion at any time of the day.

    Args:
        chance: Source of chance.
        spared: Branch that is not touched, so that the evening's outage has one cause only.
    """
    people = [*(person for crew in OPERATORS for person in crew), *ENGINEERS]
    picked = chance.choice(len(people), size=int(chance.integers(*ACCOUNTS)), replace=False).tolist()
    accounts = [people[place].account for place in picked]
    origin = str(chance.choice(_ORIGINS)).format(int(chance.integers(20, 250)))
    at = DAY + timedelta(seconds=int(3600 * chance.uniform(*START_H)))
    lines = _guesses(chance, at, origin, accounts)
    account = accounts[int(chance.integers(len(accounts)))]
    at = lines[-1][0] + timedelta(seconds=int(chance.integers(20, 240)))
    lines.append(login_line(at, origin, account, success=True))
    at += timedelta(seconds=int(chance.integers(180, 1200)))
    lines += _sent(chance, at, (origin, account), spared)
    return Intrusion(origin, account, tuple(lines))


def _guesses(chance: Generator, at: datetime, origin: str, accounts: list[str]) -> list[Line]:
    """Failed logins, every account at least once, some of them folded into one line."""
    attempts, within_s = int(chance.integers(*ATTEMPTS)), int(chance.integers(*WITHIN_S))
    seconds = sorted(chance.integers(0, within_s, size=attempts).tolist())
    lines = []
    for number, second in enumerate(seconds):
        account = accounts[number % len(accounts)]
        folded = int(chance.integers(2, 5)) if chance.random() < _FOLDED else 1
        lines.append(login_line(at + timedelta(seconds=second), origin, account, success=False, count=folded))
    return lines


def _sent(chance: Generator, at: datetime, who: tuple[str, str], spared: ElementRef) -> list[Line]:
    """A file is fetched, then breakers are told to open; interlocking refuses, so the grid stays as it is."""
    origin, account = who
    lines = [command_line(at, who, "file_transfer", None, success=True)]
    able = [
        element
        for kind in (ElementKind.LINE, ElementKind.TRAFO)
        for element in (ref(kind, int(index)) for index in demo_grid().net[kind.value].index)
        if str(element) not in UNDER_PERMIT and element != spared
    ]
    for place in chance.choice(len(able), size=int(chance.integers(*BREAKERS)), replace=False).tolist():
        for action, success in (("select", True), ("open", False)):
            at += timedelta(seconds=int(chance.integers(*SECONDS_BETWEEN)))
            lines.append(command_line(at, (origin, account), action, able[place], success=success))
    return lines
