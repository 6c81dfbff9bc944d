"""The limits of standards as data: which value, for which voltages and states, from which clause."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from knowledge.digests import LibraryPassage, load_corpus, passage_id
from knowledge.errors import CorpusError
from knowledge.quality_limits import read_quality_limits
from tools.limits import Bound, ClauseRef, Limit, LimitQuantity, LimitTable, OperatingState
from tools.result import Result

LIMITS = Path(__file__).parent / "limits.yaml"


class SourceKey(Result):
    """Digest and clause that a limit is taken from."""

    id: str
    clause: str


class LimitEntry(Result):
    """One entry of the limits file: up to two bounds of one or two quantities."""

    source: SourceKey
    states: tuple[OperatingState, ...] = Field(min_length=1)
    band_kv: tuple[float, float] = Field(description="Nominal voltage, lower edge included, upper edge excluded")
    vm_pu: dict[Bound, float] = Field(default_factory=dict)
    loading_percent: dict[Bound, float] = Field(default_factory=dict)


@cache
def standard_limits() -> LimitTable:
    """The limits that hold where the grid model itself states none.

    Continental Europe's ranges from 110 to 400 kV, EN 50160 up to 36 kV, house defaults of our runbook elsewhere
    and for loading. The table is the same after a contingency: no standard of the corpus publishes wider values.

    Raises:
        CorpusError: when the file is malformed or cites a clause that the corpus does not have.
    """
    return read_limits(LIMITS).model_copy(update={"quality": read_quality_limits()})


def read_limits(path: Path) -> LimitTable:
    """Read a limits file; see ``standard_limits``."""
    try:
        entries = TypeAdapter(tuple[LimitEntry, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"The limits file {path.name!r} is malformed: {error}") from error
    passages = {passage.id: passage for passage in load_corpus()}
    return LimitTable(limits=tuple(limit for entry in entries for limit in _limits_of(entry, passages)))


def _limits_of(entry: LimitEntry, passages: dict[str, LibraryPassage]) -> list[Limit]:
    key = passage_id(entry.source.id, entry.source.clause)
    if key not in passages:
        raise CorpusError(f"A limit cites {key!r}, which the corpus does not have. Add the clause or correct the key.")
    cited = passages[key]
    source = ClauseRef(document=cited.document, edition=cited.edition, clause=cited.clause)
    low, high = entry.band_kv
    return [
        Limit(quantity=quantity, bound=bound, state=state, value=value, vn_from_kv=low, vn_below_kv=high, source=source)
        for quantity, bounds in (
            (LimitQuantity.VM_PU, entry.vm_pu),
            (LimitQuantity.LOADING_PERCENT, entry.loading_percent),
        )
        for bound, value in bounds.items()
        for state in entry.states
    ]
