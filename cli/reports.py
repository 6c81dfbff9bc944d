"""Reports on the command line: a short text for the terminal, the other formats through the publisher."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from rich.markup import escape

from agents.finding import Recommendation
from agents.report import Report
from agents.statement import Statement
from cli.console import ERR, OUT, print_json, write
from cli.options import Format
from tools.vocabulary import ActionVerdict

_ADVICE = 3
Writer: TypeAlias = Callable[[Report, ZoneInfo], str | bytes]


def show_report(report: Report, form: Format, out: Path | None, zone: ZoneInfo) -> None:
    """Print or write a report in the format asked for."""
    if form is Format.TEXT and out is None:
        _print(report, zone)
    elif form is Format.JSON or (form is Format.TEXT and out is not None and out.suffix == ".json"):
        print_json(report) if out is None else write(report.model_dump_json(indent=2), out)
    else:
        _publish(report, form, out, zone)


def _publish(report: Report, form: Format, out: Path | None, zone: ZoneInfo) -> None:
    from orchestrator.publish import to_html, to_markdown, to_pdf  # noqa: PLC0415 - the PDF engine loads slowly

    writers: dict[Format, Writer] = {
        Format.HTML: to_html,
        Format.PDF: to_pdf,
        Format.MARKDOWN: to_markdown,
        Format.TEXT: to_markdown,
    }
    write(writers[form](report, zone), out)


def _print(report: Report, zone: ZoneInfo) -> None:
    first, *more = report.summary
    OUT.print(f"[bold]{escape(first.text)}[/bold]")
    _lines("", more)
    if report.recommendations:
        OUT.print()
    worth_reading = _worth_reading(report)
    for item in worth_reading[:_ADVICE]:
        OUT.print(f"Advice, {_verdict(item)}: {escape(item.title.text)}. {escape(item.rationale.text)}")
    if more_advice := len(worth_reading[_ADVICE:]):
        OUT.print(f"Further advice: {more_advice}, in the report: gridcrew report show {report.id} --format md")
    _lines("Disagreement: ", report.disagreements)
    _lines("Not checked: ", report.not_checked)
    for struck in report.struck:
        OUT.print(f"Struck ({escape(struck.reason)}): {escape(struck.masked)}")
    understood = report.resolved.understood
    OUT.print()
    if understood is not None:
        OUT.print(f"Understood: {escape(understood.text)}")
    OUT.print(f"Valid as of {_moment(report.as_of, zone)}. {_worded_by(report)}")
    ERR.print(f"Run {report.run_id}: gridcrew run show {report.run_id}; gridcrew run verify {report.run_id}")


def _worth_reading(report: Report) -> tuple[Recommendation, ...]:
    """Advice that helps; rejected only where there is no other."""
    usable = tuple(item for item in report.recommendations if item.verdict is not ActionVerdict.REJECTED)
    return usable or report.recommendations


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """Local time with its zone beside UTC; once where they are the same."""
    local, utc = f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}", f"{at.astimezone(UTC):%Y-%m-%d %H:%M UTC}"
    return local if local == utc else f"{local} ({utc})"


def _verdict(item: Recommendation) -> str:
    return item.verdict.value.replace("_", " ")


def _lines(head: str, statements: tuple[Statement, ...] | list[Statement]) -> None:
    for item in statements:
        OUT.print(f"{head}{escape(item.text)}")


def _worded_by(report: Report) -> str:
    if report.reasoner.kind == "embedded":
        return "Worded by the embedded reasoner, which is no language model."
    if report.reasoner.degraded:
        return f"Worded by the embedded reasoner: {escape(report.reasoner.note)}."
    return f"Worded with {escape(report.reasoner.kind)}:{escape(report.reasoner.model)}."
