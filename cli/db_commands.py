"""``gridcrew db``: the store."""

import typer

from cli.console import OUT
from cli.options import load_settings
from orchestrator.store.engine import open_engine
from orchestrator.store.migrate import current, upgrade

app = typer.Typer(no_args_is_help=True, help="The store: upgrade.")


@app.callback()
def group() -> None:
    """The store: upgrade."""


@app.command("upgrade")
def upgrade_store() -> None:
    """Bring the store to the newest revision; every start does the same."""
    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(settings.store_url)
    upgrade(engine)
    OUT.print(f"{engine.url.render_as_string(hide_password=True)} is at revision {current(engine)}")
