"""The figure of a screening: worst outages against the branches and buses that they affect most."""

from collections.abc import Iterator

from agents.report import Figure
from orchestrator.compose.board import Exhibit
from orchestrator.compose.charts.heat_levels import Level, loading_level, voltage_level
from orchestrator.compose.charts.heat_marks import KEY, draw_absent, draw_level
from orchestrator.compose.charts.sheet import Sheet
from orchestrator.compose.phrases import Piece, Say, draft, listed
from orchestrator.gate.words import enum_forms
from tools.element import ElementRef
from tools.grid.schema.contingencies import ContingencyScreening, OutageRow
from tools.grid.schema.outage_effects import LoadingAfter, NoValue, OutageEffects, VoltageAfter

WIDTH = 720.0
_LABEL, _GAP, _HEAD, _ROW, _KEY_ROW = 112.0, 12.0, 56.0, 28.0, 20.0
_WIDEST = 58.0
_KEYS_IN_A_ROW = 4
_TITLE = "Worst outages and what they affect"
_DESCRIBED = (
    "A table of colours. Each row is an outage, the worst at the top; each column a branch with its loading, or a bus "
    "with its voltage, after that outage. Values beyond a limit are bold and framed; what has no value is hatched."
)


def heat_map(found: Exhibit[ContingencyScreening], say: Say) -> tuple[Figure, ...]:
    """Outages by rank against affected elements; none where the screening tells of no element or no outage."""
    effects = found.result.effects
    if effects is None or not found.result.rows or not (effects.branches or effects.buses):
        return ()
    return (
        Figure(
            title=_TITLE,
            caption=say(draft(*_caption(found, effects))),
            svg=_Map(found.result, effects).draw(),
            evidence=(found.evidence.id,),
        ),
    )


def _caption(found: Exhibit[ContingencyScreening], effects: OutageEffects) -> Iterator[Piece]:
    result = found.result
    yield "Values after each outage of the ranking. "
    counted: list[Piece] = [["Outages simulated: ", found.ref("outages")]]
    if result.omitted:
        counted.append(["ranked lower and not drawn: ", found.ref("omitted")])
    counted.append(["islanding: ", found.ref("islanding_outages")])
    counted.append(["diverged: ", found.ref("diverged_outages")])
    if result.loading_meaningful:
        counted.append(["branches not drawn: ", found.ref("effects", "branches_omitted")])
    counted.append(["buses not drawn: ", found.ref("effects", "buses_omitted")])
    yield [listed(counted, last="; ", comma="; "), "."]
    if not result.loading_meaningful:
        yield " Loadings were not checked: the ratings of the model are placeholders."
    if not effects.buses:
        yield " Voltages are not shown: no bus has a limit."


