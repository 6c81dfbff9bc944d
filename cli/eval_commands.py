"""``gridcrew eval``: the evaluation suite."""

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from pydantic_core import to_jsonable_python
from rich.markup import escape

from cli.console import ERR, OUT, print_json, progress, write
from cli.exits import Exit
from cli.options import JsonOption, ReasonerOption, load_settings
from evals.case import load_suite
from evals.day import runner_for
from evals.gold import check_gold
from evals.output import to_json, to_junit
from evals.run import Outcome, run_suite, tally
from orchestrator.settings import parse_reasoner

app = typer.Typer(no_args_is_help=True, help="The evaluation suite: run, gold.")
SUITES = Path(__file__).parent.parent / "evals" / "suites"
SuiteOption = Annotated[str, typer.Option("--suite", help="Name of a shipped suite, or a YAML file.")]
_TOOLS_RIGHT = 0.97
"""Share of phrasings whose required tools were called, below which the gate fails."""


def _file(suite: str) -> Path:
    shipped = SUITES / f"{suite}.yaml"
    return shipped if shipped.is_file() else Path(suite)


@app.command()
def run(
    suite: SuiteOption = "core",
    reasoner: ReasonerOption = None,
    reworded: Annotated[bool, typer.Option("--reworded/--plain", help="Also ask every rewording.")] = True,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML to this file.")] = None,
    json: JsonOption = False,
) -> None:
    """Ask a whole suite; exit 1 when a tool share below 0.97 or a single wrong number fails the gate."""
    settings = load_settings()
    loaded, choice = load_suite(_file(suite)), parse_reasoner(reasoner or settings.reasoner)
    outcomes: list[Outcome] = []
    with progress(f"Asking {loaded.name} ..."), runner_for(loaded, settings) as runner:
        for item in run_suite(loaded, lambda question: runner.ask(question, choice), perf_counter, reworded=reworded):
            outcomes.append(item)
            if not item.passed and not json:
                OUT.print(f"{item.case}[{item.phrasing}] {escape(item.question)}")
                OUT.print("\n".join(f"    {escape(reason)}" for reason in item.reasons))
    figures = tally(tuple(outcomes))
    if junit is not None:
        write(to_junit(loaded.name, tuple(outcomes)), junit)
    if json:
        print_json(to_json(loaded.name, tuple(outcomes)))
    else:
        source = "the day itself" if loaded.day else "plain pandapower"
        OUT.print(
            f"{loaded.name}: {figures.passed} of {figures.phrasings} phrasings right; tools right "
            f"{figures.tools_right:.3f}; {figures.numbers_checked} numbers held against {source}, "
            f"{figures.wrong_numbers} wrong"
        )
    if figures.tools_right < _TOOLS_RIGHT or figures.wrong_numbers:
        ERR.print("The gate failed.")
        raise typer.Exit(Exit.FAILED_CHECK)


@app.command()
def gold(suite: SuiteOption = "core", json: JsonOption = False) -> None:
    """Recompute the suite's gold without our tools; exit 1 when a value does not hold."""
    with progress("Recomputing ..."):
        checks = list(check_gold(load_suite(_file(suite))))
    if json:
        print_json(
            [
                {
                    "case": item.case,
                    **item.expected.model_dump(mode="json"),
                    "recomputed": to_jsonable_python(item.recomputed),
                    "holds": item.holds,
                }
                for item in checks
            ]
        )
    else:
        for item in checks:
            mark = "ok" if item.holds else "DIFFERS"
            OUT.print(f"{mark:8}{item.case}: {item.place}: {item.written}, recomputed {_told(item.recomputed)}")
    if not all(item.holds for item in checks):
        raise typer.Exit(Exit.FAILED_CHECK)


def _told(recomputed: object) -> str:
    """A number to six digits, a span by its ends, everything else as it is."""
    if isinstance(recomputed, tuple):
        return " to ".join(str(moment) for moment in recomputed)
    return f"{recomputed:.6g}" if isinstance(recomputed, float) else str(recomputed)
