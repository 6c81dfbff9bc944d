"""A report as PDF, made from the same page; nothing is ever fetched for it."""

from zoneinfo import ZoneInfo

from agents.report import Report
from orchestrator.publish.errors import PublishError
from orchestrator.publish.html import render_page


def to_pdf(report: Report, zone: ZoneInfo) -> bytes:
    """The report on paper: A4, tagged for screen readers, evidence unfolded.

    Args:
        report: What to show.
        zone: Local time zone of the reader; UTC stands beside it.

    Raises:
        PublishError: when the page asks for anything outside itself, or is not fit to be shown.
    """
    from weasyprint import HTML  # noqa: PLC0415 - the PDF engine loads slowly, and only here

    page = HTML(string=render_page(report, zone, paper=True), url_fetcher=refuse)
    document: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return document


def refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    """A report is whole in itself; whatever asks for an address came in by a changed record."""
    raise PublishError(f"a report must not fetch anything; it asked for {url!r}")
