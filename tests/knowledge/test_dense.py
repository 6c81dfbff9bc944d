"""The vector index is a cache: whatever happens to it, the next start answers the same."""

import shutil
import sqlite3

import pytest

from knowledge.digests import load_corpus
from knowledge.library import HybridLibrary

PASSAGES = load_corpus()[:12]


@pytest.fixture
def start(hash_embedder):
    """Opens a library as a new process would and says how many passages it had to embed."""

    def _start(folder, passages=PASSAGES):
        library = HybridLibrary(passages, folder, lambda: hash_embedder)
        before = hash_embedder.texts
        library.warm()
        return library, hash_embedder.texts - before

    return _start


@pytest.fixture
def stored(start, tmp_path):
    """A finished index, copied to a place that no open client of this process knows."""
    start(tmp_path / "first")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    return tmp_path / "second"


def _database(folder):
    [file] = folder.glob("*/chroma.sqlite3")
    return file


def _zero_the_middle(folder):
    content = _database(folder).read_bytes()
    _database(folder).write_bytes(content[:40_000] + bytes(40_000) + content[80_000:])


def _drop(table):
    def _act(folder):
        with sqlite3.connect(_database(folder)) as connection:
            connection.execute(f"DROP TABLE {table}")
        connection.close()

    return _act


def test_open_store__reads_a_finished_index_without_embedding_passages(start, stored):
    _, embedded = start(stored)
    assert embedded == 1  # the one probing query of the count check


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: _database(folder).write_bytes(b"garbage" * 1000),
        lambda folder: _database(folder).write_bytes(_database(folder).read_bytes()[:5000]),
        lambda folder: _database(folder).write_bytes(b""),
        lambda folder: _database(folder).unlink(),
        lambda folder: shutil.rmtree(_database(folder).parent),
        _zero_the_middle,
        _drop("collections"),
        _drop("embeddings"),
        _drop("migrations"),
    ],
    ids=["garbage", "truncated", "empty", "no database", "no folder", "hole", "no collections", "no vectors", "schema"],
)
def test_open_store__rebuilds_a_damaged_index(start, stored, damage):
    expected = start(None)[0].search("contingency list", 5)
    damage(stored)
    library, embedded = start(stored)
    assert embedded >= len(PASSAGES)
    assert library.search("contingency list", 5) == expected


def test_open_store__rebuilds_when_a_passage_is_missing_from_the_index(start, stored):
    with sqlite3.connect(_database(stored)) as connection:
        connection.execute("DELETE FROM embeddings WHERE id = (SELECT max(id) FROM embeddings)")
    connection.close()
    _, embedded = start(stored)
    assert embedded >= len(PASSAGES)


def test_open_store__rebuilds_when_the_corpus_changed_and_forgets_the_old_one(start, stored):
    first, *rest = PASSAGES
    changed = (first.model_copy(update={"text": first.text + " Changed."}), *rest)
    _, embedded = start(stored, changed)
    assert embedded >= len(PASSAGES)
    with sqlite3.connect(_database(stored)) as connection:
        [[collections]] = connection.execute("SELECT count(*) FROM collections")
    connection.close()
    assert collections == 1


def test_open_store__rebuilds_when_the_model_changed(start, stored, monkeypatch):
    monkeypatch.setattr("knowledge.library.PINNED_SHA256", {"model.safetensors": "another"})
    _, embedded = start(stored)
    assert embedded >= len(PASSAGES)


def test_open_store__touches_nothing_beside_its_own_folder(start, stored):
    (stored / "notes.txt").write_text("mine")
    _database(stored).write_bytes(b"garbage")
    start(stored)
    assert (stored / "notes.txt").read_text() == "mine"


def test_open_store__in_memory_libraries_do_not_disturb_each_other(start):
    small, _ = start(None, PASSAGES[:3])
    other, _ = start(None, PASSAGES[3:6])
    assert {hit.id for hit in small.search("SO GL", 9)} <= {passage.id for passage in PASSAGES[:3]}
    assert {hit.id for hit in other.search("SO GL", 9)} <= {passage.id for passage in PASSAGES[3:6]}
