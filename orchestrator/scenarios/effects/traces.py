"""What somebody who falsifies readings leaves in the logs: guessed passwords, a log-in, a command."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from orchestrator.scenarios.effects.intrusion import accounts_of, draw_origin
from orchestrator.scenarios.schema.troubles import Trace
from orchestrator.simulation.log_lines import command_line, login_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from numpy.random import Generator

    from orchestrator.simulation.log_lines import Line
    from tools.element import ElementRef

_EARLIEST_MIN, _LATEST_MIN = 8.0, 50.0
"""How long before the first false reading somebody comes in."""
_GUESSES = (6, 18)
_GUESSED_S = 300
MANIPULATION = "substitute"
"""Action by which a control centre puts a value in the place of a measured one."""


def draw_traces(
    traces: Collection[Trace], begin: datetime, element: ElementRef | None, chance: Generator
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Lines of the logs, and whom they name; none without traces.

    Args:
        traces: What is left.
        begin: Time of the first false reading.
        element: Whose reading is falsified.
        chance: Source of chance.
    """
    if not traces:
        return (), ()
    origin, [account] = draw_origin(chance), accounts_of(chance, 1)
    came = begin - timedelta(minutes=chance.uniform(_EARLIEST_MIN, _LATEST_MIN))
    lines: list[Line] = []
    if Trace.GUESSING in traces:
        seconds = sorted(chance.uniform(20, _GUESSED_S, size=int(chance.integers(*_GUESSES))).tolist(), reverse=True)
        lines += [login_line(came - timedelta(seconds=int(one)), origin, account, success=False) for one in seconds]
    if Trace.GUESSING in traces or Trace.LOGIN in traces:
        lines.append(login_line(came, origin, account, success=True))
    if Trace.COMMAND in traces:
        told = begin - timedelta(seconds=int(chance.integers(15, 240)))
        lines.append(command_line(told, (origin, account), MANIPULATION, element, success=True))
    return tuple(lines), (f"host:{origin}", f"account:{account}")
