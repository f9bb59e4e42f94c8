"""A saved search as engines are asked it."""

from shared.models.saved_search import SavedQuery
from shared.query_language.limits import Limits
from shared.query_language.parse import Parsed, parse
from shared.search.port import EngineQuery
from shared.search.stored_form import stored_form


def parsed(query: SavedQuery, limits: Limits) -> Parsed:
    """Its `q` as a tree.

    Raises:
        Refused: it cannot be read; the pointer is left to the caller.
    """
    return parse(query.q, mode=query.mode, limits=limits)


def engine_query(query: SavedQuery, limits: Limits) -> EngineQuery:
    """What says which documents match.

    Raises:
        Refused: as `parsed`.
    """
    filters = stored_form(query.filters)
    return EngineQuery(
        tree=parsed(query, limits).tree,
        match=query.used,
        filters=filters,
        published_from=query.published_from,
        published_to=query.published_to,
        indexed_from=query.indexed_from,
        indexed_to=query.indexed_to,
        language=filters.language[0] if len(filters.language) == 1 else None,
    )
