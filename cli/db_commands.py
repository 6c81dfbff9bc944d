"""``gridcrew db``: the store."""

import typer

from cli.console import OUT
from cli.options import load_settings
from orchestrator.home import open_home
from orchestrator.store.migrate import current

app = typer.Typer(no_args_is_help=True, help="The store: upgrade.")


@app.callback()
def group() -> None:
    """The store: upgrade."""


@app.command("upgrade")
def upgrade_store() -> None:
    """Bring the store to the newest revision; every start does the same."""
    engine = open_home(load_settings()).engine
    OUT.print(f"{engine.url.render_as_string(hide_password=True)} is at revision {current(engine)}")