class _Map:
    """Columns of equal width, branches before buses."""

    def __init__(self, result: ContingencyScreening, effects: OutageEffects) -> None:
        self._result, self._effects = result, effects
        columns = len(effects.branches) + len(effects.buses)
        self._wide = min((WIDTH - _LABEL - _GAP - 4) / columns, _WIDEST)
        self._keys = self._occurring()
        self._foot = _HEAD + len(result.rows) * _ROW
        lines = -(-len(self._keys) // _KEYS_IN_A_ROW)
        self._sheet = Sheet(_TITLE, WIDTH, self._foot + 14 + lines * _KEY_ROW, _DESCRIBED)

    def draw(self) -> str:
        """The picture."""
        for row, outage in enumerate(self._result.rows):
            self._label(row, outage)
        for column, branch in enumerate(self._effects.branches):
            self._heading(column, branch.element)
            for row, loading in enumerate(branch.after):
                self._cell(column, row, branch.element, loading)
        for place, bus in enumerate(self._effects.buses):
            column = len(self._effects.branches) + place
            self._heading(column, bus.element)
            for row, voltage in enumerate(bus.after):
                self._cell(column, row, bus.element, voltage)
        self._sheet.words(4, 46, "Outage", "gcc-key")
        if self._effects.branches:
            self._sheet.words(self._x(0), 13, "Loading, % of the rating", "gcc-key")
        if self._effects.buses:
            self._sheet.words(self._x(len(self._effects.branches)), 13, "Voltage, pu", "gcc-key")
        self._key()
        return self._sheet.svg()

    def _x(self, column: int) -> float:
        aside = _GAP if column >= len(self._effects.branches) and self._effects.branches else 0.0
        return _LABEL + aside + column * self._wide

    def _label(self, row: int, outage: OutageRow) -> None:
        y = _HEAD + row * _ROW
        self._sheet.words(4, y + 12, _out_words(outage), "gcc-head identifier")
        words = enum_forms(outage.outcome)[0]
        self._sheet.value(4, y + 24, words, f"/rows/{row}/outcome", "gcc-key", "start")

    def _heading(self, column: int, element: ElementRef) -> None:
        middle = self._x(column) + self._wide / 2
        for line, text in enumerate((element.kind.value, str(element.index))):
            self._sheet.words(middle, 33 + line * 13, text, "gcc-head identifier", "middle")

    def _cell(self, column: int, row: int, element: ElementRef, cell: LoadingAfter | VoltageAfter) -> None:
        x, y = self._x(column), _HEAD + row * _ROW
        out = _out_words(self._result.rows[row])
        mark = cell.absent or _level(cell)
        group = self._sheet.group(f"{element}, {out} out: {_WORDS[mark]}")
        box = (x + 1.5, y + 1.5, self._wide - 3, _ROW - 3)
        if isinstance(mark, NoValue):
            draw_absent(self._sheet, group, mark, box)
            return
        draw_level(self._sheet, group, mark, box)
        css = "gcc-beyond" if mark >= Level.BEYOND else "gcc-cell"
        table, place = ("branches", column) if isinstance(cell, LoadingAfter) else ("buses", self._bus(column))
        field = "loading_percent" if isinstance(cell, LoadingAfter) else "vm_pu"
        path = f"/effects/{table}/{place}/after/{row}/{field}"
        self._sheet.value(x + self._wide / 2, y + _ROW / 2 + 4, _text(cell), path, css)

    def _bus(self, column: int) -> int:
        return column - len(self._effects.branches)

    def _occurring(self) -> tuple[Level | NoValue, ...]:
        """Marks of all cells, in the order of the key."""
        seen = {cell.absent or _level(cell) for branch in self._effects.branches for cell in branch.after}
        seen |= {cell.absent or _level(cell) for bus in self._effects.buses for cell in bus.after}
        return tuple(mark for mark, _ in KEY if mark in seen)

    def _key(self) -> None:
        for place, mark in enumerate(self._keys):
            line, column = divmod(place, _KEYS_IN_A_ROW)
            x, y = 4 + column * (WIDTH - 8) / _KEYS_IN_A_ROW, self._foot + 12 + line * _KEY_ROW
            box = (x, y, 20.0, 13.0)
            group = self._sheet.group(_WORDS[mark])
            if isinstance(mark, NoValue):
                draw_absent(self._sheet, group, mark, box)
            else:
                draw_level(self._sheet, group, mark, box)
            self._sheet.words(x + 26, y + 11, _WORDS[mark], "gcc-key")


_WORDS = dict(KEY)


def _level(cell: LoadingAfter | VoltageAfter) -> Level:
    return loading_level(cell) if isinstance(cell, LoadingAfter) else voltage_level(cell)


def _text(cell: LoadingAfter | VoltageAfter) -> str:
    """The value in the decimals that the column's unit needs; the unit stands above the columns."""
    if isinstance(cell, LoadingAfter):
        return f"{cell.loading_percent:.0f}"
    return f"{cell.vm_pu:.3f}"


def _out_words(outage: OutageRow) -> str:
    """What is out, short: ``line 14`` or ``line 3 + trafo 5``."""
    parts = [f"{ref.kind.value} {ref.index}" for ref in outage.elements or (outage.element,)]
    return " + ".join(parts[:2]) + (" …" if len(parts) > 2 else "")  # noqa: PLR2004 - a group may be large
