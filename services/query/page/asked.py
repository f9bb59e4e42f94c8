"""What a search page was asked for. A link with a wrong value, or one more than is known, still gives a page."""

from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from services.query.page.address import Address
from services.query.page.chart import interval_for
from shared.models.search import FILTERS
from shared.models.search_query import SearchQuery
from shared.validation import refused_for

_ONE: Final = ("q", "from", "to", "indexed_from", "indexed_to", "sort", "mode", "match", "freshness", "size")
_USUAL: Final = frozenset({("sort", "relevance"), ("mode", "lenient"), ("match", "auto")})
"""Said or not, they mean the same; addresses are the shorter for it."""
FACETS: Final = tuple(name for name in FILTERS if name != "story")
_FACET_SIZE: Final = 10
_FACET_SIZE_MORE: Final = 100


class Asked(NamedTuple):
    """One search as the page shows it.

    Args:
        query: asked of the reading room for hits.
        address: where this page is.
        apart: near copies are hits of their own.
        more: facets show many values.
        troubles: what was wrong with the parameters, and is left out.
    """

    query: SearchQuery
    address: Address
    apart: bool
    more: bool
    troubles: tuple[str, ...]

    def counting(self, facets: tuple[str, ...]) -> SearchQuery:
        """The same search, which counts these facets, too; pages behind the first need not count again."""
        size = _FACET_SIZE_MORE if self.more else _FACET_SIZE
        first, last = self.query.published_from, self.query.published_to
        counted = {"facets": facets, "facet_size": size, "histogram": interval_for(first, last)}
        return self.query.model_copy(update=counted)


def asked_for(parameters: QueryParams) -> Asked:
    """What the parameters of a page's address mean; empty ones, such as forms send, mean nothing."""
    told: dict[str, Any] = {name: parameters[name] for name in _ONE if parameters.get(name)}
    told |= {name: values for name in FILTERS if (values := [one for one in parameters.getlist(name) if one])}
    cursor = parameters.get("cursor") or None
    apart, more = (parameters.get(name) == word for name, word in (("copies", "apart"), ("values", "more")))
    query, troubles = _read({**told, "cursor": cursor, "fold": None if apart else "story"})
    wrong = set(troubles)
    pairs = [(name, value) for name, value in _pairs(told) if name not in wrong and (name, value) not in _USUAL]
    pairs += [("copies", "apart")] if apart else []
    pairs += [("values", "more")] if more else []
    return Asked(query, Address(tuple(pairs)), apart, more, tuple(troubles.values()))


def _pairs(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in told.items() for one in ([value] if isinstance(value, str) else value)]


def _read(told: dict[str, Any]) -> tuple[SearchQuery, dict[str, str]]:
    """The query without the parameters that are wrong, and what is wrong with these."""
    troubles: dict[str, str] = {}
    while True:
        try:
            return SearchQuery.model_validate(told), troubles
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False):
                name = _parameter(str(each["loc"][0]))
                troubles[name] = refused_for([each]).problem.detail or "A parameter is wrong."
            told = {name: value for name, value in told.items() if name not in troubles}


def _parameter(field: str) -> str:
    return {"published_from": "from", "published_to": "to"}.get(field, field)
