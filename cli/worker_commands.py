"""``gridcrew worker``: the process that carries out the service's runs; ``serve`` starts and keeps it."""

import typer

from cli.options import load_settings
from orchestrator.service.nursery import run_nursery

app = typer.Typer()


@app.command()
def worker() -> None:
    """Carry out the runs of a data directory until it is stopped or standard input closes; ``serve`` starts it."""
    run_nursery(load_settings())
