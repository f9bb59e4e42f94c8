"""Facets, the histogram, and how many copies a story has, counted over all documents that match."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.models.search import FacetCount, HistogramBar
from shared.search.fields import FACETS
from shared.search.port import EngineQuery

HISTOGRAM: Final = "pagemill-histogram"
"""No facet's name."""
_SIBLINGS: Final = "pagemill-siblings"
_SHARD_VALUES: Final = 20_000
"""What each of several shards tells at least: with fewer, counts of rare values would be estimates."""


def counts_asked(query: EngineQuery, siblings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The aggregations of a search: values with equal counts in their own order, intervals of the UTC calendar.

    `siblings` has what facets are counted over that are not counted over what the search finds.
    """
    names = [name for name in query.facets if name in FACETS]
    asked: dict[str, Any] = {name: terms(name, query.facet_size) for name in names if name not in siblings}
    if siblings:
        wider = {
            name: {"filter": dict(siblings[name]), "aggs": {name: terms(name, query.facet_size)}} for name in siblings
        }
        asked[_SIBLINGS] = {"global": {}, "aggs": wider}
    if query.histogram:
        asked[HISTOGRAM] = {
            "date_histogram": {
                "field": "date",
                "calendar_interval": query.histogram,
                "min_doc_count": 1,
                "format": "yyyy-MM-dd",
            }
        }
    return asked


def facets_told(query: EngineQuery, told: Mapping[str, Any]) -> dict[str, tuple[FacetCount, ...]]:
    """The most frequent values of each facet."""
    wider = told.get(_SIBLINGS, {})
    counted = {**told, **{name: wider[name][name] for name in query.facets if name in wider}}
    found = {name: counted[name]["buckets"] if name in counted else () for name in query.facets if name in FACETS}
    return {
        name: tuple(FacetCount(value=bucket["key"], count=bucket["doc_count"]) for bucket in buckets)
        for name, buckets in found.items()
    }


def bars_told(told: Mapping[str, Any]) -> tuple[HistogramBar, ...]:
    """How many documents were published in each interval; weeks begin on Monday."""
    buckets = told[HISTOGRAM]["buckets"] if HISTOGRAM in told else ()
    return tuple(HistogramBar(start=bucket["key_as_string"], count=bucket["doc_count"]) for bucket in buckets)


def copies_asked(stories: Sequence[str]) -> dict[str, Any]:
    """How many documents each of these stories has."""
    return {"story": {"terms": {"field": "story", "size": max(1, len(stories)), "include": list(stories)}}}


def terms(field: str, size: int) -> dict[str, Any]:
    """Values of a keyword with their counts."""
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": size, "shard_size": max(size, _SHARD_VALUES), "order": order}}
