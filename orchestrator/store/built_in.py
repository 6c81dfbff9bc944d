"""Models that come with the program, as the data that a training command wrote; a stored one takes their place."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import JsonValue


@cache
def built_in(name: str) -> Mapping[str, JsonValue] | None:
    """The model of a name; None when none comes with the program."""
    found = files("orchestrator.store") / "models" / f"{name}.json"
    if not name.isidentifier() or not found.is_file():
        return None
    content: dict[str, JsonValue] = json.loads(found.read_text(encoding="utf-8"))
    return content
