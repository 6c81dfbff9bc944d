"""The captures of the public data sets, taken into a store by mappings as an operator would write them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import Engine

from knowledge.threats import known_threats
from orchestrator.ingest.ingest import ingest
from orchestrator.store.engine import open_engine, sqlite_url
from orchestrator.store.migrate import upgrade
from orchestrator.store.stored_logs import StoredLogs
from tools.context import Clock, ToolContext
from tools.limits import LimitTable
from tools.telemetry.schema.log import LogEntry, LogKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MMS = {
    "format": "mms",
    "delimiter": ";",
    "source": "srcIP",
    "destination": "dstIP",
    "source_port": "srcPort",
    "destination_port": "dstPort",
    "pdu": "MMS Type",
    "service": "MMS Service",
    "invoke_id": "Invoke Id",
    "domain": "Domain Id",
    "item": "Item Id",
    "object_class": "Object Class",
    "length": "ipLen",
}
IEC104 = {
    "format": "iec104",
    "delimiter": ";",
    "source": "srcIP",
    "destination": "dstIP",
    "source_port": "srcPort",
    "destination_port": "dstPort",
    "frame": "fmt",
    "frames": {"0x00000000": "i", "0x00000001": "s", "0x00000003": "u"},
    "function": "uType",
    "type_id": "asduType",
    "cause": "cot",
    "common_address": "addr",
}
_PHASES = ("L1", "L2", "L3")
GOOSE = {
    "format": "goose",
    "breaker_closed": "Circuit breaker Open/Close Status",
    "tripped": "Protection tripped",
    "intertrip_sent": "Intertrip command send",
    "intertrip_received": "Intertrip command receive",
    "currents": [f"Current Line '{phase}'" for phase in _PHASES],
    "voltages": [f"Voltage Phase '{phase}-N'" for phase in _PHASES],
}


@dataclass(frozen=True)
class Store:
    """A store of its own for one benchmark."""

    engine: Engine
    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Store:
        """An empty one in a folder."""
        engine = open_engine(sqlite_url(folder / "store.db"))
        upgrade(engine)
        return cls(engine, folder)

    def take(self, file: Path, mapping: dict[str, object], time: dict[str, object]) -> int:
        """Ingest a capture; how many messages were taken.

        Raises:
            ValueError: when a row was rejected.
        """
        wanted = self.folder / "mapping.yaml"
        wanted.write_text(yaml.safe_dump({**mapping, "time": time, "arrived": "with_reading"}), encoding="utf-8")
        report = ingest(self.engine, file, wanted, self.folder, NOW)
        if report.rejected:
            raise ValueError(f"{file.name}: {report.rejected} rows rejected, such as {report.reasons[0]}")
        return report.taken

    def take_goose(self, folder: Path, start: datetime) -> int:
        """Ingest the states of all IEDs of one run, one file each, a row a second."""
        taken = 0
        for file in sorted(folder.glob("*.csv.gz")):
            header = _header(file)
            mapping = {key: value for key, value in GOOSE.items() if _is_there(value, header) or key == "format"}
            mapping |= {"ied": file.name.split(".")[0], "header": header, "skip_lines": 1}
            taken += self.take(file, mapping, {"origin": start.isoformat(), "step_s": 1.0})
        return taken

    def logs(self) -> StoredLogs:
        """Its logs as a tool sees them."""
        return StoredLogs(self.engine, None, NOW)

    def entries(self, start: datetime, end: datetime) -> list[LogEntry]:
        """All messages of a time."""
        return list(self.logs().stream(LogKind.PROTOCOL, start, end))

    def context(self) -> ToolContext:
        """What a tool is given."""
        return ToolContext(
            grids=None,  # type: ignore[arg-type]  # no grid is looked at
            limits=LimitTable(limits=()),
            clock=Clock(NOW, NOW),
            logs=self.logs(),
            threats=known_threats(),
        )


def relative(origin: datetime) -> dict[str, object]:
    """Times of a capture in seconds since its begin."""
    return {"column": "Relative Time", "format": "relative_s", "origin": origin.isoformat()}


def clock_time(day: datetime, text: str) -> datetime:
    """A time of day as the data set's description writes it."""
    hours, minutes, seconds = text.split(":")
    return day + timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def _header(file: Path) -> list[str]:
    """The names of the columns; of one file the first four have none, in another the header runs into the first row."""
    with gzip.open(file, "rt") as text:
        names = [name.strip() for name in text.readline().split(",")]
        fields = len(text.readline().split(","))
    missing = [f"without a name {number}" for number in range(fields - len(names))]
    return [*missing, *names[:fields]]


def _is_there(value: object, columns: list[str]) -> bool:
    wanted = value if isinstance(value, list) else [value]
    return all(item in columns for item in wanted)
