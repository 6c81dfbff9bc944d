"""The limits of power quality as data: which range, for which share of which means, from which clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from knowledge.digests import load_corpus, passage_id
from knowledge.errors import CorpusError
from tools.limits import ClauseRef, QualityLimit, QualityQuantity
from tools.result import Result

if TYPE_CHECKING:
    from knowledge.digests import LibraryPassage

QUALITY_LIMITS = Path(__file__).parent / "quality_limits.yaml"


class QualityRange(Result):
    """A range and the share of means that must lie in it."""

    low: float | None = None
    high: float | None = None
    share_percent: float


class QualityEntry(Result):
    """One entry of the file: the ranges of one quantity, with a clause for each band of nominal voltages."""

    id: str
    sources: dict[str, str] = Field(min_length=1, description="Clause by band, such as 1.001-36.001")
    quantity: QualityQuantity
    mean_s: float
    window_h: float
    orders: dict[int, float] = Field(default_factory=dict, description="Upper bound by order, of harmonics")
    ranges: tuple[QualityRange, ...] = Field(min_length=1)


def read_quality_limits(path: Path = QUALITY_LIMITS) -> tuple[QualityLimit, ...]:
    """All limits of the file, in its order.

    Raises:
        CorpusError: when the file is malformed or cites a clause that the corpus does not have.
    """
    try:
        entries = TypeAdapter(tuple[QualityEntry, ...]).validate_python(
            yaml.safe_load(path.read_text(encoding="utf-8"))
        )
    except (yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"The limits file {path.name!r} is malformed: {error}") from error
    passages = {passage.id: passage for passage in load_corpus()}
    return tuple(limit for entry in entries for limit in _limits_of(entry, passages))


def _limits_of(entry: QualityEntry, passages: Mapping[str, LibraryPassage]) -> Iterator[QualityLimit]:
    for band, clause in entry.sources.items():
        key = passage_id(entry.id, clause)
        if key not in passages:
            raise CorpusError(
                f"A limit cites {key!r}, which the corpus does not have. Add the clause or correct the key."
            )
        cited = passages[key]
        low_kv, high_kv = (float(edge) for edge in band.split("-"))
        bounds: list[tuple[int | None, float | None]] = [*entry.orders.items()] or [(None, None)]
        for order, high in bounds:
            for item in entry.ranges:
                yield QualityLimit(
                    quantity=entry.quantity,
                    order=order,
                    low=item.low,
                    high=item.high if high is None else high,
                    share_percent=item.share_percent,
                    mean_s=entry.mean_s,
                    window_h=entry.window_h,
                    vn_from_kv=low_kv,
                    vn_below_kv=high_kv,
                    source=ClauseRef(document=cited.document, edition=cited.edition, clause=cited.clause),
                )
