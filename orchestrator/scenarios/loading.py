"""A scenario file, read and checked: every mistake with its line, its value, and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ValidationError

from orchestrator.scenarios.schema.expected import Criteria, Expectation
from orchestrator.scenarios.schema.scenario import GridChoice, Measurement, Period, Profiles, Scenario
from orchestrator.scenarios.schema.troubles import AnyTrouble
from tools.errors import InvalidArgumentError, close_names

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BYTES = 1_000_000
_MOST = 10
_PARTS: dict[str, type[BaseModel]] = {
    "grid": GridChoice,
    "period": Period,
    "profiles": Profiles,
    "measurement": Measurement,
    "criteria": Criteria,
    "expected": Expectation,
}
_TROUBLES: dict[str, type[BaseModel]] = {
    str(model.model_fields["kind"].annotation.__args__[0]): model
    for model in AnyTrouble.__origin__.__args__  # type: ignore[attr-defined]
}


def load_scenario(file: Path) -> Scenario:
    """The scenario in a YAML or JSON file.

    Raises:
        InvalidArgumentError: one line for each mistake, with the line of the file, the value, and what would be right.
    """
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise InvalidArgumentError(f"{file}: {file.stat().st_size} bytes; at most {LARGEST_BYTES} would be right")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidArgumentError(f"scenario {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidArgumentError(f"scenario {file} is no UTF-8 text: byte {error.start} is wrong") from error
    return parse_scenario(text, str(file))


def parse_scenario(text: str, source: str) -> Scenario:
    """The scenario in a text, YAML or JSON.

    Args:
        text: The content of the file.
        source: What messages call the file.

    Raises:
        InvalidArgumentError: as ``load_scenario``.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None:
            _refuse_twice(root, source)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f", line {error.problem_mark.line + 1}"
        raise InvalidArgumentError(f"{source}{line}: no YAML or JSON: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # an impossible date, a nesting without end
        raise InvalidArgumentError(f"{source}: no YAML or JSON: {' '.join(str(error).split())}") from error
    if root is None or not isinstance(content, dict):
        raise InvalidArgumentError(f"{source}: holds no fields; right would be name, title, grid, troubles, expected")
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        lines = [_explained(root, item, source) for item in error.errors()[:_MOST]]
        more = error.error_count() - len(lines)
        raise InvalidArgumentError("\n".join([*lines, *([f"and {more} more"] if more else [])])) from error


def _explained(root: yaml.Node, item: Any, source: str) -> str:  # noqa: ANN401 - pydantic's error, a dictionary
    place, kind = (*item["loc"], *item.get("ctx", {}).get("place", ())), item["type"]
    steps = [step for step in place if not (isinstance(step, str) and step in _TROUBLES)]
    where = f"{source}, line {_line(root, place)}"
    field = ".".join(str(step) for step in steps) or "scenario"
    if kind == "extra_forbidden":
        known = _fields_at(place)
        return (
            f"{where}: {field}: there is no such field. {close_names(str(place[-1]), known)} Right: {', '.join(known)}"
        )
    if kind == "missing":
        return f"{where}: {field}: is missing"
    if kind == "union_tag_invalid":
        given = item["ctx"]["tag"]
        return f"{where}: {field}.kind = {given!r}: {close_names(given, _TROUBLES)} Right: {', '.join(_TROUBLES)}"
    if kind == "union_tag_not_found":
        return f"{where}: {field}: kind is missing; right would be one of {', '.join(_TROUBLES)}"
    value = item.get("input")
    shown = "" if isinstance(value, dict | BaseModel) else f" = {value!r:.80}"
    message = item["msg"].removeprefix("Value error, ")
    return f"{where}: {field}{shown}: {message[:1].lower()}{message[1:]}"


def _fields_at(place: tuple[int | str, ...]) -> list[str]:
    """Fields that the model knows in which a place lies."""
    model: type[BaseModel] = Scenario
    for step in place[:-1]:
        if isinstance(step, str):
            model = _TROUBLES.get(step) or _PARTS.get(step) or model
    return list(model.model_fields)


def _line(root: yaml.Node, place: tuple[int | str, ...]) -> int:
    """Line of the deepest piece of a place that the file has."""
    node, line = root, root.start_mark.line
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
            if found is not None:
                line, node = found[0].start_mark.line, found[1]
    return int(line) + 1


def _refuse_twice(root: yaml.Node, source: str) -> None:
    """YAML lets a later key replace an earlier one in silence; a scenario does not."""
    for node in _mappings(root, set()):
        seen: set[object] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise InvalidArgumentError(
                    f"{source}, line {key.start_mark.line + 1}: {key.value} stands twice; once would be right"
                )
            seen.add(key.value)


def _mappings(node: yaml.Node, walked: set[int]) -> Iterator[yaml.MappingNode]:
    if id(node) in walked:  # an alias names a node again
        return
    walked.add(id(node))
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value, walked)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _mappings(value, walked)
