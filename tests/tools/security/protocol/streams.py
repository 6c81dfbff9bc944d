"""Streams of messages whose right judgement follows from the standards."""

from datetime import UTC, datetime, timedelta
from itertools import count

from knowledge.threats import known_threats
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import context
from tools.security.protocol.check import check_protocol
from tools.security.schema.protocol import CheckProtocolArguments, ProtocolCheck
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.message import GooseMessage, Iec104Message, MmsMessage

NORMAL = datetime(2026, 3, 9, tzinfo=UTC)
JUDGED = datetime(2026, 3, 10, tzinfo=UTC)
MASTER, STATION, OTHER = "10.0.0.1", "10.0.1.1", "10.0.0.66"
_number = count()


def entry(at, message, text="") -> LogEntry:
    return LogEntry(
        id=f"m{next(_number):07d}", kind=LogKind.PROTOCOL, at=at, action=message.protocol, message=message, text=text
    )


def down(type_id=None, cause=None, *, source=MASTER, destination=STATION, frame="i", **more) -> Iec104Message:
    """From the controlling to the controlled station."""
    ports = {"source_port": 40_000, "destination_port": 2404}
    return Iec104Message(
        source=source, destination=destination, frame=frame, type_id=type_id, cause=cause, **(ports | more)
    )


def up(type_id=None, cause=None, *, source=STATION, destination=MASTER, frame="i", **more) -> Iec104Message:
    """From the controlled to the controlling station."""
    ports = {"source_port": 2404, "destination_port": 40_000}
    return Iec104Message(
        source=source, destination=destination, frame=frame, type_id=type_id, cause=cause, **(ports | more)
    )


def normal_104(start, seconds=3600) -> list[LogEntry]:
    """An hour of a station: a measurement every 4 s, a receipt, a general interrogation every 10 min."""
    found = []
    for second in range(0, seconds, 4):
        at = start + timedelta(seconds=second)
        found.append(entry(at, up(13, 3, common_address=10, objects=(1000 + second % 5,))))
        found.append(entry(at + timedelta(milliseconds=300), down(frame="s")))
        if second % 600 == 0:
            asked = at + timedelta(seconds=1)
            found.append(entry(asked, down(100, 6, common_address=10, objects=(0,))))
            found.append(entry(asked + timedelta(milliseconds=20), up(100, 7, common_address=10, objects=(0,))))
            found.append(entry(asked + timedelta(milliseconds=40), up(13, 20, common_address=10, objects=(1000, 1001))))
            found.append(entry(asked + timedelta(milliseconds=60), up(100, 10, common_address=10, objects=(0,))))
    return found


def client(pdu, service=None, *, source=MASTER, destination=STATION, **more) -> MmsMessage:
    """From an MMS client to its server."""
    ports = {"source_port": 50_000, "destination_port": 102}
    return MmsMessage(source=source, destination=destination, pdu=pdu, service=service, **(ports | more))


def server(pdu, service=None, **more) -> MmsMessage:
    """From an MMS server to its client."""
    ports = {"source_port": 102, "destination_port": 50_000}
    return MmsMessage(source=STATION, destination=MASTER, pdu=pdu, service=service, **(ports | more))


def normal_mms(start, seconds=3600) -> list[LogEntry]:
    """An hour of a client: it opens, asks for thirty names, subscribes, then keeps alive and receives reports."""
    found = [entry(start, client(8)), entry(start + timedelta(milliseconds=5), server(9))]
    invoke = 0
    for number in range(30):
        at, invoke = start + timedelta(seconds=1 + number), invoke + 1
        found.append(entry(at, client(0, 6, invoke_id=invoke, domain="LD0", item=f"LLN0$ST$Item{number}")))
        found.append(entry(at + timedelta(milliseconds=5), server(1, 6, invoke_id=invoke)))
    at, invoke = start + timedelta(seconds=40), invoke + 1
    found.append(entry(at, client(0, 5, invoke_id=invoke, domain="LD0", item="LLN0$RP$A_URCB01$RptEna")))
    found.append(entry(at + timedelta(milliseconds=5), server(1, 5, invoke_id=invoke)))
    for second in range(50, seconds, 10):
        at, invoke = start + timedelta(seconds=second), invoke + 1
        found.append(entry(at, client(0, 1, invoke_id=invoke, object_class=9)))
        found.append(entry(at + timedelta(milliseconds=5), server(1, 1, invoke_id=invoke)))
        found.append(entry(at + timedelta(seconds=3), server(3, 0)))
    return found


def state(at, ied, closed=True, i_ka=0.3, vm_kv=38.1, **more) -> LogEntry:
    """What an IED publishes."""
    return entry(at, GooseMessage(source=ied, breaker_closed=closed, i_ka=i_ka, vm_kv=vm_kv, **more))


def check(judged, normal=(), **arguments) -> ProtocolCheck:
    """The tool over an hour, with an hour of normal traffic on the day before."""
    span = {"start": JUDGED, "end": JUDGED + timedelta(hours=2), "limit": 100}
    span |= {"normal_start": NORMAL, "normal_end": NORMAL + timedelta(hours=2)}
    logs = MemoryLogs([*normal, *judged], (LogKind.PROTOCOL,))
    return check_protocol(context(logs=logs, threats=known_threats()), CheckProtocolArguments(**(span | arguments)))


def with_104(*extra) -> ProtocolCheck:
    """Normal traffic of the station with some messages more."""
    return check([*normal_104(JUDGED), *extra], normal_104(NORMAL))


def with_mms(*extra) -> ProtocolCheck:
    """Normal traffic of the client with some messages more."""
    return check([*normal_mms(JUDGED), *extra], normal_mms(NORMAL))


def after(minutes, seconds=0.0):
    """A time in the judged hour, half a second beside the usual messages."""
    return JUDGED + timedelta(minutes=minutes, seconds=seconds + 0.5)
