"""The digests: complete, of one size, citable, ours."""

import pytest

from knowledge.digests import CORPUS, load_corpus, manifest, passages_of, read_digest
from knowledge.embedding import MAX_TOKENS
from knowledge.errors import CorpusError

DIGESTS = [read_digest(path) for path in sorted(CORPUS.glob("*.yaml"))]
PASSAGES = load_corpus()


def test_corpus__has_a_dozen_digests_at_least():
    assert len(DIGESTS) >= 12
    assert len({item.id for item in DIGESTS}) == len(DIGESTS)


@pytest.mark.parametrize("item", DIGESTS, ids=lambda item: item.id)
def test_corpus__each_digest_says_what_it_is(item):
    assert item.edition.strip()
    assert item.document.strip()
    assert "in our own words" in item.notice or "Our own text" in item.notice


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage.id)
def test_corpus__each_passage_is_a_clause_of_readable_length(passage):
    assert 40 <= len(passage.text.split()) <= 150
    assert "\n" not in passage.text.replace(". ", " ")
    kinds = {"Article", "Annex", "Clause", "Requirement", "Table", "Section", "Class", "Technique", "Application"}
    assert passage.clause.split()[0] in kinds


def test_corpus__no_passage_is_longer_than_the_model_reads(embedder):
    tokenizer = embedder._model.tokenizer
    longest = max(len(tokenizer(passage.indexed_text, truncation=False)["input_ids"]) for passage in PASSAGES)
    assert longest <= MAX_TOKENS


def test_corpus__identifiers_and_texts_are_unique():
    assert len({passage.id for passage in PASSAGES}) == len(PASSAGES)
    assert len({passage.text for passage in PASSAGES}) == len(PASSAGES)


@pytest.mark.parametrize("theme", ["voltage", "rating", "N-1", "blackout", "tap", "state estimat", "shed"])
def test_corpus__covers_its_themes(theme):
    assert any(theme.lower() in passage.indexed_text.lower() for passage in PASSAGES)


def test_passages_of__refuses_one_clause_twice():
    with pytest.raises(CorpusError, match="sogl/article-18"):
        passages_of([item for item in DIGESTS if item.id == "sogl"] * 2)


def test_manifest__changes_with_one_letter():
    first, *rest = PASSAGES
    assert manifest(PASSAGES) == manifest(tuple(PASSAGES))
    assert manifest([first.model_copy(update={"text": first.text + "x"}), *rest]) != manifest(PASSAGES)


@pytest.mark.parametrize(
    ("content", "named"),
    [("id: x\n", "document"), ("id: [", "not YAML"), ("", "malformed"), ("id: x\nwhat: 1\n", "what")],
)
def test_read_digest__names_file_and_field(tmp_path, content, named):
    (tmp_path / "broken.yaml").write_text(content)
    with pytest.raises(CorpusError, match=r"broken\.yaml") as caught:
        read_digest(tmp_path / "broken.yaml")
    assert named in str(caught.value)
