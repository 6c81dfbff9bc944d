"""``gridcrew serve``: the service of a data directory."""

import socket
from contextlib import closing
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from cli.console import ERR
from cli.options import load_settings
from orchestrator.service.durable import open_durable
from orchestrator.service.host import supervised
from orchestrator.service.ownership import owning
from tools.errors import InvalidArgumentError

app = typer.Typer()
LOOPBACK = "127.0.0.1"
_DRAIN_S = 20


@app.command()
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; only 127.0.0.1 while there are no users.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any free port.")] = 8400,
) -> None:
    """Serve questions, reports, readings and schedules over HTTP until it is stopped; /docs shows how."""
    settings = load_settings()
    if host not in {LOOPBACK, "localhost"}:
        raise InvalidArgumentError(
            f"--host {host!r}: no users exist, so nobody there could be told from anybody else; {LOOPBACK} is right"
        )
    open_durable(settings).dispose()  # what is lacking is said before anything starts
    with closing(_listen(port)) as listener:
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        with owning(settings.home, address):
            ERR.print(f"Serving {settings.home} at {address}, documentation at {address}/docs")
            server = uvicorn.Server(
                uvicorn.Config(
                    create_app(settings, supervised),
                    log_level="warning",
                    timeout_graceful_shutdown=_DRAIN_S,
                    server_header=False,
                )
            )
            server.run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    """A listening socket, so that the address is known and ours before anybody is told.

    Raises:
        InvalidArgumentError: when the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise InvalidArgumentError(
            f"--port {port}: {error.strerror}; another port, or 0 for any, would be right"
        ) from error
    listener.listen(512)
    return listener
