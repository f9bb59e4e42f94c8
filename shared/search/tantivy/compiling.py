"""A query as the engine takes it, built from our own tree; the engine's query parser never sees a user's text."""

import math
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

_STEMMED: Final = tuple(field for field in FIELDS if field.kind == "text" and field.stems)
_EXACT: Final = BY_NAME["exact"]
_NEAR_WORDS: Final = 3
"""Words that may stand between two neighbours of the query for the bonus of being near."""
_NEAR_BOOST: Final = 0.5
_PAIRS_MAX: Final = 32
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
    return found


def narrowed(core: Query, conditions: Sequence[Query]) -> Query:
    """`core` where all conditions hold, which do not change the score."""
    if not conditions:
        return core
    silent = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
    return Query.boolean_query([(Occur.Must, core), *silent])


class Compiler:
    """Compiles leaves for one state of the index, whose figures on words it asks."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._documents = searcher.num_docs

    def compiled(self, leaves: Sequence[Leaf], used: MatchUsed) -> Query | None:
        """Leaves as one query; None where no document can match.

        A leaf that is typed several times counts as often. Neighbours of the query that are near in the text, in
        their order, add to the score.
        """
        occur = Occur.Must if used == "all" else Occur.Should
        clauses: list[tuple[Occur, Query]] = []
        for leaf, times in Counter(leaves).items():
            found = self._leaf(leaf)
            if found is not None:
                clauses.append((occur, boosted(found, times)))
            elif used == "all":
                return None
        if not clauses:
            return None
        near = ((Occur.Should, query) for query in self._near(leaves))
        return Query.boolean_query([(Occur.Must, Query.boolean_query(clauses)), *near])

    def _leaf(self, leaf: Leaf) -> Query | None:
        found = list(self._word(leaf.slots[0]) if len(leaf.slots) == 1 else self._phrase(leaf.slots))
        if leaf.joined:
            found += self._word(leaf.joined)
        return Query.boolean_query([(Occur.Should, query) for query in found]) if found else None

    def _word(self, slot: Slot) -> Iterator[Query]:
        for field in _STEMMED:
            yield from self._terms(field.name, field.boost, dict.fromkeys(slot.stems))
        yield from self._terms(_EXACT.name, _EXACT.boost, (slot.exact,))

    def _terms(self, field: str, boost: float, forms: Iterable[str]) -> Iterator[Query]:
        """One query for each form that occurs.

        A form is weighed as if all forms were one word: a name is rare in the stems of a language that few documents
        are in, and would put those on top.
        """
        held = {form: found for form in forms if (found := self._searcher.doc_freq(field, form))}
        together = self._rarity(sum(held.values()))
        for form, documents in held.items():
            query = Query.term_query(schema(), field, form)
            yield boosted(query, boost * together / self._rarity(documents))

    def _phrase(self, slots: Sequence[Slot]) -> Iterator[Query]:
        by_language = dict.fromkeys(zip(*(slot.stems for slot in slots), strict=True))
        for field in _STEMMED:
            for words in by_language:
                if self._held(field.name, words):
                    yield boosted(Query.phrase_query(schema(), field.name, list(words)), field.boost)
        exact = [slot.exact for slot in slots]
        if self._held(_EXACT.name, exact):
            yield boosted(Query.phrase_query(schema(), _EXACT.name, list(exact)), _EXACT.boost)

    def _near(self, leaves: Sequence[Leaf]) -> Iterator[Query]:
        telling = [leaf for leaf in leaves if self._tells(leaf)]
        for one, two in islice(pairwise(telling), _PAIRS_MAX):
            stems = zip(one.slots[-1].stems, two.slots[0].stems, strict=True)
            for words in dict.fromkeys(stems):
                if words[0] != words[1] and self._held("text", words):
                    near = Query.phrase_query(schema(), "text", list(words), _NEAR_WORDS)
                    yield boosted(near, _NEAR_BOOST)

    def _tells(self, leaf: Leaf) -> bool:
        """Whether a leaf is rare enough for its neighbours to matter; those of `the` say nothing, and cost much."""
        held = sum(self._searcher.doc_freq("text", stem) for stem in dict.fromkeys(leaf.slots[0].stems))
        return held <= max(_COMMON_LEAST, self._documents // _COMMON_SHARE)

    def _held(self, field: str, words: Iterable[str]) -> bool:
        return all(self._searcher.doc_freq(field, word) for word in words)

    def _rarity(self, documents: int) -> float:
        """Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009), never zero."""
        found = min(documents, self._documents)
        return math.log(1 + (self._documents - found + 0.5) / (found + 0.5)) or 1e-6


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
