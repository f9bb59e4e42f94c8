"""Facets that are filtered by themselves keep their siblings: a second value can be chosen beside the first."""

from collections.abc import Iterator

from shared.models.search import FILTERS
from shared.search.port import EngineQuery


def own_filtered(query: EngineQuery) -> Iterator[tuple[str, EngineQuery]]:
    """Facets with a filter of their own name, each with the search without that filter, over which it is counted."""
    for name in query.facets:
        if name in FILTERS and getattr(query.filters, name):
            filters = query.filters.model_copy(update={name: ()})
            language = None if name == "language" else query.language
            yield name, query.model_copy(update={"filters": filters, "language": language})
