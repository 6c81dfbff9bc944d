"""Messages of a capture as entries of the protocol log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.ingest.any_mapping import MessagesMapping
from orchestrator.ingest.entry_rows import EntryReader, Row
from orchestrator.ingest.message_mapping import GooseMapping, Iec104Mapping
from orchestrator.ingest.records import WrongCellError
from tools.security.quoting import quoted_name
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.message import GooseMessage, Iec104Message, MmsMessage, ProtocolMessage

if TYPE_CHECKING:
    from orchestrator.ingest.rejects import Rejects
    from orchestrator.ingest.rows import TableSource

_NAMES = frozenset({"source", "destination", "ied_column"})
_TEXTS = _NAMES | {"domain", "item", "frame", "objects"}
_FLAGS = frozenset({"breaker_closed", "tripped", "breaker_failed", "intertrip_sent", "intertrip_received"})
_THOUSAND = 1000.0


def message_columns(mapping: MessagesMapping) -> tuple[str, ...]:
    """All columns of the file that a mapping names."""
    several = (*mapping.currents, *mapping.voltages) if isinstance(mapping, GooseMapping) else ()
    return (*mapping.time.columns, *mapping.named().values(), *several)


class MessageReader(EntryReader):
    """Reads the rows of a capture as entries of a protocol log.

    Args:
        table: With the columns of ``message_columns``.
        mapping: What they are.
        key: Of file, mapping and grid.
        rejects: Takes the rows that are no messages.
    """

    def __init__(self, table: TableSource, mapping: MessagesMapping, key: str, rejects: Rejects) -> None:
        super().__init__(table, mapping.time, mapping.named(), key, rejects)
        self._mapping = mapping

    def entry(self, row: Row) -> LogEntry:
        """The message that a row is."""
        message = self._message(row)
        origin = None if isinstance(message, GooseMessage) else message.source
        return LogEntry(
            id=self.identifier(row),
            kind=LogKind.PROTOCOL,
            at=row.at,
            host=None if self._mapping.host is None else quoted_name(self._mapping.host),
            origin=origin,
            action=message.protocol,
            text=row.shown,
            message=message,
        )

    def _message(self, row: Row) -> ProtocolMessage:
        given: dict[str, object] = {field: self._value(field, text) for field, text in row.named.items()}
        given = {field: value for field, value in given.items() if value is not None}
        if isinstance(self._mapping, GooseMapping):
            return self._goose(self._mapping, given, row)
        if isinstance(self._mapping, Iec104Mapping):
            code = str(given.pop("frame", ""))
            if code not in self._mapping.frames:
                known = ", ".join(sorted(self._mapping.frames))
                raise WrongCellError(f"frame {code!r:.40} that the mapping does not name; it has {known}")
            objects = str(given.pop("objects", ""))
            addresses = tuple(_whole("objects", item) for item in objects.split(",") if item.strip())
            return Iec104Message.model_validate({**given, "frame": self._mapping.frames[code], "objects": addresses})
        return MmsMessage.model_validate(given)

    def _goose(self, mapping: GooseMapping, given: dict[str, object], row: Row) -> GooseMessage:
        source = given.pop("ied_column", None) or mapping.ied
        current = self._phases(mapping.currents, row)
        voltage = self._phases(mapping.voltages, row)
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
    def _phases(columns: tuple[str, ...], row: Row) -> list[float]:
        texts = [row.written[column] for column in columns]
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
