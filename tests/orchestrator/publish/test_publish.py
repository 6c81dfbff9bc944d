# ruff: noqa: S314 - the pictures are our own
"""The three forms of a report: whole, safe, and with every figure tied to its evidence."""

import re
import zlib
from contextlib import suppress
from functools import lru_cache
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from agents.report import Report, SectionState
from agents.statement import Span, Statement, TokenKind, TokenSpan
from orchestrator.publish import to_html, to_markdown, to_pdf
from orchestrator.publish.appendix import statements
from orchestrator.publish.errors import MalformedStatementError, PublishError, UnsafePictureError
from orchestrator.publish.markdown import escape
from orchestrator.publish.pdf import refuse
from orchestrator.publish.picture import safe_picture
from orchestrator.publish.segments import segments
from tests.orchestrator.publish.sample_report import BERLIN, Sample

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> ![p](javascript:alert(3)) [q](http://evil.example)'


@lru_cache(maxsize=1)
def sample() -> Report:
    return Sample().report()


@lru_cache(maxsize=1)
def hostile() -> Report:
    return Sample(name=HOSTILE, question=HOSTILE, quote=HOSTILE).report()


@lru_cache(maxsize=2)
def page(report_of=sample) -> str:
    return to_html(report_of(), BERLIN)


def test_segments__together_are_the_text_and_keep_their_origin():
    statement = Statement(
        text="Line 9 at 111.8 %.",
        spans=(Span(start=10, end=17, evidence="e1", path="/x"),),
        tokens=(TokenSpan(start=0, end=6, kind=TokenKind.IDENTIFIER),),
    )
    pieces = segments(statement)
    assert "".join(piece.text for piece in pieces) == statement.text
    assert [(piece.text, piece.css) for piece in pieces if piece.css] == [("Line 9", "identifier"), ("111.8 %", "ev")]


@pytest.mark.parametrize(("start", "end"), [(0, 99), (3, 8)])
def test_segments__spans_that_overlap_or_leave_the_text_are_refused(start, end):
    spans = (Span(start=0, end=5, evidence="e1", path="/x"), Span(start=start, end=end, evidence="e1", path="/y"))
    with pytest.raises(MalformedStatementError):
        segments(Statement(text="0.95 pu", spans=spans))


def test_to_html__every_span_leads_to_a_place_that_exists():
    ids = set(re.findall(r'id="([^"]+)"', page()))
    links = set(re.findall(r'href="#([^"]+)"', page()))
    assert links <= ids
    # a row far down a long result is shown because a sentence refers to it
    assert "e2-rows-18-worst_loading-loading_percent" in links


def test_to_html__has_no_script_no_outside_address_and_a_policy_that_forbids_both():
    assert "<script" not in page()
    assert not re.search(r"(src|href)=\"(?!#)", page())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page())[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_to_html__shows_the_whole_report():
    report = sample()
    plain = re.sub(r"<[^>]+>", "", page())
    for statement in statements(report):
        assert statement.text in plain
    for text in (
        "embedded reasoner: not a language model",
        f"gridcrew run verify {report.run_id}",
        "2026-11-21 13:00 CET",
        "(12:00 UTC)",
        report.prompts["coordinator.v1"],
        report.evidence[0].digest,
        report.struck[0].masked,
        report.citations[0].quote,
        "Ada 7",
    ):
        assert text in plain


def test_to_html__section_states_differ_in_words_and_shape():
    marks = {
        section.state: re.search(
            rf'id="title-{section.key}".*?<span class="badge[^>]*>(.*?)</span> ([^<]+)<', page(), re.S
        )
        for section in sample().sections
    }
    assert len(marks) == len(SectionState)
    assert len({mark[1] for mark in marks.values()}) == len({mark[2] for mark in marks.values()}) == len(SectionState)


def test_to_html__every_verdict_has_its_own_words():
    words = [re.search(rf'id="r{number}".*?</span> ([^<]+)</span>', page(), re.S)[1] for number in (1, 2, 3, 4)]
    assert len(set(words)) == len(words)
    assert [word for word in words if word.startswith("Verified")] == [words[1]]


def test_to_html__hostile_texts_stay_texts():
    text = page(hostile)
    assert "<script" not in text
    assert "<img" not in text
    assert "javascript:alert(3)" in text  # shown, as words
    assert not re.search(r'href="(?!#)', text)
    assert not re.search(r"<[^>]+\son\w+\s*=\s*[^\"'>]*alert", re.sub(r'"[^"]*"', '""', text))


def test_to_html__equal_reports_give_equal_files():
    assert to_html(sample(), BERLIN) == to_html(Report.model_validate_json(sample().model_dump_json()), BERLIN)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        '<image href="http://evil.example/x.png"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<rect onclick="alert(1)"/>',
        "<style>@import 'http://evil.example/x.css';</style>",
        "<style>rect{fill:url(http://evil.example/x)}</style>",
        '<use href="#x"/>',
        '<rect style="fill:red"/>',
        "<rect",
    ],
)
def test_safe_picture__refuses_whatever_is_not_a_plain_shape(inside):
    with pytest.raises(UnsafePictureError):
        safe_picture(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>')


def test_safe_picture__refuses_entities():
    with pytest.raises(UnsafePictureError):
        safe_picture(
            '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'
        )


def test_safe_picture__keeps_a_real_picture():
    svg = sample().sections[0].figures[0].svg
    assert len(list(ET.fromstring(safe_picture(svg)).iter())) == len(list(ET.fromstring(svg).iter()))


def test_to_markdown__figures_are_followed_by_their_evidence():
    text = to_markdown(sample(), BERLIN)
    assert text.startswith(r"# Branch line:9 (Line 6-8) \[e1\] carries 111.8 % \[e1\] of its rating.")
    assert "## Alarms (? Not checked)" in text
    assert "## Reliability (✓ Checked, nothing found)" in text


def test_to_markdown__hostile_texts_make_no_html_link_or_image():
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(to_markdown(hostile(), BERLIN))
    inline = [child.type for token in tokens for child in token.children or ()]
    assert not {"link_open", "image", "html_inline"} & set(inline)
    assert "html_block" not in {token.type for token in tokens}


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "- no item",
        "1. no item",
        "a | b",
        "~~gone~~",
        "`code`",
        "*a* _b_ **c**",
        "<b>x</b>",
        "&lt;",
        "> q",
        "===",
    ],
)
def test_escape__text_is_shown_as_it_stands(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escape(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(child.content for child in tokens[1].children).replace("\u2060", "") == text


def _unpacked(document: bytes) -> bytes:
    """The objects of a PDF, most of which stand in compressed streams."""
    parts = [document]
    for packed in re.findall(rb"stream\r?\n(.*?)\nendstream", document, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(packed))
    return b"".join(parts)


def test_to_pdf__is_a_tagged_pdf_made_without_fetching():
    document = to_pdf(sample().model_copy(update={"sections": sample().sections[-2:]}), BERLIN)
    assert document.startswith(b"%PDF-")
    assert b"StructTreeRoot" in _unpacked(document)


def test_to_pdf__refuses_every_address():
    for url in ("http://evil.example/x", "file:///etc/passwd"):
        with pytest.raises(PublishError):
            refuse(url)
