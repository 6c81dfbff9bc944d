"""Identifiers stay whole, in one spelling; words are folded the same way on both sides."""

import pytest

from knowledge.tokens import coarser, terms, words


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("see C57.91 for it", "c57.91"),
        ("IEC60076-7", "60076-7"),
        ("TPL 001", "tpl-001"),
        ("TPL001", "tpl-001"),
        ("tpl-001-5.1, table 1", "tpl-001-5.1"),
        ("Regulation (EU) 2017/1485", "2017/1485"),
        ("EN50160", "50160"),
        ("TOP-010-1(i)", "top-010-1"),
        ("the N-1 criterion", "n-1"),
    ],
)
def test_words__keeps_an_identifier_whole(text, identifier):
    assert identifier in words(text)


def test_words__writes_out_short_forms():
    assert words("Art. 35, Sec 2.2") == ["article", "35", "section", "2.2"]


def test_words__does_not_take_a_plain_word_for_a_standard():
    assert words("the top 10 lines per 100 km") == ["the", "top", "10", "lines", "per-100", "km"]


@pytest.mark.parametrize(
    ("identifier", "forms"),
    [
        ("tpl-001-5.1", ["tpl-001-5.1", "tpl-001-5", "tpl-001"]),
        ("60076-7", ["60076-7", "60076"]),
        ("4.2", ["4.2", "4"]),
    ],
)
def test_coarser__goes_down_to_the_last_part_with_a_digit(identifier, forms):
    assert coarser(identifier) == forms


def test_terms__fold_plural_and_spelling_and_drop_stop_words():
    assert terms("What are the limits?") == ["limit"]
    assert terms("re-energize the islands") == terms("energise island")


def test_terms__of_nothing_are_none():
    assert terms(" ?! ") == []
