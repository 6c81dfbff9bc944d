"""A library with the real model for the tests that need it, and a stand-in for the model where it is no subject."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import yaml

from knowledge.embedding import SentenceEmbedder, load_embedder
from knowledge.library import HybridLibrary, open_library

HERE = Path(__file__).parent


class HashEmbedder:
    """Unit vectors that depend on the text alone, and a count of what was embedded."""

    def __init__(self):
        self.texts = 0

    def embed(self, texts):
        self.texts += len(texts)
        rows = [np.random.default_rng(list(sha256(text.encode()).digest())).normal(size=384) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


@pytest.fixture
def hash_embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    return load_embedder()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> HybridLibrary:
    opened = open_library(tmp_path_factory.mktemp("library"))
    opened.warm()
    return opened


@pytest.fixture(scope="session")
def questions() -> list[dict]:
    return yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def unrelated() -> list[str]:
    return yaml.safe_load((HERE / "unrelated.yaml").read_text(encoding="utf-8"))
