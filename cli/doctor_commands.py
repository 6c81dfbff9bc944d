"""``gridcrew doctor``: is everything here that the service needs?"""

import platform
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version

import httpx
import typer
from ollama import Client
from rich.table import Table

from cli.console import OUT, print_json
from cli.exits import Exit
from cli.options import JsonOption, load_settings
from knowledge.embedding import load_embedder
from orchestrator.home import open_home
from orchestrator.service.durable import clock_problem
from orchestrator.service.ownership import find_owner
from orchestrator.settings import Settings, parse_reasoner
from orchestrator.store.migrate import current, newest
from tools.errors import GridCrewError

app = typer.Typer()


@dataclass(frozen=True)
class Check:
    """One line of the doctor.

    Attributes:
        name: What was looked at.
        fine: Whether it will do.
        detail: What was found, and the remedy where it will not do.
    """

    name: str
    fine: bool
    detail: str


@app.command()
def doctor(json: JsonOption = False) -> None:
    """Look at Python, store, embeddings, engines and the model server; exit 3 when something is missing."""
    settings = load_settings()
    checks = [_guarded(name, check, settings) for name, check in _CHECKS.items()]
    if json:
        print_json([asdict(check) for check in checks])
    else:
        table = Table("Check", "", "Found", box=None)
        for check in checks:
            table.add_row(check.name, "ok" if check.fine else "MISSING", check.detail)
        OUT.print(table)
    if not all(check.fine for check in checks):
        raise typer.Exit(Exit.MISSING)


def _guarded(name: str, check: Callable[[Settings], tuple[bool, str]], settings: Settings) -> Check:
    try:
        fine, detail = check(settings)
    except (GridCrewError, OSError, httpx.HTTPError) as error:
        fine, detail = False, str(error)
    return Check(name, fine, detail)


def _python(settings: Settings) -> tuple[bool, str]:
    del settings
    fine = (3, 11) <= sys.version_info[:2] < (3, 14)
    return fine, f"{platform.python_version()}; 3.11 to 3.13 would do"


def _sqlite(settings: Settings) -> tuple[bool, str]:
    """Durable runs need a sub-second clock in SQLite."""
    problem = None if settings.database_url else clock_problem()
    return problem is None, problem or sqlite3.sqlite_version


def _service(settings: Settings) -> tuple[bool, str]:
    owner = find_owner(settings.home)
    if owner is None:
        return True, "none runs over this data directory"
    found = httpx.get(f"{owner.address}/health/ready", timeout=5, trust_env=False).json()
    said = (*found["reasons"], *found["warnings"]) or ("ready",)
    return found["status"] == "ready" and not found["warnings"], f"{owner.address}: {'; '.join(said)}"


def _store(settings: Settings) -> tuple[bool, str]:
    engine = open_home(settings).engine
    return current(
        engine
    ) == newest(), f"{engine.url.render_as_string(hide_password=True)} at revision {current(engine)}"


def _embeddings(settings: Settings) -> tuple[bool, str]:
    del settings
    width = load_embedder().embed(["voltage"]).shape[1]
    return True, f"MiniLM loaded, its weights have the expected SHA-256; {width} dimensions"


def _engines(settings: Settings) -> tuple[bool, str]:
    del settings
    names = ("pandapower", "lightsim2grid", "pypowsybl", "crewai", "chromadb")
    return True, ", ".join(f"{name} {version(name)}" for name in names)


def _reasoner(settings: Settings) -> tuple[bool, str]:
    choice = parse_reasoner(settings.reasoner)
    if choice.kind == "embedded":
        return True, "embedded: no model server needed"
    if choice.kind == "ollama":
        return _ollama(str(settings.ollama_url), choice.model)
    if settings.openai_url is None:
        return False, "openai:MODEL needs GRIDCREW_OPENAI_URL"
    key = settings.openai_key.get_secret_value()
    url = f"{str(settings.openai_url).rstrip('/')}/models"
    reply = httpx.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=5)
    return reply.is_success, f"{url} answers {reply.status_code}"


def _ollama(url: str, model: str) -> tuple[bool, str]:
    names = [item.model or "" for item in Client(host=url, timeout=5).list().models]
    known = ", ".join(names) or "none"
    return any(name.split(":")[0] == model.split(":", maxsplit=1)[0] for name in names), f"models at {url}: {known}"


_CHECKS: dict[str, Callable[[Settings], tuple[bool, str]]] = {
    "Python": _python,
    "SQLite": _sqlite,
    "Store": _store,
    "Service": _service,
    "Embeddings": _embeddings,
    "Engines": _engines,
    "Reasoner": _reasoner,
}
