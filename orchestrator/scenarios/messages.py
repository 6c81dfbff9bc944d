"""IEC 60870-5-104 messages between the control centre and its stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.message import Iec104Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.random import Generator

CENTRE = "10.44.0.10"
PORT, CLIENT_PORT = 2404, 40_000
STATIONS = 20
_POLL_S = 900
_INTERROGATION, _MEASURED, _COMMAND = 100, 13, 45
_SPONTANEOUS, _ACTIVATION, _CONFIRMATION, _TERMINATION, _INTERROGATED = 3, 6, 7, 10, 20
UNKNOWN_TYPE, UNKNOWN_ADDRESS = 44, 46
"""Causes of transmission with which a station refuses: unknown type, unknown common address."""
HEADER = "TimeStamp;srcIP;dstIP;srcPort;dstPort;asduType;numix;cot;oa;addr;ioa"


@dataclass(frozen=True)
class Message:
    """One application data unit.

    Attributes:
        at: When it was seen.
        source, destination: Addresses.
        asdu_type: Type identification.
        cause: Cause of transmission.
        common_address: Of the station.
        object_address: Of the information object.
    """

    at: datetime
    source: str
    destination: str
    asdu_type: int
    cause: int
    common_address: int
    object_address: int = 0

    def as_row(self) -> str:
        """One line of a table with ``HEADER``."""
        answers = self.source != CENTRE and self.destination == CENTRE
        ports = (PORT, CLIENT_PORT) if answers else (CLIENT_PORT, PORT)
        cells = (self.asdu_type, 1, self.cause, 0, self.common_address, self.object_address)
        return ";".join(map(str, (self.at.isoformat(), self.source, self.destination, *ports, *cells)))

    def as_entry(self, grid: str, number: int) -> LogEntry:
        """The message as a probe in the control centre keeps it.

        Args:
            grid: Name of the grid.
            number: Place in the log.
        """
        answers = self.source != CENTRE and self.destination == CENTRE
        source_port, destination_port = (PORT, CLIENT_PORT) if answers else (CLIENT_PORT, PORT)
        message = Iec104Message(
            source=self.source,
            destination=self.destination,
            source_port=source_port,
            destination_port=destination_port,
            frame="i",
            type_id=self.asdu_type,
            cause=self.cause,
            common_address=self.common_address,
            objects=(self.object_address,),
        )
        return LogEntry(
            id=f"{grid}-protocol-{number:06d}",
            kind=LogKind.PROTOCOL,
            at=self.at,
            host="probe",
            origin=self.source,
            action=message.protocol,
            text=f"{self.as_row()} (simulated)",
            message=message,
        )


def station(number: int) -> str:
    """Address of a station, counted from 1."""
    return f"10.44.1.{number}"


def ordinary(start: datetime, last: datetime, chance: Generator) -> Iterator[Message]:
    """Every quarter of an hour all stations are interrogated; in between they tell what moved."""
    polls = int((last - start) / timedelta(seconds=_POLL_S)) + 1
    for poll in range(polls):
        for number in range(1, STATIONS + 1):
            at = start + timedelta(seconds=poll * _POLL_S + float(chance.uniform(0, 60)))
            yield from _interrogated(at, number)
            moved = start + timedelta(seconds=poll * _POLL_S + float(chance.uniform(60, _POLL_S)))
            if moved <= last:
                address = 1000 + int(chance.integers(8))
                yield Message(moved, station(number), CENTRE, _MEASURED, _SPONTANEOUS, number, address)


def _interrogated(at: datetime, number: int) -> Iterator[Message]:
    """One general interrogation, from activation to termination."""
    milliseconds = timedelta(milliseconds=40)
    yield Message(at, CENTRE, station(number), _INTERROGATION, _ACTIVATION, number)
    for step, (kind, cause, address) in enumerate(
        (
            (_INTERROGATION, _CONFIRMATION, 0),
            *((_MEASURED, _INTERROGATED, 1000 + place) for place in range(8)),
            (_INTERROGATION, _TERMINATION, 0),
        ),
        start=1,
    ):
        yield Message(at + step * milliseconds, station(number), CENTRE, kind, cause, number, address)


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
        found.append(Message(at, origin, station(number), asdu_type, _ACTIVATION, address))
        cause = int(chance.choice((UNKNOWN_TYPE, UNKNOWN_ADDRESS)))
        found.append(Message(at + timedelta(milliseconds=30), station(number), origin, asdu_type, cause, address))
    return tuple(found)


def as_table(messages: Iterable[Message]) -> str:
    """All messages in order of time, one a line under ``HEADER``."""
    rows = sorted(messages, key=lambda one: one.at)
    return "\n".join((HEADER, *(one.as_row() for one in rows), ""))
