"""The whole report in a real browser: every number is vouched for, and the page reads on a desk and on a phone."""

import pytest

from orchestrator.publish import to_html
from tests.browser.walker import (
    evidence_of,
    open_page,
    scrolls_sideways,
    stray_numbers,
    texts,
    weak_contrast,
    wrong_values,
)
from tests.orchestrator.publish.sample_report import BERLIN, Sample

pytestmark = pytest.mark.browser

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def report():
    return Sample().report()


@pytest.fixture(scope="module")
def html(report):
    return to_html(report, BERLIN)


def test_page__every_number_has_its_place_and_the_right_value(report, html):
    with open_page(html) as opened:
        assert stray_numbers(opened) == []
        assert wrong_values(opened, evidence_of(report.model_dump_json())) == []
        assert any("111.8 %" in text for text in texts(opened))


def test_walker__finds_a_naked_number_wherever_it_hides(html):
    tampered = html.replace('<h2 id="title-evidence">Evidence</h2>', '<h2 id="title-evidence">Evidence 7</h2>')
    tampered = tampered.replace("</main>", '<p title="8 of them">x</p><svg><text>9.1</text></svg></main>')
    with open_page(tampered) as opened:
        assert len(stray_numbers(opened)) == 3


def test_walker__finds_a_value_that_is_not_the_stored_one(report, html):
    with open_page(html.replace(">111.8 %<", ">118.1 %<")) as opened:
        assert wrong_values(opened, evidence_of(report.model_dump_json()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page__reads_well_and_stays_quiet(html, scheme):
    with open_page(html, scheme=scheme) as opened:
        assert weak_contrast(opened) == []
        assert opened.complaints == []
        assert opened.requests == []


def test_page__does_not_scroll_sideways_on_a_phone(html):
    with open_page(html, width=390) as opened:
        assert not scrolls_sideways(opened)
        weak_contrast(opened)  # opens the evidence
        assert not scrolls_sideways(opened)


def test_page__hostile_texts_neither_run_nor_load():
    with open_page(to_html(Sample(name=HOSTILE, question=HOSTILE, quote=HOSTILE).report(), BERLIN)) as opened:
        assert opened.complaints == []
        assert opened.requests == []
        assert opened.page.locator("img, script, iframe").count() == 0
        assert stray_numbers(opened) == []
