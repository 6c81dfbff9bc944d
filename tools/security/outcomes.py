"""What became of commands: refused, carried out, or nobody wrote it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.security.schema.commands import CommandOutcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.telemetry.schema.log import LogEntry

# Steps that move no equipment and change no set-point, however they end. What is not named here counts as moving.
STILL = frozenset({"select", "deselect", "cancel", "check", "read", "interrogate", "file_transfer"})


def outcomes(entries: Sequence[LogEntry]) -> CommandOutcomes:
    """Counts by outcome; an entry that stands for several commands counts so often."""

    def count(success: bool | None) -> int:
        return sum(entry.count for entry in entries if entry.success is success)

    return CommandOutcomes(
        refused=count(success=False),
        carried_out=count(success=True),
        still=sum(entry.count for entry in entries if entry.success and entry.action in STILL),
        unknown=count(success=None),
    )


def may_have_moved(entries: Sequence[LogEntry]) -> bool:
    """Whether a command that moves equipment was carried out, or may have been for all that is known."""
    return any(entry.success is not False and entry.action not in STILL for entry in entries)
