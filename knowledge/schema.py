"""Arguments and result of ``search_standards``."""

from pydantic import Field

from tools.arguments import Arguments
from tools.result import Result


class SearchStandardsArguments(Arguments):
    """A question to the library in plain words, or a clause number."""

    query: str = Field(min_length=2, max_length=500)
    limit: int = Field(default=5, ge=1, le=20)


class PassageHit(Result):
    """One passage with all that a citation needs."""

    id: str
    document: str
    edition: str
    clause: str
    title: str
    quote: str = Field(description="Text of the passage: our digest, not the standard's wording")
    score: float = Field(description="Fused rank score; comparable within one answer only")


class StandardsSearch(Result):
    """The nearest passages, best first; empty means that the library has nothing near."""

    query: str
    hits: tuple[PassageHit, ...]
    passages_searched: int = Field(ge=0)
