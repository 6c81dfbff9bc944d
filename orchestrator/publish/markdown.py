"""A report as Markdown: the same order, every figure followed by the number of its evidence."""

import json
import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from agents.finding import Finding, Recommendation
from agents.report import Report, Section, Table
from agents.statement import Statement
from orchestrator.publish import wording
from orchestrator.publish.moments import moment
from orchestrator.publish.segments import segments
from orchestrator.publish.wording import Badge

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!~&@$])")
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)](?:\s|$)))")
_AUTOLINK = re.compile(r"(?i)(://|www(?=\.))")
LONGEST_JSON = 4000
"""Characters of a tool's result that Markdown shows; the JSON form has all of it."""


def escape(text: str) -> str:
    r"""Text that Markdown shows as it stands: no link, image, heading, table, HTML or mail address arises.

    >>> escape("![x](javascript:alert(1)) <b>")
    '\\!\\[x\\](javascript:alert(1)) \\<b\\>'
    """
    return _LINE_START.sub(_disarmed, _inline(text))


def _inline(text: str) -> str:
    """As ``escape``, for text that stands inside a line."""
    plain = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _AUTOLINK.sub(lambda match: r":\//" if match[0] == "://" else f"{match[0]}\\", plain)


def _disarmed(match: re.Match[str]) -> str:
    """A list or a rule at the start of a line: its mark is escaped; of a numbered item, the point behind it."""
    mark = match[2]
    return f"{match[1]}{mark}\u2060" if mark.isdigit() else f"{match[1]}\\{mark}"


def to_markdown(report: Report, zone: ZoneInfo) -> str:
    """The report as Markdown text.

    Args:
        report: What to show.
        zone: Local time zone of the reader; UTC stands beside it.

    Raises:
        PublishError: when a statement's spans are not fit to be shown.
    """
    lines = [*_head(report, zone)]
    for section in report.sections:
        if section.key != "summary":  # it is the head
            lines += _section(section)
    lines += _block("Findings", (line for finding in report.findings for line in _finding(finding)))
    lines += _block("Recommendations", (line for advice in report.recommendations for line in _advice(advice)))
    lines += _block("Not checked", (f"- {_said(item)}" for item in report.not_checked))
    lines += _block("Disagreements", (f"- {_said(item)}" for item in report.disagreements))
    struck = (f"- {escape(item.masked)} ({escape(item.reason)})" for item in report.struck)
    lines += _block("Struck by the number gate", struck)
    lines += _block("Citations", _citations(report))
    acknowledged = (
        f"- {escape(item.name)}, {escape(item.role)}, {moment(item.at, zone)}" for item in report.acknowledgements
    )
    lines += _block("Acknowledged by", acknowledged)
    lines += _block("Evidence", _evidence(report))
    return "\n".join([*lines, *_foot(report, zone)]).rstrip() + "\n"


def _said(statement: Statement) -> str:
    """A statement with the evidence behind each figure, as in ``111.8 % [e1]``."""
    line = "".join(
        f"{_spaced(piece.text)} \\[{piece.evidence}\\]" if piece.css == "ev" else _spaced(piece.text)
        for piece in segments(statement)
    )
    return _LINE_START.sub(_disarmed, line)


def _spaced(text: str) -> str:
    """Escaped, with the blanks at its ends that join it to its neighbours."""
    body = _inline(text)
    if not body:
        return " "
    return f"{' ' if text[0].isspace() else ''}{body}{' ' if text[-1].isspace() else ''}"


def _mark(badge: Badge) -> str:
    return f"{badge.shape} {badge.word}"


def _block(title: str, lines: Iterable[str]) -> list[str]:
    body = list(lines)
    return [f"## {title}", "", *body, ""] if body else []


def _head(report: Report, zone: ZoneInfo) -> Iterator[str]:
    answer, *rest = report.summary
    yield f"# {_said(answer)}"
    yield ""
    for sentence in rest:
        yield f"{_said(sentence)}\n"
    yield f"- Asked: {escape(report.question.text)}"
    yield f"- Status: {_mark(wording.STATUS[report.status])}"
    if report.resolved.understood:
        yield f"- Understood: {_said(report.resolved.understood)}"
    if report.resolved.reason:
        yield f"- Reservation: {escape(report.resolved.reason)}"
    yield f"- Valid as of: {moment(report.as_of, zone)}"
    if report.valid_until:
        yield f"- Valid until: {moment(report.valid_until, zone)}"
    if report.grid:
        yield f"- Grid: {escape(report.grid.name)}"
    yield f"- Worded by: {_reasoner(report)}"
    yield ""


