"""IEC 60870-5-104 messages of a machine that asks stations for what they do not know."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.simulation.messages import ACTIVATION, Message, station

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.random import Generator

UNKNOWN_TYPE, UNKNOWN_ADDRESS = 44, 46
"""Causes of transmission with which a station refuses: unknown type, unknown common address."""


def scanned(start: datetime, origin: str, plan: tuple[int, int, float], chance: Generator) -> tuple[Message, ...]:
    """A machine asks one station after the other for what it does not know, and is refused.

    Args:
        start: First message.
        origin: Address of the machine.
        plan: Stations, messages, and the seconds that it takes.
        chance: Source of chance.
    """
    stations, count, within_s = plan
    found: list[Message] = []
    for place, second in enumerate(np.sort(chance.uniform(0, within_s, size=count)).tolist()):
        number = 1 + place % stations
        at = start + timedelta(seconds=second if place else 0.0)
        asdu_type = int(chance.choice((30, 58, 63, 101, 103, 107, 120, 127)))
        address = int(chance.integers(200, 65_535))
        found.append(Message(at, origin, station(number), asdu_type, ACTIVATION, address))
        cause = int(chance.choice((UNKNOWN_TYPE, UNKNOWN_ADDRESS)))
        found.append(Message(at + timedelta(milliseconds=30), station(number), origin, asdu_type, cause, address))
    return tuple(found)
