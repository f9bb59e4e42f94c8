"""A query as the engine takes it, built from our own tree; nothing of the user's text reaches a query parser.

A word matches where its form as written does, or its term in one of the languages tried. Languages that know more of
the query's words than others count more: the query is likely to be in one of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise
from typing import Any, Final, NamedTuple

from shared.models.search import FILTERS, MatchUsed
from shared.moments import to_us
from shared.search.analysis.analyzers import OTHER
from shared.search.analysis.function_words import FUNCTION_WEIGHT, is_function_word
from shared.search.elasticsearch.figures import STEMMED, Known, Term, rarity
from shared.search.fields import BY_NAME, keyword
from shared.search.leaves import Leaf, Slot
from shared.search.port import EngineQuery
from shared.search.weighing import NEAR_BOOST, NEAR_WORDS, PAIR_PRESENCE, overlap, spared_leaves, unspaced

Query = dict[str, Any]
BOOSTS: Final = {"text": 1.0, "title": 0.4}
"""The text has the title in it, so a word in the title counts 1.4 times."""
_EXACT: Final = BY_NAME["exact"].boost
_PAIR: Final = 0.0005
"""The same for pairs of characters, which the analyzer for Chinese, Japanese and Korean has as they are."""
_PAIRS_MAX: Final = 32
_COMMON_SHARE: Final = 5
_COMMON_LEAST: Final = 500
_OWN: Final = 4
"""Power of a language's share of known words, in what its terms count."""
_COMMON: Final = 8
"""The same, in what a word's rarity is taken from."""
CLAUSES_MAX: Final = 1000
"""The engine refuses more than 1,024 on its smallest heap."""


def filters(query: EngineQuery) -> list[Query]:
    """What a document must be, whatever its score."""
    found: list[Query] = [
        {"terms": {name: [keyword(value) for value in getattr(query.filters, name)]}}
        for name in FILTERS
        if getattr(query.filters, name)
    ]
    if query.published_from or query.published_to:
        ends = {"gte": query.published_from, "lte": query.published_to}
        times = {"gte": "T00:00:00.000Z", "lte": "T23:59:59.999Z"}
        found.append({"range": {"date": {end: f"{day}{times[end]}" for end, day in ends.items() if day}}})
    if query.indexed_from or query.indexed_to:
        moments = {"gte": query.indexed_from, "lte": query.indexed_to}
        found.append({"range": {"indexed": {end: to_us(at) for end, at in moments.items() if at}}})
    if query.without:
        found.append(none_of(query.without))
    return found


def none_of(ids: Iterable[str]) -> Query:
    """Documents of any other pages."""
    return {"bool": {"must_not": [{"terms": {"id": list(ids)}}]}}


def plain(word: str) -> bool:
    """Whether an analyzer of the engine would leave a word whole: C++ and 10:30 it would not."""
    return not any(sign in word for sign in ".:+#\u2044")


class Scope(NamedTuple):
    """The languages and fields that words are looked for in."""

    codes: Sequence[str]
    fields: Sequence[str]


