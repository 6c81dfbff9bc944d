"""Messages of a capture: each row becomes an entry of the protocol log or a reject, none is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from orchestrator.ingest.any_mapping import MessagesMapping
from orchestrator.ingest.message_mapping import GooseMapping, Iec104Mapping
from orchestrator.ingest.records import WrongCellError
from orchestrator.ingest.times import TimeReader
from tools.security.quoting import quoted_line, quoted_name
from tools.telemetry.moments import from_us
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.message import GooseMessage, Iec104Message, MmsMessage, ProtocolMessage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.ingest.rejects import Rejects
    from orchestrator.ingest.rows import Rows, TableSource

_PIECE = 5_000
_NAMES = frozenset({"source", "destination", "ied_column"})
_TEXTS = _NAMES | {"domain", "item", "frame", "objects"}
_FLAGS = frozenset({"breaker_closed", "tripped", "breaker_failed", "intertrip_sent", "intertrip_received"})
_THOUSAND = 1000.0


def message_columns(mapping: MessagesMapping) -> tuple[str, ...]:
    """All columns of the file that a mapping names."""
    several = (*mapping.currents, *mapping.voltages) if isinstance(mapping, GooseMapping) else ()
    return (*mapping.time.columns, *mapping.named().values(), *several)


class MessageReader:
    """Reads the rows of a table as entries of a protocol log, in pieces.

    Args:
        table: With the columns of ``message_columns``.
        mapping: What they are.
        key: Of file, mapping and grid: with the number of the row it identifies the entry.
        rejects: Takes the rows that are no messages.
    """

    def __init__(self, table: TableSource, mapping: MessagesMapping, key: str, rejects: Rejects) -> None:
        self._table, self._mapping, self._key, self._rejects = table, mapping, key, rejects
        self._times = TimeReader(mapping.time)
        self._columns = mapping.named()

    def entries(self) -> Iterator[LogEntry]:
        """All entries, in the order of the file."""
        rows_before = 0
        for rows in self._table.pieces(_PIECE):
            moments = self._moments(rows, rows_before)
            rows_before += len(rows)
            for place, number in enumerate(rows.numbers.tolist()):
                cells = {field: str(rows.cells[column][place]).strip() for field, column in self._columns.items()}
                at, wrong = moments[place]
                if at is None:
                    self._rejects.add(number, wrong)
                    continue
                try:
                    yield self._entry(at, number, cells, rows, place)
                except WrongCellError as error:
                    self._rejects.add(number, str(error))
                except ValidationError as error:
                    first = error.errors()[0]
                    self._rejects.add(number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    def _moments(self, rows: Rows, before: int) -> list[tuple[datetime | None, str]]:
        time = self._mapping.time
        if time.step_s is not None and time.origin is not None:
            step = timedelta(seconds=time.step_s)
            return [(time.origin + (before + place) * step, "") for place in range(len(rows))]
        joined = zip(*(rows.cells[column] for column in time.columns), strict=True)
        texts = np.array([" ".join(part.strip() for part in parts) for parts in joined], dtype=object)
        us, reasons = self._times.read(texts)
        return [
            (None, str(reason)) if reason else (from_us(int(moment)), "")
            for moment, reason in zip(us, reasons, strict=True)
        ]

    def _entry(self, at: datetime, number: int, given: dict[str, str], rows: Rows, place: int) -> LogEntry:
        message = self._message(given, rows, place)
        written = ((name, str(cells[place]).strip()) for name, cells in rows.cells.items())
        shown = "; ".join(f"{name}={cell}" for name, cell in written if cell)
        origin = None if isinstance(message, GooseMessage) else message.source
        return LogEntry(
            id=f"{self._key[:24]}-{number}",
            kind=LogKind.PROTOCOL,
            at=at,
            host=None if self._mapping.host is None else quoted_name(self._mapping.host),
            origin=origin,
            action=message.protocol,
            text=quoted_line(shown),
            message=message,
        )

    def _message(self, cells: dict[str, str], rows: Rows, place: int) -> ProtocolMessage:
        given: dict[str, object] = {field: self._value(field, text) for field, text in cells.items()}
        given = {field: value for field, value in given.items() if value is not None}
        if isinstance(self._mapping, GooseMapping):
            return self._goose(self._mapping, given, rows, place)
        if isinstance(self._mapping, Iec104Mapping):
            code = str(given.pop("frame", ""))
            if code not in self._mapping.frames:
                known = ", ".join(sorted(self._mapping.frames))
                raise WrongCellError(f"frame {code!r:.40} that the mapping does not name; it has {known}")
            objects = str(given.pop("objects", ""))
            addresses = tuple(_whole("objects", item) for item in objects.split(",") if item.strip())
            return Iec104Message.model_validate({**given, "frame": self._mapping.frames[code], "objects": addresses})
        return MmsMessage.model_validate(given)

    def _goose(self, mapping: GooseMapping, given: dict[str, object], rows: Rows, place: int) -> GooseMessage:
        source = given.pop("ied_column", None) or mapping.ied
        current = self._phases(mapping.currents, rows, place)
        voltage = self._phases(mapping.voltages, rows, place)
        amperes = _THOUSAND if mapping.current_unit == "A" else 1.0
        volts = _THOUSAND if mapping.voltage_unit == "V" else 1.0
        return GooseMessage.model_validate(
            {
                **given,
                "source": quoted_name(str(source or "")),
                "i_ka": max(current) / amperes if current else None,
                "vm_kv": min(voltage) / volts if voltage else None,
            }
        )

    @staticmethod
    def _phases(columns: tuple[str, ...], rows: Rows, place: int) -> list[float]:
        texts = [str(rows.cells[column][place]).strip() for column in columns]
        try:
            return [abs(float(text)) for text in texts if text]
        except ValueError as error:
            raise WrongCellError("a current or voltage that is no number") from error

    def _value(self, field: str, text: str) -> object:
        if text in self._mapping.missing:
            return None
        if field in _NAMES:
            return quoted_name(text)
        if field in _TEXTS:
            return text
        if field in _FLAGS and isinstance(self._mapping, GooseMapping):
            if text not in (*self._mapping.true, *self._mapping.false):
                raise WrongCellError(f"{field} {text!r:.40} that is neither of true nor of false in the mapping")
            return text in self._mapping.true
        return _whole(field, text)


def _whole(field: str, text: str) -> int:
    """A whole number as probes write it: 36, 36.0 or 0x24."""
    try:
        if text.strip().lower().startswith("0x"):
            return int(text, 16)
        number = float(text)
    except ValueError as error:
        raise WrongCellError(f"{field} {text!r:.40} that is no whole number") from error
    if not number.is_integer():
        raise WrongCellError(f"{field} {text!r:.40} that is no whole number")
    return int(number)
