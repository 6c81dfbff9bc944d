"""One tree of errors with two readers: a ToolError goes back to the model, the rest stop the run."""

from collections.abc import Iterable
from difflib import get_close_matches


def close_names(name: str, known: Iterable[str], limit: int = 5) -> str:
    """A phrase with the known names nearest to a mistyped one, for the end of an error message.

    >>> close_names("caes39", ["case9", "case39", "case118"])
    'Close names: case39, case9.'
    """
    lowered = {item.lower(): item for item in known}
    near = [lowered[key] for key in get_close_matches(name.lower(), lowered, n=limit, cutoff=0.5)]
    return f"Close names: {', '.join(near)}." if near else "No known name is close."


class GridCrewError(Exception):
    """Root of the tree: the run stops and a person looks."""


class ToolError(GridCrewError):
    """The question as put cannot be answered, and the caller can correct it; the message says how."""


class InvalidArgumentError(ToolError):
    """An argument's value is outside what the tool takes; the message names field, value and what is right."""


class UnknownElementError(ToolError):
    """No element of the grid answers to this kind and name."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"The grid has no {kind} called {name!r}. {close_names(name, known)}")


class AmbiguousElementError(ToolError):
    """A name fits several elements; the message lists their canonical forms."""


class UnknownToolError(ToolError):
    """No tool of this name is in the catalogue."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no tool called {name!r}. {close_names(name, known)}")


class UnknownRecordError(ToolError):
    """No stored run, report or grid has this identifier."""


class GridUnavailableError(ToolError):
    """The named grid cannot be had: unknown name, unreadable file, or a format that is not understood."""


class SourceMissingError(ToolError):
    """The call needs a source (telemetry, passages, records) that this context does not have."""

    def __init__(self, source: str) -> None:
        super().__init__(f"not checked: no {source}")
        self.source = source


class NotSolvedError(ToolError):
    """The power flow has no solution that can be shown; the message says what was tried."""
