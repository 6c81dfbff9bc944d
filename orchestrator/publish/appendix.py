"""The evidence as a reader can check it: every tool call as a tree of fields, rows and values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.evidence import Evidence
from agents.report import Report
from agents.statement import Statement
from orchestrator.publish.segments import anchor
from tools.amount import is_amount
from tools.facts import is_element
from tools.subject import is_subject

ROWS_SHOWN = 12
"""Rows of a list that are always shown; rows that a statement refers to are shown wherever they stand."""
INNER_ROWS_SHOWN = 4
"""The same of a list inside a row."""
TEXT_SHOWN = 240
"""Longer texts, such as pictures, are left to the JSON form."""


@dataclass(frozen=True)
class Leaf:
    """One value as stored; ``anchor`` is empty unless a statement refers to it."""

    text: str
    path: str
    anchor: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Fields:
    """Named values of one object."""

    items: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True)
class Items:
    """Values of a plain list."""

    items: tuple["Node", ...]
    cut: bool


@dataclass(frozen=True)
class Rows:
    """A list of objects as a table; a missing field is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple["Node | None", ...], ...]
    cut: bool


Node = Leaf | Fields | Items | Rows


@dataclass(frozen=True)
class Exhibit:
    """One tool call of the appendix."""

    evidence: Evidence
    arguments: Node
    result: Node


def exhibits(report: Report) -> tuple[Exhibit, ...]:
    """Every tool call of the report, with all values that its statements refer to."""
    cited = frozenset((span.evidence, span.path) for text in statements(report) for span in text.spans)
    return tuple(
        Exhibit(
            evidence=evidence,
            arguments=_Reader(evidence.id, frozenset()).node(dict(evidence.arguments), ""),
            result=_Reader(evidence.id, frozenset(path for owner, path in cited if owner == evidence.id)).node(
                dict(evidence.result), ""
            ),
        )
        for evidence in report.evidence
    )


def anchors_of(node: Node | None) -> Iterator[str]:
    """The anchors that a tree of values offers."""
    if isinstance(node, Leaf):
        yield from (node.anchor,) if node.anchor else ()
    for inner in _inner(node):
        yield from anchors_of(inner)


def _inner(node: Node | None) -> Iterator[Node | None]:
    if isinstance(node, Fields):
        yield from (item for _, item in node.items)
    elif isinstance(node, Items):
        yield from node.items
    elif isinstance(node, Rows):
        yield from (cell for row in node.rows for cell in row)


def statements(report: Report) -> Iterator[Statement]:
    """Every statement of a report, wherever it stands."""
    yield from report.summary
    yield from report.not_checked
    yield from report.disagreements
    if report.resolved.understood:
        yield report.resolved.understood
    for section in report.sections:
        yield from section.statements
        for table in section.tables:
            yield from (cell for row in table.rows for cell in row)
            if table.omitted:
                yield table.omitted
        yield from (figure.caption for figure in section.figures)
    for finding in report.findings:
        yield from (text for text in (finding.title, finding.statement, finding.cause, finding.response) if text)
    for advice in report.recommendations:
        texts = (advice.title, advice.before, advice.after, advice.security, advice.rationale)
        yield from (text for text in texts if text)


class _Reader:
    """Turns stored JSON into nodes, keeping whatever is cited."""

    def __init__(self, evidence: str, cited: frozenset[str]) -> None:
        self._evidence = evidence
        self._cited = cited
        self._ancestors = {
            "/".join(parts[:length])
            for parts in (path.split("/") for path in cited)
            for length in range(1, len(parts) + 1)
        }

    def node(self, value: JsonValue, path: str) -> Node:
        if isinstance(value, dict) and is_amount(value):
            return self._amount(value, path)
        if isinstance(value, dict) and is_subject(value):
            return self._leaf(f"{value['kind']}:{value['name']}", path)
        if isinstance(value, dict) and not is_element(value):
            items = (
                (key, self.node(item, f"{path}/{_escape(key)}")) for key, item in value.items() if item is not None
            )
            return Fields(tuple(items))
        if isinstance(value, list):
            return self._list(value, path)
        return self._leaf(value, path)

    def _amount(self, value: dict[str, JsonValue], path: str) -> Leaf:
        """A value beside its unit; a statement may refer to the amount or to its value."""
        cited = next((place for place in (path, f"{path}/value") if place in self._cited), None)
        text = f"{value['value']} {value['unit']}".strip()
        return Leaf(text, f"{path}/value", anchor(self._evidence, cited) if cited else "", numeric=True)

    def _list(self, values: list[JsonValue], path: str) -> Node:
        inner = any(part.isdigit() for part in path.split("/"))
        shown = INNER_ROWS_SHOWN if inner else ROWS_SHOWN
        kept = [
            (index, value)
            for index, value in enumerate(values)
            if index < shown or f"{path}/{index}" in self._ancestors
        ]
        cut = len(kept) < len(values)
        objects = [value for _, value in kept if isinstance(value, dict) and not is_element(value)]
        if objects and len(objects) == len(kept):
            columns = _columns(objects)
            rows = tuple(
                tuple(
                    None if row.get(key) is None else self.node(row[key], f"{path}/{index}/{_escape(key)}")
                    for key in columns
                )
                for (index, _), row in zip(kept, objects, strict=True)
            )
            return Rows(columns, rows, cut)
        return Items(tuple(self.node(value, f"{path}/{index}") for index, value in kept), cut)

    def _leaf(self, value: JsonValue, path: str) -> Leaf:
        if isinstance(value, dict):
            name = f" {value['name']}" if value["name"] else ""
            text = f"{value['kind']}:{value['index']}{name}"
        elif isinstance(value, bool):
            text = "yes" if value else "no"
        else:
            text = str(value)
        if len(text) > TEXT_SHOWN:
            text = "long text, in the JSON form of this report"
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return Leaf(text, path, anchor(self._evidence, path) if path in self._cited else "", numeric)


def _columns(rows: Sequence[dict[str, JsonValue]]) -> tuple[str, ...]:
    """Fields that any row fills, in their first order."""
    return tuple(dict.fromkeys(key for row in rows for key, value in row.items() if value is not None))


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
