"""A mapping file, read and checked."""

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from orchestrator.ingest.any_mapping import Mapping
from tools.errors import InvalidArgumentError

_MAPPING: TypeAdapter[Mapping] = TypeAdapter(Mapping)
_MOST = 5


def load_mapping(file: Path) -> Mapping:
    """The mapping in a YAML file.

    Raises:
        InvalidArgumentError: naming each field that is wrong, its value, and what would be right.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidArgumentError(f"mapping {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidArgumentError(f"mapping {file} is no UTF-8 text: byte {error.start} is wrong") from error
    except yaml.YAMLError as error:
        raise InvalidArgumentError(f"mapping {file} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise InvalidArgumentError(f"mapping {file} holds no fields; right would be 'format: wide' and so on")
    try:
        return _MAPPING.validate_python(content)
    except ValidationError as error:
        lines = [_line(item["loc"], item.get("input"), item["msg"]) for item in error.errors()[:_MOST]]
        more = error.error_count() - len(lines)
        raise InvalidArgumentError(
            f"mapping {file}: {'; '.join(lines)}{f'; and {more} more' if more else ''}"
        ) from error


def _line(where: tuple[int | str, ...], value: object, message: str) -> str:
    # The first part of the place is the format that was chosen.
    field = ".".join(str(part) for part in where[1:]) or "format"
    shown = "" if isinstance(value, dict) else f" = {value!r}"
    return f"{field}{shown}: {message.removeprefix('Value error, ')}"
