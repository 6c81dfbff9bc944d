"""IEC 60870-5-104 messages between the control centre and its stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.message import Iec104Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.random import Generator

CENTRE = "10.44.0.10"
PORT, CLIENT_PORT = 2404, 40_000
STATIONS = 20
POLL_S = 900.0
"""Pause between two interrogations of a station, where nothing else is said."""
ACTIVATION = 6
"""Cause of transmission of what the centre asks for."""
_INTERROGATION, _MEASURED = 100, 13
_SPONTANEOUS, _CONFIRMATION, _TERMINATION, _INTERROGATED = 3, 7, 10, 20
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


def ordinary(
    start: datetime, last: datetime, chance: Generator, stations: int = STATIONS, poll_s: float = POLL_S
) -> Iterator[Message]:
    """Time and again all stations are interrogated; in between they tell what moved.

    Args:
        start: Of the first interrogations, each within a minute.
        last: No value is told after it; of the last interrogations the answers may be.
        chance: Source of chance.
        stations: How many there are, from one on.
        poll_s: Pause between two interrogations of a station; above 60 s.
    """
    polls = int((last - start) / timedelta(seconds=poll_s)) + 1
    for poll in range(polls):
        for number in range(1, stations + 1):
            at = start + timedelta(seconds=poll * poll_s + float(chance.uniform(0, 60)))
            yield from _interrogated(at, number)
            moved = start + timedelta(seconds=poll * poll_s + float(chance.uniform(60, poll_s)))
            if moved <= last:
                address = 1000 + int(chance.integers(8))
                yield Message(moved, station(number), CENTRE, _MEASURED, _SPONTANEOUS, number, address)


def _interrogated(at: datetime, number: int) -> Iterator[Message]:
    """One general interrogation, from activation to termination."""
    milliseconds = timedelta(milliseconds=40)
    yield Message(at, CENTRE, station(number), _INTERROGATION, ACTIVATION, number)
    for step, (kind, cause, address) in enumerate(
        (
            (_INTERROGATION, _CONFIRMATION, 0),
            *((_MEASURED, _INTERROGATED, 1000 + place) for place in range(8)),
            (_INTERROGATION, _TERMINATION, 0),
        ),
        start=1,
    ):
        yield Message(at + step * milliseconds, station(number), CENTRE, kind, cause, number, address)


def as_table(messages: Iterable[Message]) -> str:
    """All messages in order of time, one a line under ``HEADER``."""
    rows = sorted(messages, key=lambda one: one.at)
    return "\n".join((HEADER, *(one.as_row() for one in rows), ""))
