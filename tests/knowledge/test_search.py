"""The tool around the library."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from knowledge.limits import standard_limits
from knowledge.schema import SearchStandardsArguments, StandardsSearch
from knowledge.search import search_standards
from orchestrator.catalogue import CATALOGUE
from tools.context import Clock, ToolContext
from tools.errors import SourceMissingError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _context(passages):
    return ToolContext(
        grids=SimpleNamespace(), limits=standard_limits(), clock=Clock(as_of=NOW, known_until=NOW), passages=passages
    )


def test_search_standards__gives_all_that_a_citation_needs(library):
    found = search_standards(_context(library), SearchStandardsArguments(query="EN 50160 clause 5.2.2", limit=1))
    [first] = found.hits
    assert (first.document, first.edition, first.clause) == ("EN 50160", "2010", "Clause 5.2.2")
    assert "0.90 to 1.10" in first.quote
    assert found.query == "EN 50160 clause 5.2.2"
    assert found.passages_searched == len(library) > 100


def test_search_standards__nothing_near_is_an_empty_answer(library):
    found = search_standards(_context(library), SearchStandardsArguments(query="write a poem about love"))
    assert found.hits == ()
    assert found.passages_searched == len(library)


def test_search_standards__survives_json(library):
    found = search_standards(_context(library), SearchStandardsArguments(query="tap side"))
    assert StandardsSearch.model_validate_json(found.model_dump_json()) == found


def test_search_standards__without_a_library_says_not_checked():
    with pytest.raises(SourceMissingError, match="not checked: no library of standards"):
        search_standards(_context(None), SearchStandardsArguments(query="tap side"))


@pytest.mark.parametrize("arguments", [{"query": ""}, {"query": "x" * 501}, {"query": "tap", "limit": 0}])
def test_search_standards__refuses_arguments_out_of_range(arguments):
    with pytest.raises(ValidationError):
        SearchStandardsArguments(**arguments)


def test_search_standards__is_what_the_catalogue_loads():
    [spec] = [spec for spec in CATALOGUE if spec.name == "search_standards"]
    assert spec.load() is search_standards
