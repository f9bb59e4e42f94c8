"""Facets, the histogram, and how many copies a story has, counted over all documents that match."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import tantivy

from shared.models.search import FacetCount, HistogramBar, Interval
from shared.search.fields import FACETS
from shared.search.tantivy.compiling import narrowed
from shared.search.tantivy.schema import DAY, schema

_EXTRA: Final = 200
"""Values read beyond those asked for, so that ties at the end are broken by value and not by chance."""
_EVERY_VALUE: Final = 10_000_000
"""What a segment may contribute: with less, the engine's counts are estimates."""
_DAYS_MAX: Final = 60_000
"""Days told apart: the engine refuses to count more than 65,000. They reach back to 1860."""
_DAY_ONE: Final = date(1970, 1, 1)


def counted(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    facets: Sequence[str],
    facet_size: int,
    histogram: Interval | None,
) -> tuple[dict[str, tuple[FacetCount, ...]], tuple[HistogramBar, ...]]:
    """The most frequent values of each facet, and how many documents were published in each interval.

    Equal counts are in the order of their values. Intervals in which nothing was published have no bar.
    """
    names = [name for name in facets if name in FACETS]
    asked = {name: _terms(name, facet_size + _EXTRA) for name in names}
    if histogram:
        asked[DAY] = _terms(DAY, _DAYS_MAX)
    found = searcher.aggregate(query, asked) if asked else {}
    days = found[DAY]["buckets"] if histogram else ()
    return {name: _facet(found[name]["buckets"], facet_size) for name in names}, _bars(days, histogram or "day")


def copies(searcher: tantivy.Searcher, query: tantivy.Query, stories: Sequence[str]) -> dict[str, int]:
    """How many documents of each story match."""
    if not stories:
        return {}
    these = narrowed(query, [tantivy.Query.term_set_query(schema(), "story", list(stories))])
    found = searcher.aggregate(these, {"story": _terms("story", len(stories))})
    return {bucket["key"]: bucket["doc_count"] for bucket in found["story"]["buckets"]}


def _terms(field: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": field, "size": size, "segment_size": _EVERY_VALUE}}


def _facet(buckets: Iterable[dict[str, Any]], size: int) -> tuple[FacetCount, ...]:
    ordered = sorted(buckets, key=lambda bucket: (-bucket["doc_count"], bucket["key"]))
    return tuple(FacetCount(value=bucket["key"], count=bucket["doc_count"]) for bucket in ordered[:size])


def _bars(days: Iterable[dict[str, Any]], interval: Interval) -> tuple[HistogramBar, ...]:
    bars: Counter[date] = Counter()
    for bucket in days:
        day = _DAY_ONE + timedelta(days=int(bucket["key"]))
        bars[_start(day, interval)] += bucket["doc_count"]
    return tuple(HistogramBar(start=start.isoformat(), count=bars[start]) for start in sorted(bars))


def _start(day: date, interval: Interval) -> date:
    """The first day of the interval; weeks begin on Monday, and the first of all with year 1."""
    match interval:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
