"""A report as HTML, Markdown and PDF; the JSON form is the report's own."""

from orchestrator.publish.html import to_html
from orchestrator.publish.markdown import to_markdown
from orchestrator.publish.pdf import to_pdf

__all__ = ["to_html", "to_markdown", "to_pdf"]
