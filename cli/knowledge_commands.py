"""``gridcrew knowledge``: the library of standards."""

from typing import Annotated

import typer
from rich.markup import escape

from cli.console import OUT, print_json, progress
from cli.options import JsonOption, load_settings
from knowledge.library import open_library

app = typer.Typer(no_args_is_help=True, help="The library of standards: search.")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A question in plain words, or a clause.")],
    limit: Annotated[int, typer.Option(min=1, max=20)] = 5,
    json: JsonOption = False,
) -> None:
    """The nearest passages; the texts are our digests, not the standards' wording."""
    with progress("Searching ..."):
        hits = open_library(load_settings().home / "library").search(query, limit)
    if json:
        print_json(
            [{key: getattr(hit, key) for key in ("id", "document", "edition", "clause", "text")} for hit in hits]
        )
        return
    for hit in hits:
        OUT.print(
            f"[bold]{escape(hit.document)} ({escape(hit.edition)}), {escape(hit.clause)}[/bold]: {escape(hit.title)}"
        )
        OUT.print(escape(hit.text), "\n")
    if not hits:
        OUT.print("The library has nothing near this question.")
