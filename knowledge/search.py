"""The tool ``search_standards``: passages of the library nearest to a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.schema import PassageHit, SearchStandardsArguments, StandardsSearch

if TYPE_CHECKING:
    from tools.context import ToolContext


def search_standards(ctx: ToolContext, args: SearchStandardsArguments) -> StandardsSearch:
    """Find passages by exact name, by words and by meaning.

    No hit means that the library has nothing near, not that no standard exists.

    Raises:
        SourceMissingError: when the context has no library.
    """
    library = ctx.need_passages()
    return StandardsSearch(
        query=args.query,
        hits=tuple(
            PassageHit(
                id=passage.id,
                document=passage.document,
                edition=passage.edition,
                clause=passage.clause,
                title=passage.title,
                quote=passage.text,
                score=passage.score,
            )
            for passage in library.search(args.query, args.limit)
        ),
        passages_searched=len(library),
    )
