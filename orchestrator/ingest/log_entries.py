"""Entries of the access, command, alarm and switching logs, one in a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.ingest.entry_rows import EntryReader, Row
from orchestrator.ingest.log_mapping import RAISE, RETURN
from orchestrator.ingest.records import WrongCellError
from tools.amount import Amount
from tools.element import ElementRef, parse_canonical
from tools.security.quoting import quoted_line, quoted_name
from tools.telemetry.schema.log import LogEntry, LogKind

if TYPE_CHECKING:
    from orchestrator.ingest.log_mapping import LogMapping
    from orchestrator.ingest.rejects import Rejects
    from orchestrator.ingest.rows import TableSource
    from tools.grid.inventory import Inventory

_NAMES = ("host", "origin", "account", "order")


class LogReader(EntryReader):
    """Reads the rows of a table as entries of one log.

    Args:
        table: With the columns of the mapping.
        mapping: What they are.
        key: Of file, mapping and grid.
        rejects: Takes the rows that are no entries.
        inventory: Of the grid that the log belongs to; None where it is not known.
    """

    def __init__(
        self, table: TableSource, mapping: LogMapping, key: str, rejects: Rejects, inventory: Inventory | None = None
    ) -> None:
        super().__init__(table, mapping.time, mapping.named(), key, rejects)
        self._mapping = mapping
        self._inventory = inventory

    def entry(self, row: Row) -> LogEntry:
        """The entry that a row is."""
        mapping = self._mapping
        cells = {field: cell for field, cell in row.named.items() if cell not in mapping.missing}
        kind = LogKind(mapping.log)
        names = {field: quoted_name(cells[field]) for field in _NAMES if field in cells}
        return LogEntry(
            id=self.identifier(row),
            kind=kind,
            at=row.at,
            **names,
            action=self._action(cells, kind),
            success=_either("success", cells, mapping.true, mapping.false),
            count=_whole(cells.get("count", "1")),
            element=self._element(cells.get("element")),
            closed=_either("closed", cells, mapping.closed_words, mapping.open_words),
            set_point=self._set_point(cells.get("set_point")),
            text=quoted_line(cells["text"]) if "text" in cells else row.shown,
        )

    def _action(self, cells: dict[str, str], kind: LogKind) -> str:
        if "action" not in cells:
            raise WrongCellError("no action")
        written = cells["action"]
        named = self._mapping.actions
        action = named.get(written, quoted_name(written).lower())
        if kind is LogKind.ALARM and action not in {RAISE, RETURN}:
            raise WrongCellError(f"action {action!r:.60} of an alarm; {RAISE} or {RETURN} would be right, or name it")
        if named and action not in named.values():
            raise WrongCellError(f"action {written!r:.60} that the mapping does not name; it has {', '.join(named)}")
        return action

    def _element(self, written: str | None) -> ElementRef | None:
        if written is None:
            return None
        if written in self._mapping.elements:
            ref = self._mapping.elements[written]
        elif (found := parse_canonical(written)) is not None:
            ref = ElementRef(kind=found[0], index=found[1])
        else:
            raise WrongCellError("element that is not understood; line:14 would be, or its name under elements")
        if ref is not None and self._inventory is not None and self._inventory.get(ref.kind, ref.index) is None:
            raise WrongCellError(f"element {ref} that the grid does not have")
        return ref

    def _set_point(self, written: str | None) -> Amount | None:
        if written is None:
            return None
        try:
            value = float(written.replace(self._mapping.decimal, "."))
        except ValueError as error:
            raise WrongCellError(f"set_point {written!r:.40} that is no number") from error
        return Amount(value=value, unit=self._mapping.set_point_unit)


def _either(field: str, cells: dict[str, str], yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    """Yes or no as the mapping words them; None where the row does not say."""
    if field not in cells:
        return None
    if cells[field] in yes:
        return True
    if cells[field] in no:
        return False
    raise WrongCellError(
        f"{field} {cells[field]!r:.40} that the mapping does not name; it has {', '.join((*yes, *no))}"
    )


def _whole(written: str) -> int:
    try:
        return int(written)
    except ValueError as error:
        raise WrongCellError(f"count {written!r:.40} that is no whole number") from error