def _reasoner(report: Report) -> str:
    stamp = report.reasoner
    embedded = stamp.kind == "embedded"
    text = wording.EMBEDDED_NOTE if embedded else f"language model {escape(f'{stamp.kind}:{stamp.model}')}"
    if stamp.degraded:
        text += ", fell back to the embedded text"
    return f"{text} ({escape(stamp.note)})" if stamp.note else text


def _section(section: Section) -> Iterator[str]:
    yield f"## {escape(section.title)} ({_mark(wording.STATE[section.state])})"
    yield ""
    for sentence in section.statements:
        yield f"- {_said(sentence)}"
    yield ""
    for table in section.tables:
        yield from _table(table)
    for figure in section.figures:
        yield f"Figure, in the HTML and PDF forms: {escape(figure.title)}. {_said(figure.caption)}\n"


def _table(table: Table) -> Iterator[str]:
    yield f"**{escape(table.title)}**\n"
    yield "| " + " | ".join(escape(column) for column in table.columns) + " |"
    yield "|" + " --- |" * len(table.columns)
    for row in table.rows:
        yield "| " + " | ".join(_said(cell) for cell in row) + " |"
    yield ""
    if table.omitted:
        yield f"{_said(table.omitted)}\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"### {_mark(wording.SEVERITY[finding.severity])}: {_said(finding.title)}"
    yield ""
    yield _said(finding.statement)
    if finding.cause:
        yield ""
        yield f"{(wording.CAUSE[finding.verdict] if finding.verdict else 'cause').capitalize()}: {_said(finding.cause)}"
    if finding.response:
        yield ""
        yield f"Response: {_said(finding.response)}"
    yield ""
    yield f"{finding.id}, confidence {finding.confidence.value}, evidence {', '.join(finding.evidence)}"
    yield ""


def _advice(advice: Recommendation) -> Iterator[str]:
    yield f"### {_mark(wording.VERDICT[advice.verdict])}: {_said(advice.title)}"
    yield ""
    yield _said(advice.rationale)
    yield ""
    for name, text in (("Before", advice.before), ("After", advice.after), ("N-1", advice.security)):
        if text:
            yield f"- {name}: {_said(text)}"
    sources = ", ".join((*advice.evidence, *advice.citations))
    yield f"- {advice.id}: {sources}" if sources else f"- {advice.id}"
    yield ""


def _citations(report: Report) -> Iterator[str]:
    for item in report.citations:
        yield f"- {item.id}: {escape(f'{item.document}, {item.edition}, {item.clause}')}"
        yield f"  > {escape(item.quote)}"
    if report.citations:
        yield ""
        yield wording.CITATION_NOTE


def _evidence(report: Report) -> Iterator[str]:
    for item in report.evidence:
        yield f"### {item.id}: {escape(item.tool)}"
        yield ""
        yield f"Arguments: {_code(json.dumps(item.arguments, ensure_ascii=False, sort_keys=True))}"
        yield ""
        text = json.dumps(item.result, ensure_ascii=False, sort_keys=True)
        shown = text if len(text) <= LONGEST_JSON else text[:LONGEST_JSON] + " ... (the rest stands in the JSON form)"
        yield f"Result: {_code(shown)}"
        yield ""
        yield f"Digest: `{item.digest}`"
        yield ""


def _code(text: str) -> str:
    """A code span whose fence is longer than any run of backticks inside."""
    plain = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall(r"`+", plain)), default=0) + 1)
    return f"{fence} {plain} {fence}"


def _foot(report: Report, zone: ZoneInfo) -> Iterator[str]:
    yield "---"
    yield ""
    yield f"- Report: {escape(report.id)}"
    yield f"- Run: {escape(report.run_id)}"
    yield f"- Verify: {_code(f'gridcrew run verify {report.run_id}')}"
    yield f"- Made: {moment(report.created_at, zone)}"
    for name, fingerprint in sorted(report.prompts.items()):
        yield f"- Prompt {escape(name)}: {escape(fingerprint)}"
    yield f"- {wording.ADVICE_NOTE}"