class Compiler:
    """Compiles leaves for one state of the index.

    Args:
        figures: on all words of the leaves.
        languages: codes that are tried, `OTHER` besides.
        leaves: of the whole query.
        spare: whether, where every word is needed, function words may be missing beside others.
    """

    def __init__(
        self, figures: Known, languages: Sequence[str], leaves: Sequence[Leaf], *, spare: bool = False
    ) -> None:
        self._figures = figures
        self._leaves = leaves
        self._known = self._shares((*languages, OTHER))
        self._found = {code: self._words_found(code) for code in self._known}
        there = [code for code in self._known if self._found[code] or code == OTHER]
        self._codes = sorted(there, key=lambda code: -self._known[code])
        self._rarities: dict[tuple[str, str], float] = {}
        self._function_words = self._held_together()
        self._spare = spare

    def narrower(self) -> Iterator[Scope]:
        """Languages and fields to compile with, fewer each time; the last ones are none."""
        fewer = [(most, STEMMED) for most in (16, 4) if most < len(self._codes)]
        for most, fields in ((len(self._codes), STEMMED), *fewer, (1, STEMMED[:1])):
            codes = self._codes[:most]
            if sum(self._found[code] for code in codes) <= CLAUSES_MAX:
                yield Scope(codes, fields)
        yield Scope((), ())

    def compiled(self, leaves: Sequence[Leaf], used: MatchUsed, scope: Scope) -> tuple[Query, int]:
        """Leaves as one query, and how many clauses the engine counts in it."""
        codes, fields = scope
        counted = Counter(leaves)
        found = [self._leaf(leaf, times, codes, fields) for leaf, times in counted.items()]
        near = list(self._near(leaves, codes)) if fields else []
        clauses = sum(map(words_in, near)) + sum(words_in(query) for each in found for query in each)
        shoulds = [any_of(each) for each in found]
        if used != "all":
            return _scored([any_of(shoulds)], near), clauses
        spared = spared_leaves(counted, self._function_words) if self._spare else set()
        needed = [query for query, leaf in zip(shoulds, counted, strict=True) if leaf not in spared]
        others = [query for query, leaf in zip(shoulds, counted, strict=True) if leaf in spared]
        return _scored(needed, others + near), clauses

    def _leaf(self, leaf: Leaf, times: int, codes: Sequence[str], fields: Sequence[str]) -> list[Query]:
        one = len(leaf.slots) == 1
        found = list(
            self._word(leaf.slots[0], times, codes, fields) if one else self._phrase(leaf, times, codes, fields)
        )
        if leaf.joined:
            found += self._word(leaf.joined, times, codes, fields)
        return found

    def _word(self, slot: Slot, times: int, codes: Sequence[str], fields: Sequence[str]) -> Iterator[Query]:
        stemmed = False
        telling = FUNCTION_WEIGHT if slot.exact in self._function_words else 1.0
        pair = unspaced(slot.exact)
        for field in fields:
            for code, term in self._terms(field, slot, codes):
                worth = times * telling * self._known[code] ** _OWN
                boost = worth * BOOSTS[field] * self._weight(field, slot, code, term)
                yield {"term": {f"{field}.{code}": {"value": term.text, "boost": boost}}}
                if pair and field == "text":
                    there = {"term": {f"text.{code}": term.text}}
                    yield {
                        "constant_score": {"filter": there, "boost": worth * PAIR_PRESENCE * self._rarity(code, term)}
                    }
                stemmed = True
        pair = stemmed and pair
        yield {"term": {"exact": {"value": slot.exact, "boost": times * (_PAIR if pair else _EXACT)}}}

    def _phrase(self, leaf: Leaf, times: int, codes: Sequence[str], fields: Sequence[str]) -> Iterator[Query]:
        exact = " ".join(slot.exact for slot in leaf.slots)
        for field in fields:
            for code in codes:
                for text in self._phrases(field, code, leaf.slots):
                    boost = times * BOOSTS[field] * self._known[code] ** _OWN
                    phrase = {"match_phrase": {f"{field}.{code}": {"query": text, "boost": boost}}}
                    yield self._with_stop_words(phrase, f"{field}.{code}", leaf.slots)
        pair = bool(fields) and unspaced(leaf.slots[0].exact)
        yield {"match_phrase": {"exact": {"query": exact, "boost": times * (_PAIR if pair else _EXACT)}}}

    def _phrases(self, field: str, code: str, slots: Sequence[Slot]) -> Iterator[str]:
        """The phrase as it may stand in one field: in `OTHER` by our stems, elsewhere as the engine analyses it."""
        if code == OTHER:
            by_language = dict.fromkeys(zip(*(slot.stems for slot in slots), strict=True))
            yield from (" ".join(forms) for forms in by_language if self._held(f"{field}.{code}", forms))
        elif all(plain(slot.exact) for slot in slots) and self._held(f"{field}.{code}", [s.exact for s in slots]):
            yield " ".join(slot.exact for slot in slots)

    def _with_stop_words(self, phrase: Query, place: str, slots: Sequence[Slot], slop: int = 0) -> Query:
        """A phrase of which an analyzer leaves words out: each must stand beside a neighbour as both are written.

        The engine keeps a stop word's place and takes any word there; at an end it keeps nothing.
        """
        known = self._figures.terms.get(place, {})
        left_out = [slot.exact in known and known[slot.exact] is None for slot in slots]
        beside = []
        for out, group in groupby(range(len(slots)), left_out.__getitem__):
            if out:
                start, *others = group
                end = start + len(others) + 1
                ways = [slots[start - 1 : end]] * (start > 0) + [slots[start : end + 1]] * (end < len(slots))
                beside.append(any_of([_as_written(way, slop) for way in ways]))
        return {"bool": {"must": [phrase], "filter": beside}} if beside else phrase

    def _near(self, leaves: Sequence[Leaf], codes: Sequence[str]) -> Iterator[Query]:
        """Neighbours of the query that are near in the text, in their order, add to the score."""
        telling = [leaf.slots for leaf in leaves if self._tells(leaf.slots[0])]
        for one, two in islice(pairwise(telling), _PAIRS_MAX):
            first, second = one[-1], two[0]
            if first.exact == second.exact or overlap(first.exact, second.exact):
                continue
            for code in codes:
                for text in self._phrases("text", code, (first, second)):
                    boost = NEAR_BOOST * self._known[code] ** _OWN
                    yield {"match_phrase": {f"text.{code}": {"query": text, "slop": NEAR_WORDS, "boost": boost}}}

    def _tells(self, slot: Slot) -> bool:
        """Whether a word is rare enough for its neighbours to matter; those of `the` say nothing, and cost much."""
        if slot.exact in self._function_words:
            return False
        held = sum(term.documents for _, term in self._terms("text", slot, self._codes))
        documents = sum(self._figures.documents.get(f"text.{code}", 0) for code in self._codes)
        return held <= max(_COMMON_LEAST, documents // _COMMON_SHARE)

    def _terms(self, field: str, slot: Slot, codes: Iterable[str]) -> Iterator[tuple[str, Term]]:
        for code in codes:
            known = self._figures.terms.get(f"{field}.{code}", {})
            for form in dict.fromkeys(slot.stems) if code == OTHER else (slot.exact,):
                term = known.get(form)
                if term and term.text and (term.documents or self._figures.sampled):
                    yield code, term

    def _weight(self, field: str, slot: Slot, code: str, term: Term) -> float:
        """What makes the engine weigh a term as if all terms of the word were one.

        A name is rare in a language that few documents are in, and would put those on top.
        """
        key = field, slot.exact
        if key not in self._rarities:
            self._rarities[key] = self._rarity_of_all(field, slot)
        return self._rarities[key] / rarity(term.documents, self._figures.documents.get(f"{field}.{code}", 0))

    def _rarity_of_all(self, field: str, slot: Slot) -> float:
        documents = self._figures.documents
        of = sum(documents.get(f"{field}.{each}", 0) * share**_COMMON for each, share in self._known.items())
        held = sum(
            found.documents * self._known[each] ** _COMMON for each, found in self._terms(field, slot, self._codes)
        )
        return rarity(held, of)

    def _rarity(self, code: str, term: Term) -> float:
        return rarity(term.documents, self._figures.documents.get(f"text.{code}", 0))

    def _held_together(self) -> frozenset[str]:
        """The function words of the query; none where it has no others."""
        words = {slot.exact for leaf in self._leaves for slot in leaf.slots}
        apparent = [code for code, share in self._known.items() if share == 1.0]
        found = frozenset(word for word in words if is_function_word(word, apparent))
        return found if len(found) < len(words) else frozenset()

    def _held(self, field: str, words: Iterable[str]) -> bool:
        known = self._figures.terms.get(field, {})
        found = [known.get(word, Term("", 0)) for word in words]
        if not any(found):
            return False
        return self._figures.sampled or all(term is None or term.documents for term in found)

    def _words_found(self, code: str) -> int:
        """Words of the query that texts in a language have; those of no other language need be looked for there."""
        slots = {slot for leaf in self._leaves for slot in (*leaf.slots, *filter(None, (leaf.joined,)))}
        return sum(any(True for _ in self._terms("text", slot, (code,))) for slot in slots)

    def _shares(self, codes: Iterable[str]) -> dict[str, float]:
        """How many of the query's words each language knows, against the one that knows most: 0 to 1."""
        slots = {slot.exact: slot for leaf in self._leaves for slot in leaf.slots if plain(slot.exact)}.values()
        there = [code for code in codes if self._figures.documents.get(f"text.{code}")]
        counts = {code: sum(self._knows(code, slot) for slot in slots) for code in there}
        most = max(counts.values(), default=0)
        return {code: count / most if most else 1.0 for code, count in counts.items()}

    def _knows(self, code: str, slot: Slot) -> bool:
        known = self._figures.terms.get(f"text.{code}", {})
        if code == OTHER:
            return any((term := known.get(form)) and term.documents for form in slot.stems)
        term = known.get(slot.exact, Term("", 0))
        return term is None or term.documents > 0


def _scored(must: Sequence[Query], should: Sequence[Query]) -> Query:
    return {"bool": {"must": list(must), **({"should": list(should)} if should else {})}}


def _as_written(slots: Sequence[Slot], slop: int) -> Query:
    return {"match_phrase": {"exact": {"query": " ".join(slot.exact for slot in slots), "slop": slop}}}


def any_of(queries: Sequence[Query]) -> Query:
    """One query that adds the scores of those that match, of which one must."""
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries), "minimum_should_match": 1}}


def words_in(query: Query) -> int:
    """How many clauses the engine counts in a query: each word of a phrase is one."""
    if "bool" in query:
        return sum(words_in(each) for about in query["bool"].values() if isinstance(about, list) for each in about)
    phrase = query.get("match_phrase")
    return sum(len(about["query"].split()) for about in phrase.values()) if phrase else 1
