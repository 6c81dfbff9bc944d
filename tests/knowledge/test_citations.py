"""Known clauses can be cited without a search."""

import pytest

from knowledge.citations import quote_clause
from knowledge.digests import load_corpus
from knowledge.errors import CorpusError


def test_quote_clause__gives_every_passage_of_the_corpus():
    for passage in load_corpus():
        quotation = quote_clause(passage.id)
        assert (quotation.document, quotation.clause, quotation.quote) == (
            passage.document,
            passage.clause,
            passage.text,
        )


@pytest.mark.parametrize("section", ["1.1", "1.2", "2.1", "2.2", "2.3"])
def test_quote_clause__has_the_procedures_that_advice_rests_on(section):
    assert quote_clause(f"runbook/section-{section}").document == "GridCrew runbook"


def test_quote_clause__names_close_ones():
    with pytest.raises(CorpusError, match=r"runbook/section-2\.3"):
        quote_clause("runbook/section-2.33")
