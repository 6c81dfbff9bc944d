"""The scenarios that come with the project: one file each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.scenarios.loading import load_scenario
from tools.errors import InvalidArgumentError, close_names

if TYPE_CHECKING:
    from orchestrator.scenarios.schema.scenario import Scenario

LIBRARY = Path(__file__).parent / "library"
_ENDINGS = (".yaml", ".yml", ".json")


def names() -> tuple[str, ...]:
    """Names of all scenarios, sorted."""
    return tuple(sorted(file.stem for file in LIBRARY.iterdir() if file.suffix in _ENDINGS))


@lru_cache(maxsize=128)
def named(name: str) -> Scenario:
    """A scenario of the library.

    Raises:
        InvalidArgumentError: when there is none of this name, or its file is wrong.
    """
    file = LIBRARY / f"{name}.yaml"
    if name not in names():
        raise InvalidArgumentError(f"there is no scenario {name!r}, and no such file. {close_names(name, names())}")
    scenario = load_scenario(file)
    if scenario.name != name:
        raise InvalidArgumentError(f"{file.name}: name = {scenario.name!r}; the file's, {name!r}, would be right")
    return scenario


def find_scenario(name: str) -> Scenario:
    """A scenario of the library by its name, or the one in a file.

    Raises:
        InvalidArgumentError: when there is neither, or the file is wrong.
    """
    file = Path(name)
    if file.suffix in _ENDINGS:
        return load_scenario(file)
    return named(name)
