"""A report as one HTML file: no script, no outside reference, readable on a desk, a phone and paper."""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from agents.report import Report
from orchestrator.gate.wordings import CRITERION
from orchestrator.publish import wording
from orchestrator.publish.appendix import anchors_of, exhibits
from orchestrator.publish.coverage import find_coverage
from orchestrator.publish.moments import moment
from orchestrator.publish.picture import safe_picture, style_texts
from orchestrator.publish.segments import segments

_TEMPLATES = Path(__file__).parent / "templates"
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def to_html(report: Report, zone: ZoneInfo) -> str:
    """The whole report as one self-contained file; equal reports give equal files.

    Args:
        report: What to show.
        zone: Local time zone of the reader; UTC stands beside it.

    Raises:
        PublishError: when a statement's spans or a figure are not fit to be shown.
    """
    return render_page(report, zone, paper=False)


def render_page(report: Report, zone: ZoneInfo, *, paper: bool) -> str:
    """The page for the screen, or for paper with everything unfolded."""
    pictures = {figure.svg: safe_picture(figure.svg) for section in report.sections for figure in section.figures}
    sheet = _sheet("screen.css") + _sheet("paper.css")
    sheets = dict.fromkeys((sheet, *(text for svg in pictures.values() for text in style_texts(svg))))
    shown = exhibits(report)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            paper=paper,
            policy=_policy(tuple(sheets)),
            sheet=Markup(sheet),  # noqa: S704 - our own file
            pictures={key: Markup(svg) for key, svg in pictures.items()},  # noqa: S704 - checked element by element
            exhibits=shown,
            anchors=frozenset(anchor for exhibit in shown for anchor in anchors_of(exhibit.result)),
            coverage=find_coverage(report),
            moment=lambda at: moment(at, zone),
            zone=zone.key,
            words=wording,
        )
    )


def _policy(sheets: Sequence[str]) -> str:
    """Content security policy: nothing loads, nothing runs, and only these style sheets apply."""
    digests = " ".join(f"'sha256-{b64encode(sha256(sheet.encode()).digest()).decode()}'" for sheet in sheets)
    return f"default-src 'none'; style-src {digests}; base-uri 'none'; form-action 'none'"


def _sheet(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["segments"] = segments
    environment.filters["fixed"] = _fixed
    environment.filters["dates"] = _dates
    environment.tests["leaf"] = lambda node: hasattr(node, "numeric")
    environment.tests["fields"] = lambda node: type(node).__name__ == "Fields"
    environment.tests["rows"] = lambda node: type(node).__name__ == "Rows"
    return environment


def _fixed(text: str) -> Markup:
    """A heading; the name of a criterion in it, such as N-1, is a term and not a figure."""
    return Markup(CRITERION.sub(r'<span class="identifier">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


def _dates(text: str) -> Markup:
    """A text whose dates stay in one piece at the end of a line."""
    return Markup(_DATE.sub(r'<span class="date">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped
