"""``gridcrew grid``: grids of the user's own beside the shipped cases."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.console import OUT, print_json, progress
from cli.options import JsonOption, load_settings
from orchestrator.catalogue import find_tool
from orchestrator.grids import register_grid
from orchestrator.runner import Runner
from orchestrator.single import call_once
from tools.grid.importing import known_cases
from tools.grid.schema.model_check import ModelCheck

app = typer.Typer(no_args_is_help=True, help="Grids: add, list, show.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name to ask for it by.")],
    source: Annotated[
        str,
        typer.Argument(
            help="Case name, or a file: pandapower .json, MATPOWER .m, CGMES .zip, PSS/E .raw or .rawx, IEEE-CDF .cdf, "
            "UCTE .uct, XIIDM .xiidm; also .gz."
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Register a grid under a name; an earlier version stays, so that old runs can be recomputed."""
    with progress("Importing ..."):
        added = register_grid(name, source, Runner(load_settings()).grids)
    if json:
        print_json(added)
        return
    OUT.print(f"{escape(added.name)} is registered, fingerprint {added.fingerprint[:12]}")
    for note in added.notes:
        OUT.print(f"Note: {escape(note)}")


@app.command("list")
def list_grids(json: JsonOption = False) -> None:
    """Registered grids and shipped cases."""
    registered = Runner(load_settings()).grids.list()
    if json:
        print_json({"registered": [item.model_dump(mode="json") for item in registered], "cases": list(known_cases())})
        return
    table = Table("Registered", "Source", "Fingerprint", box=None)
    for item in registered:
        table.add_row(item.name, item.source, item.fingerprint[:12])
    OUT.print(table)
    OUT.print(f"Shipped cases: {', '.join(known_cases())}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Case name, file, or registered grid.")],
    json: JsonOption = False,
) -> None:
    """What is in a grid's model and what is wrong with it."""
    with progress("Checking the model ..."):
        evidence, _ = call_once(Runner(load_settings()), find_tool("check_model"), {}, grid=name)
        check = ModelCheck.model_validate(evidence.result)
    if json:
        print_json(evidence)
        return
    table = Table("Table", "Elements", "Out of service", box=None)
    for row in check.tables:
        table.add_row(row.kind, str(row.count), str(row.out_of_service))
    OUT.print(table)
    for note in check.notes:
        OUT.print(f"Note: {escape(note)}")
    for defect in check.defects:
        OUT.print(
            f"{defect.severity}: {defect.kind} ({defect.count} of {defect.checked}): {escape(defect.explanation)}"
        )
