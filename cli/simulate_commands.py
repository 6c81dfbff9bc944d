"""``gridcrew simulate``: scenarios with known troubles, and what the tools make of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.console import ERR, OUT, print_json, progress, write
from cli.exits import Exit
from cli.options import JsonOption, load_settings
from cli.owned import refuse_owned
from orchestrator.home import open_home, utc_now
from orchestrator.scenarios.generate import generate
from orchestrator.scenarios.generated import Generated
from orchestrator.scenarios.judging import CheckState, Judgement, Verdict, judge
from orchestrator.scenarios.library import find_scenario, named, names
from orchestrator.scenarios.storing import store, stored_context, stream
from orchestrator.scenarios.truth import TroubleTruth
from orchestrator.settings import Settings
from orchestrator.simulation.messages import as_table
from orchestrator.store.built_in import built_in
from orchestrator.store.trained_models import TrainedModels
from tools.result import canonical_json

if TYPE_CHECKING:
    from orchestrator.risk.training import Trained

app = typer.Typer(no_args_is_help=True, help="Scenarios with known troubles: list, show, check, run; train on them.")
_CODES = {Verdict.PASSED: Exit.DONE, Verdict.FAILED: Exit.FAILED_CHECK, Verdict.NOT_CHECKED: Exit.MISSING}
_SHOWN = 10
NameArgument = Annotated[str, typer.Argument(help="A scenario of the library, or a YAML or JSON file.")]


@app.command("list")
def list_scenarios(json: JsonOption = False) -> None:
    """The scenarios of the library."""
    found = [named(name) for name in names()]
    if json:
        print_json(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "grid": one.grid.case,
                    "hours": one.period.hours,
                    "troubles": [str(trouble.kind) for trouble in one.troubles],
                }
                for one in found
            ]
        )
        return
    table = Table("Scenario", "Grid", "Hours", "What it is", box=None)
    for one in found:
        table.add_row(one.name, one.grid.case, f"{one.period.hours:g}", escape(one.title))
    OUT.print(table)


@app.command()
def show(name: NameArgument) -> None:
    """A scenario with everything filled in, as JSON."""
    print_json(find_scenario(name))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="YAML or JSON file.")],
    json: JsonOption = False,
) -> None:
    """Whether a file is a scenario, and whether its grid and troubles can be simulated."""
    scenario = find_scenario(str(file)) if file.suffix else find_scenario(f"{file}.yaml")
    with progress("Simulating ..."):
        generated = generate(scenario)
    if json:
        print_json({"name": scenario.name, "valid": True, "readings": generated.readings})
        return
    OUT.print(f"{escape(scenario.name)}: right; {len(generated.series)} sensors, {generated.readings} readings")


@app.command()
def run(
    name: NameArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Simulate and tell the truth; store nothing.")] = False,
    into: Annotated[
        str | None, typer.Option("--into", help="Name that the grid is registered under; the scenario's when absent.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Post readings one moment after the other.")] = False,
    speed: Annotated[float, typer.Option("--speed", help="With --live: simulated seconds in one second.")] = 60.0,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Draw other magnitudes, places and noise.")] = None,
    messages: Annotated[Path | None, typer.Option("--messages", help="Write the protocol messages to a file.")] = None,
    json: JsonOption = False,
) -> None:
    """Simulate a scenario into the store and judge what the tools find in it.

    Exit code 1 when the criteria fail, 3 when something expected could not be checked.
    """
    scenario = find_scenario(name)
    with progress("Simulating ..."):
        generated = generate(scenario, seed, into)
    if messages is not None:
        write(as_table(generated.messages), messages)
    if dry_run:
        _tell(generated, json=json)
        return
    settings = load_settings()
    refuse_owned(settings)
    judgement = _carry_out(generated, settings, speed if live else None)
    if json:
        print_json(judgement)
    else:
        _show(judgement)
    if code := _CODES[judgement.verdict]:
        raise typer.Exit(code)


@app.command()
def train(
    incidents: Annotated[
        int,
        typer.Option("--incidents", min=24, help="Simulated incidents to learn from; two fifths more are held out."),
    ] = 240,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What they are drawn from.")] = 1,
    grid: Annotated[
        str | None, typer.Option("--grid", help="Learn from the judged incidents of this grid as well.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the model to a file, and store nothing.")] = None,
    json: JsonOption = False,
) -> None:
    """Train the model of the risk of incidents; it is kept only where it is better than the one in use."""
    from orchestrator.risk.judged_hours import judged_hours  # noqa: PLC0415 - scikit-learn loads slowly
    from orchestrator.risk.training import train as train_risk  # noqa: PLC0415
    from tools.detection.risk.record import MODEL_NAME  # noqa: PLC0415

    settings = load_settings()
    refuse_owned(settings)
    home = open_home(settings)
    models = TrainedModels(home.engine, utc_now)
    judged, left_out = ([], ()) if grid is None else judged_hours(home, grid)
    in_use = None if out is not None else models.read(MODEL_NAME) or built_in(MODEL_NAME)
    with progress("Simulating and training ..."):
        trained = train_risk(in_use, incidents, seed, judged)
    if out is not None:
        write(f"{canonical_json(trained.record)}\n", out)
    elif trained.replaces:
        models.save(MODEL_NAME, trained.record)
    _show_training(trained, left_out, json=json)


def _show_training(trained: Trained, left_out: tuple[str, ...], *, json: bool) -> None:
    record, old = trained.record, trained.old
    if json:
        print_json(
            {
                "fingerprint": record.fingerprint,
                "replaces": trained.replaces,
                "new": record.standing.model_dump(mode="json"),
                "in_use": None if old is None else old.model_dump(mode="json"),
                "rival": record.rival.model_dump(mode="json"),
                "beats_rival": record.beats_rival,
                "hours": record.hours,
                "confirmed_hours": record.confirmed_hours,
                "held_out_hours": record.held_out_hours,
                "left_out": list(left_out),
            }
        )
        return
    OUT.print(f"Learnt from {record.hours} hours, {record.confirmed_hours} of them judged by people")
    for one in (record.standing, record.rival, *(() if old is None else (old,))):
        OUT.print(f"{one.name}: ROC AUC {one.roc_auc:.3f}, Brier {one.brier:.4f}, on {record.held_out_hours} hours")
    for line in left_out:
        OUT.print(f"left out: {escape(line)}")
    OUT.print("The new model is used from now on." if trained.replaces else "The model in use is better: it stays.")
    if not record.beats_rival:
        OUT.print("It does not beat its unsupervised rival, and its answers will say so.")


def _carry_out(generated: Generated, settings: Settings, speed: float | None) -> Judgement:
    """Store or stream, then judge what is stored."""
    home = open_home(settings)
    if speed is None:
        with progress("Storing ..."):
            store(generated, home)
    else:
        with progress(f"Streaming at {speed:g} times real time ..."):
            done = stream(generated, home, speed)
        ERR.print(f"Posted: {done.taken} readings taken, {done.duplicates} duplicates, {done.rejected} rejected")
    with progress("The tools are looking ..."):
        return judge(generated, stored_context(generated, home))


def _tell(generated: Generated, *, json: bool) -> None:
    """The truth of a dry run."""
    if json:
        print_json(
            {
                "scenario": generated.scenario.name,
                "seed": generated.seed,
                "grid": generated.grid.name,
                "sensors": len(generated.series),
                "readings": generated.readings,
                "truth": [one.model_dump(mode="json") for one in generated.truth],
            }
        )
        return
    OUT.print(f"{escape(generated.scenario.title)} (seed {generated.seed}; all of it is simulated)")
    OUT.print(f"{len(generated.series)} sensors, {generated.readings} readings, {len(generated.logs)} log entries")
    _show_truth(generated.truth)


def _show_truth(truth: tuple[TroubleTruth, ...]) -> None:
    if not truth:
        OUT.print("Nothing goes wrong.")
    for one in truth:
        seen = one.detectability
        basis = f"SNR {seen.snr:g}, {seen.threshold:g} is needed" if seen.snr is not None else f"seen by {seen.seen_by}"
        could = "detectable" if seen.detectable else "not detectable"
        OUT.print(
            f"Truth: {one.kind} of {escape(one.subject)}, {one.start:%Y-%m-%d %H:%M:%S} to {one.end:%H:%M:%S} UTC, "
            f"{one.magnitude:g} {one.magnitude_unit}; {could} ({basis})"
        )


def _show(judgement: Judgement) -> None:
    _show_truth(judgement.truth)
    for one in judgement.checks:
        what = f"{' or '.join(one.kinds)} of {escape(one.subject)} by {one.tool}"
        if one.state is CheckState.NOT_CHECKED:
            OUT.print(f"not checked: {escape(one.reason or '')} ({what})")
        else:
            at = f", begins {one.finding.start:%H:%M:%S} UTC" if one.finding else ""
            OUT.print(f"{one.state}: {what}{at}")
    for found in judgement.false_alarms[:_SHOWN]:
        OUT.print(f"false alarm: {found.kind} of {escape(found.subject)} by {found.tool}, {found.start:%H:%M:%S} UTC")
    if len(judgement.false_alarms) > _SHOWN:
        OUT.print(f"false alarms in all: {len(judgement.false_alarms)}")
    OUT.print(
        f"{judgement.scenario}: {str(judgement.verdict).replace('_', ' ')} "
        f"({judgement.found} found, {judgement.missed} missed, {judgement.not_checked} not checked, "
        f"{len(judgement.false_alarms)} false alarms)"
    )
