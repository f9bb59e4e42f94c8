"""A query as the engine takes it, built from our own tree; the engine's query parser never sees a user's text."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice, pairwise
from typing import Final

import tantivy
from tantivy import Occur, Query

from shared.models.search import FILTERS, MatchUsed
from shared.moments import to_us
from shared.search.fields import BY_NAME, FIELDS, keyword
from shared.search.leaves import Leaf, Slot
from shared.search.port import EngineQuery
from shared.search.tantivy.schema import DAY, schema
from shared.search.tantivy.weights import Known, Unweighed, Weights
from shared.search.weighing import NEAR_BOOST, NEAR_WORDS, PAIR_PRESENCE, overlap, spared_leaves, unspaced

_STEMMED: Final = tuple(field for field in FIELDS if field.kind == "text" and field.stems)
_EXACT: Final = BY_NAME["exact"]
_PLAIN: Final = 0.05
"""What a stem of a word without its accents counts where these were typed: pages that have them have both stems."""
_LEAST: Final = 1e-6
"""What any term counts: whatever matches has a score."""
_PAIRS_MAX: Final = 32
"""Neighbours of one query that add to the score where they are near in the text."""
_COMMON_SHARE: Final = 5
"""A word in more than one of so many documents is common."""
_COMMON_LEAST: Final = 500
_LONGEST: Final = 2**63 - 1


def filters(query: EngineQuery) -> list[Query]:
    """What a document must be, whatever its score."""
    found = [
        Query.term_set_query(schema(), name, [keyword(value) for value in getattr(query.filters, name)])
        for name in FILTERS
        if getattr(query.filters, name)
    ]
    if query.published_from or query.published_to:
        found.append(number_range(DAY, day(query.published_from), day(query.published_to)))
    if query.indexed_from or query.indexed_to:
        found.append(number_range("indexed", _instant(query.indexed_from), _instant(query.indexed_to)))
    if query.without:
        found.append(none_of(query.without))
    return found


def none_of(ids: Iterable[str]) -> Query:
    """Documents of any other pages."""
    barred = Query.term_set_query(schema(), "id", list(ids))
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, barred)])


def narrowed(core: Query, conditions: Sequence[Query]) -> Query:
    """`core` where all conditions hold, which do not change the score."""
    if not conditions:
        return core
    silent = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
    return Query.boolean_query([(Occur.Must, core), *silent])


class Compiler:
    """Compiles leaves for one state of the index, whose figures on words it asks.

    Args:
        searcher: the state of the index.
        leaves: of the whole query.
        spare: whether, where every word is needed, function words may be missing beside others.
        weighed: whether it matters how well a document matches; else only whether it does.
    """

    def __init__(self, searcher: Known, leaves: Sequence[Leaf], *, spare: bool = False, weighed: bool = True) -> None:
        self._weights = Weights(searcher, leaves) if weighed else Unweighed(searcher)
        self._weighed = weighed
        self._spare = spare
        self._pairs_left = _PAIRS_MAX

    def compiled(self, leaves: Sequence[Leaf], used: MatchUsed) -> Query | None:
        """Some of the leaves as one query; None where no document can match.

        A leaf that is typed several times counts as often. Neighbours of the query that are near in the text, in
        their order, add to the score.
        """
        needed = self._needed(leaves, used)
        clauses: list[tuple[Occur, Query]] = []
        for leaf, times in Counter(leaves).items():
            found = self._leaf(leaf)
            if found is not None:
                clauses.append((Occur.Must if leaf in needed else Occur.Should, boosted(found, times)))
            elif leaf in needed:
                return None
        if not clauses:
            return None
        near = ((Occur.Should, query) for query in (self._near(leaves) if self._weighed else ()))
        return Query.boolean_query([(Occur.Must, Query.boolean_query(clauses)), *near])

    def _needed(self, leaves: Sequence[Leaf], used: MatchUsed) -> set[Leaf]:
        if used != "all":
            return set()
        return set(leaves) - (spared_leaves(leaves, self._weights.function_words) if self._spare else set())

    def _leaf(self, leaf: Leaf) -> Query | None:
        one = len(leaf.slots) == 1
        found = list(self._word(leaf.slots[0]) if one else self._phrase(leaf.slots))
        if leaf.joined:
            found += self._word(leaf.joined)
        return Query.boolean_query([(Occur.Should, query) for query in found]) if found else None

    def _word(self, slot: Slot) -> Iterator[Query]:
        own = tuple(dict.fromkeys(slot.own))
        telling = self._weights.telling(slot)
        for field in _STEMMED:
            for form in dict.fromkeys(slot.stems):
                if self._weights.held(field.name, form):
                    worth = self._weights.own(form) * self._weights.worth(field.name, form, own)
                    query = Query.term_query(schema(), field.name, form)
                    part = 1.0 if form in own else _PLAIN
                    yield boosted(query, max(field.boost * telling * part * worth, _LEAST))
        yield from self._presence(slot)
        if self._weights.held(_EXACT.name, slot.exact):
            query = Query.term_query(schema(), _EXACT.name, slot.exact)
            yield boosted(query, max(_EXACT.boost * self._weights.exact_worth(slot), _LEAST))

    def _presence(self, slot: Slot) -> Iterator[Query]:
        pair = slot.stems[0]
        if self._weighed and unspaced(slot.exact) and self._weights.held("text", pair):
            worth = PAIR_PRESENCE * self._weights.telling(slot) * self._weights.rarity("text", pair)
            yield Query.const_score_query(Query.term_query(schema(), "text", pair), worth)

    def _phrase(self, slots: Sequence[Slot]) -> Iterator[Query]:
        by_language = dict.fromkeys(zip(*(slot.stems for slot in slots), strict=True))
        for field in _STEMMED:
            for words in by_language:
                if self._held(field.name, words):
                    query = Query.phrase_query(schema(), field.name, list(words))
                    yield boosted(query, field.boost * self._weights.phrase_worth(field.name, words))
        exact = [slot.exact for slot in slots]
        if self._held(_EXACT.name, exact):
            yield boosted(Query.phrase_query(schema(), _EXACT.name, list(exact)), _EXACT.boost)

    def _near(self, leaves: Sequence[Leaf]) -> Iterator[Query]:
        telling = [leaf for leaf in leaves if self._tells(leaf)]
        pairs = list(islice(pairwise(telling), self._pairs_left))
        self._pairs_left -= len(pairs)
        for one, two in pairs:
            if overlap(one.slots[-1].exact, two.slots[0].exact):
                continue
            stems = zip(one.slots[-1].stems, two.slots[0].stems, strict=True)
            for words in dict.fromkeys(stems):
                if words[0] != words[1] and self._held("text", words):
                    near = Query.phrase_query(schema(), "text", list(words), NEAR_WORDS)
                    worth = NEAR_BOOST * self._weights.own(words[0]) * self._weights.phrase_worth("text", words)
                    yield boosted(near, max(worth, _LEAST))

    def _tells(self, leaf: Leaf) -> bool:
        """Whether a leaf is rare enough for its neighbours to matter; those of `the` say nothing, and cost much."""
        if leaf.slots[0].exact in self._weights.function_words:
            return False
        held = sum(self._weights.held("text", stem) for stem in dict.fromkeys(leaf.slots[0].stems))
        return held <= max(_COMMON_LEAST, self._weights.documents // _COMMON_SHARE)

    def _held(self, field: str, words: Iterable[str]) -> bool:
        return all(self._weights.held(field, word) for word in words)


def boosted(query: Query, boost: float) -> Query:
    """A query whose score counts so many times."""
    return query if boost == 1 else Query.boost_query(query, boost)


def day(of: date | None) -> int | None:
    """Days since 1970."""
    return None if of is None else (of - date(1970, 1, 1)).days


def _instant(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


def number_range(field: str, low: int | None, high: int | None) -> Query:
    """Documents whose number is not outside of these ends, of which one may be open."""
    low, high = (-_LONGEST if low is None else low), (_LONGEST if high is None else high)
    return Query.range_query(schema(), field, tantivy.FieldType.Integer, low, high)
