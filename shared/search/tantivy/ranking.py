"""The order of the documents that match, and a page of it."""

import math
from typing import Final, NamedTuple

import tantivy

from shared.models.search import Sort
from shared.search.tantivy.schema import STORY_KEY

FRESHENED: Final = 300
"""How many of the best matches are put in a new order by their age; the others follow as they were."""
_UNDATED_HALF_LIVES: Final = 2.0
"""How old an undated document is taken to be."""
_DAY_US: Final = 86_400_000_000
_ORDERS: Final[dict[Sort, tuple[str, tantivy.Order]]] = {
    "newest": ("date", tantivy.Order.Desc),
    "oldest": ("date", tantivy.Order.Asc),
    "indexed": ("indexed", tantivy.Order.Desc),
}


class Ranked(NamedTuple):
    """One document in its place; the score is None where the order is not by score."""

    address: tantivy.DocAddress
    score: float | None = None


class Page(NamedTuple):
    """Some documents of the order, and whether others follow."""

    documents: list[Ranked]
    more: bool


class Ranking:
    """The documents of one searcher that match a query, in order.

    The order is the same each time, ties too (the engine breaks them by where documents lie), so places in it can be
    counted.

    Args:
        searcher: the state of the index.
        query: what matches.
        sort: relevance, or one of the dates, those without one last.
        freshness: half-life in days, and the time from which ages count in seconds since 1970; for relevance only.
    """

    def __init__(
        self,
        searcher: tantivy.Searcher,
        query: tantivy.Query,
        sort: Sort,
        freshness: tuple[float, float] | None = None,
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._order = _ORDERS.get(sort)
        self._freshness = None if self._order else freshness
        self._most = max(1, searcher.num_docs)
        self._total: int | None = None

    @property
    def total(self) -> int:
        """How many match. The first page that is read tells it too, for nothing: the engine looks at all that match."""
        if self._total is None:
            self._total = _count(self._searcher.search(self._query, 1))
        return self._total

    def page(self, start: int, size: int) -> Page:
        """`size` documents from place `start` on."""
        if size == 0:
            return Page([], more=False)
        documents = self._slice(start, size)
        return Page(documents, start + size < self.total)

    def folded_page(self, start: int, size: int) -> Page:
        """The same with the first document of each story alone; `start` counts these."""
        if size == 0:
            return Page([], more=False)
        wanted = start + size + 1
        read = 2 * wanted + 48
        while True:
            documents = self._slice(0, read)
            first = self._first_of_stories(documents)
            if len(first) >= wanted or len(documents) >= self.total:
                break
            read *= 4
        return Page(first[start : start + size], len(first) > start + size)

    def _first_of_stories(self, documents: list[Ranked]) -> list[Ranked]:
        keys = self._searcher.fast_field_values(STORY_KEY, [found.address for found in documents])
        seen: set[object] = set()
        first = []
        for found, key in zip(documents, keys, strict=True):
            if key is None or key not in seen:
                first.append(found)
            seen.add(key)
        return first

    def _slice(self, start: int, size: int) -> list[Ranked]:
        """Reads no more places than there are documents: the engine makes room for all that it is asked for."""
        if self._freshness is None or start >= FRESHENED:
            return self._read(start, size)
        head = self._freshened(self._read(0, FRESHENED), *self._freshness)
        tail = self._read(FRESHENED, start + size - FRESHENED) if start + size > FRESHENED else []
        return (head + tail)[start : start + size]

    def _read(self, start: int, size: int) -> list[Ranked]:
        size = min(size, self._most - start)
        if size <= 0:
            return []
        untold = self._total is None
        if self._order is None:
            found = self._searcher.search(self._query, size, count=untold, offset=start)
            ranked = [Ranked(address, score) for score, address in found.hits]
        else:
            field, order = self._order
            found = self._searcher.search(
                self._query, size, count=untold, offset=start, order_by_field=field, order=order
            )
            ranked = [Ranked(address) for _, address in found.hits]
        if untold:
            self._total = _count(found)
        return ranked

    def _freshened(self, documents: list[Ranked], half_life: float, now: float) -> list[Ranked]:
        """A document half a life older than another counts 0.71 times as much, one a whole life older half."""
        dates = self._searcher.fast_field_values("date", [found.address for found in documents])
        scored = [
            Ranked(found.address, (found.score or 0.0) * math.exp2(-_half_lives(date, half_life, now)))
            for found, date in zip(documents, dates, strict=True)
        ]
        return sorted(scored, key=lambda found: -(found.score or 0.0))


def _half_lives(date: float | None, half_life: float, now: float) -> float:
    if date is None:
        return _UNDATED_HALF_LIVES
    return min(1000.0, max(0.0, (now * 1e6 - date) / _DAY_US / half_life))


def _count(found: tantivy.SearchResult) -> int:
    return found.count  # type: ignore[attr-defined, no-any-return]  # (missing in the stubs)
