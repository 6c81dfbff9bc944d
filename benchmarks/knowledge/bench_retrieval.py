"""Times and hit rates of the library; run with ``python benchmarks/knowledge/bench_retrieval.py``."""

from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import yaml

from knowledge.digests import load_corpus
from knowledge.embedding import load_embedder, model_folder, verify_model
from knowledge.library import HybridLibrary, open_library

QUESTIONS = Path(__file__).parents[2] / "tests" / "knowledge" / "questions.yaml"
REPEATS = 40


class Stage:
    """Prints wall and processor time of a block; on a busy machine only the second one means something."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.wall, self.processor = perf_counter(), process_time()

    def __exit__(self, *_: object) -> None:
        print(f"{self.name:<42}{perf_counter() - self.wall:8.2f} s{process_time() - self.processor:8.2f} s CPU")


def _recall(library: HybridLibrary, asked: list[dict[str, list[str]]], depth: int) -> float:
    found = [
        bool({hit.id for hit in library.search(str(question["asks"]), depth)} & set(question["answered_by"]))
        for question in asked
    ]
    return sum(found) / len(found)


def main() -> None:
    with Stage("check the model's files"):
        verify_model(model_folder())
    with Stage("load the model (imports torch), checked"):
        embedder = load_embedder()
    with TemporaryDirectory() as folder:
        with Stage("build the index"):
            open_library(Path(folder)).warm()
        library = open_library(Path(folder))
        with Stage("open the index"):
            library.warm()
        for name, call in (
            ("embed one question", lambda text: embedder.embed([text])),
            ("search, limit 5", lambda text: library.search(text, 5)),
        ):
            times = []
            for number in range(REPEATS):
                started = perf_counter()
                call(f"what can I do against low voltage at bus {number}?")
                times.append((perf_counter() - started) * 1e3)
            print(f"{name:<42}median {median(times):.1f} ms, p95 {quantiles(times, n=20)[-1]:.1f} ms")
        exact = [
            {"asks": f"{passage.aliases[0]} {passage.clause}", "answered_by": [passage.id]} for passage in load_corpus()
        ]
        asked = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
        print(f"recall@1, exact identifiers ({len(exact)})       {_recall(library, exact, 1):.3f}")
        print(f"recall@1, paraphrased questions ({len(asked)})    {_recall(library, asked, 1):.3f}")
        print(f"recall@3, paraphrased questions ({len(asked)})    {_recall(library, asked, 3):.3f}")


if __name__ == "__main__":
    main()
