"""Output: data goes to standard output, everything else to standard error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from pydantic import BaseModel, JsonValue
from rich.console import Console

OUT = Console(soft_wrap=True, highlight=False)
ERR = Console(stderr=True, highlight=False)


def print_json(value: BaseModel | JsonValue) -> None:
    """One JSON document on standard output."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A spinner on a terminal's standard error while something takes its time; silent in a pipe."""
    if ERR.is_terminal:
        with ERR.status(what):
            yield
    else:
        yield


def write(content: str | bytes, out: Path | None) -> None:
    """To a file, or as text to standard output."""
    if out is None:
        typer.echo(content if isinstance(content, str) else "", nl=isinstance(content, str))
        if isinstance(content, bytes):
            typer.get_binary_stream("stdout").write(content)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content.encode() if isinstance(content, str) else content)
    ERR.print(f"Written to {out}")
