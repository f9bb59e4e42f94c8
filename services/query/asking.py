"""What a client asks, put as the engine takes it."""

from typing import Final

from shared.models.search import MatchUsed, SearchWarning
from shared.models.search_query import SearchQuery
from shared.query_language.tree import AllOf, Boost, Dates, Exists, In, Node, Not, Numbers, Required, Word
from shared.search.fields import BY_NAME
from shared.search.port import EngineQuery
from shared.search.stored_form import stored_form

NOT_ALL_WORDS: Final = "not-all-words"


def engine_query(query: SearchQuery, tree: Node, match: MatchUsed) -> EngineQuery:
    """The whole search but its place in the results."""
    filters = stored_form(query.filters)
    return EngineQuery.model_construct(
        tree=tree,
        match=match,
        spare=query.match == "auto" and _words_alone(tree),
        filters=filters,
        published_from=query.published_from,
        published_to=query.published_to,
        indexed_from=query.indexed_from,
        indexed_to=query.indexed_to,
        sort=query.sort,
        freshness_days=query.freshness,
        size=query.size,
        facets=query.facets,
        facet_size=query.facet_size,
        histogram=query.histogram,
        fold_story=query.fold is not None,
        snippets=query.snippet,
        language=filters.language[0] if len(filters.language) == 1 else None,
    )


def several(tree: Node) -> bool:
    """Whether any of several things might do; one thing may still have parts, as and/or has."""
    return isinstance(tree, AllOf) and sum(map(_may_do, tree.parts)) > 1


def _may_do(part: Node) -> bool:
    """Whether a part is no condition, which holds anyway."""
    match part:
        case In():
            return BY_NAME[part.field].kind == "text"
        case Boost():
            return _may_do(part.part)
        case _:
            return not isinstance(part, Not | Required | Dates | Numbers | Exists)


def _words_alone(tree: Node) -> bool:
    """Whether the query is words side by side, as a person would be asked; signs and quotes mean what they say."""
    return isinstance(tree, AllOf) and all(isinstance(part, Word) for part in tree.parts)


def relaxed(found: int) -> SearchWarning:
    """What is said where `match=auto` took `best`."""
    detail = "No page has all the words" + ("; these have some of them." if found else ", and none has any of them.")
    return SearchWarning(code=NOT_ALL_WORDS, detail=detail)
