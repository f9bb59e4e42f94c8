"""Clauses as the engine takes them. What is looked for as it stands and everywhere is left to `compiling`."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Final

from shared.models.search import MatchUsed
from shared.search.analysis.analyzers import OTHER
from shared.search.analysis.characters import folded
from shared.search.clauses import Clause, Condition, Group, Weighted, narrows
from shared.search.elasticsearch.compiling import BOOSTS, CLAUSES_MAX, Compiler, Query, Scope, any_of, words_in
from shared.search.elasticsearch.figures import Terms
from shared.search.fields import BY_NAME
from shared.search.labels import LABELLED, label, presence
from shared.search.leaves import Leaf, Slot

_NOTHING: Final[Query] = {"match_none": {}}
_WORDS: Final = frozenset({"term", "match_phrase"})
"""Queries whose boost stands with their field."""
_GAP: Final = 100
"""The engine's default `position_increment_gap`; titles are shorter."""
_EXPANSIONS: Final = 1024
_ALIKE: Final = 1.0
"""What a word that is merely like the one that was typed counts."""
_AS_WRITTEN: Final = 0.2


class Clauses(Compiler):
    """Compiles clauses for one state of the index; see `Compiler`."""

    def whole(self, group: Group) -> Query:
        """A query as a whole, in as many languages as the engine does not find too long."""
        made: Query = _NOTHING
        for scope in self.narrower():
            self._clauses = 0
            made = self._group(group, scope)
            if self._clauses <= CLAUSES_MAX:
                break
        return made

    def _group(self, group: Group, scope: Scope) -> Query:
        """One `bool` a group, since the engine takes no more than 30 of them within each other."""
        wanted = self._all(group.parts, "all" if group.every else "best", scope)
        needed = self._all([clause for clause in group.needed if not narrows(clause)], "all", scope)
        made: dict[str, Any] = {
            "must": needed + (wanted if group.every else []),
            "should": [] if group.every else wanted,
            "filter": [self._clause(clause, scope) for clause in group.needed if narrows(clause)],
            "must_not": [self._clause(clause, scope) for clause in group.barred],
        }
        made = {name: queries for name, queries in made.items() if queries}
        if made.keys() <= {"must"} and len(made.get("must", ())) == 1:
            only: Query = made["must"][0]
            return only
        if "should" in made and not group.optional:
            made["minimum_should_match"] = 1
        return {"bool": made} if made else {"match_all": {}}

    def _all(self, clauses: Sequence[Clause], used: MatchUsed, scope: Scope) -> list[Query]:
        plain = [clause for clause in clauses if isinstance(clause, Leaf) and clause.plain]
        others = [clause for clause in clauses if not (isinstance(clause, Leaf) and clause.plain)]
        return [*([self._plain(plain, used, scope)] if plain else []), *(self._clause(each, scope) for each in others)]

    def _plain(self, leaves: Sequence[Leaf], used: MatchUsed, scope: Scope) -> Query:
        made, clauses = self.compiled(leaves, used, scope)
        self._clauses += clauses
        return made

    def _clause(self, clause: Clause, scope: Scope) -> Query:
        match clause:
            case Condition():
                self._clauses += 1
                return _counting(_condition(clause), 0.0)
            case Weighted() if narrows(clause):
                return _counting(self._clause(clause.clause, scope), clause.factor)
            case Weighted():
                return _boosted(self._clause(clause.clause, scope), clause.factor)
            case Group():
                return self._group(clause, scope)
            case Leaf():
                query = self._leaf_alone(clause, scope)
                return _counting(query, 0.0) if narrows(clause) else query

    def _leaf_alone(self, leaf: Leaf, scope: Scope) -> Query:
        if leaf.plain:
            return self._plain([leaf], "all", scope)
        match leaf.form:
            case "prefix":
                found = list(_begun(leaf))
            case "fuzzy":
                found = [self._leaf_alone(leaf._replace(form="word", amount=0), scope), _alike(leaf)]
            case "near":
                return self._neighbours(leaf, scope)
            case "word":
                found = list(self._scoped(leaf, scope))
        self._clauses += sum(map(words_in, found))
        return any_of(found) if found else _NOTHING

    def _scoped(self, leaf: Leaf, scope: Scope) -> Iterator[Query]:
        for slots in filter(None, ((leaf.joined,) if leaf.joined else (), leaf.slots)):
            yield from self._side_by_side(leaf.field, slots, scope)

    def _neighbours(self, leaf: Leaf, scope: Scope) -> Query:
        """Each two neighbours within the distance, either way round; those that come again are looked for once."""
        pairs = []
        for pair in {frozenset(pair): pair for pair in pairwise(leaf.slots)}.values():
            both = dict.fromkeys((pair, pair[::-1]))
            ways = [query for way in both for query in self._side_by_side(leaf.field, way, scope, leaf.amount)]
            self._clauses += sum(map(words_in, ways))
            pairs.append(any_of(ways) if ways else _NOTHING)
        return pairs[0] if len(pairs) == 1 else {"bool": {"must": pairs}}

    def _side_by_side(self, field: str | None, slots: Sequence[Slot], scope: Scope, slop: int = 0) -> Iterator[Query]:
        """The words side by side in each field that is meant, in each language that was tried."""
        if field in LABELLED and field != "title":
            yield _phrase("labels", [label(field, slot.exact) for slot in slots], slop, 1.0)
            return
        if field == "text":
            yield from self._in_text(slots, scope, slop)
            return
        for name in scope.fields if field is None else (field,):
            if name in BOOSTS:
                yield from self._in_languages(name, slots, scope, slop)
        if field == "title":
            yield from self._as_it_stands(slots, slop, _in_title)
        if field in (None, "exact", "url"):
            yield _phrase(field or "exact", [slot.exact for slot in slots], slop, _AS_WRITTEN)

    def _in_languages(self, name: str, slots: Sequence[Slot], scope: Scope, slop: int) -> Iterator[Query]:
        for code in scope.codes or (OTHER,):
            place = f"{name}.{code}"
            if len(slots) == 1:
                for _, term in self._terms(name, slots[0], (code,)):
                    yield {"term": {place: {"value": term.text, "boost": BOOSTS[name]}}}
            else:
                for text in self._phrases(name, code, slots):
                    phrase = _phrase(place, text.split(" "), slop, BOOSTS[name])
                    yield self._with_stop_words(phrase, place, slots, slop)

    def _in_text(self, slots: Sequence[Slot], scope: Scope, slop: int) -> Iterator[Query]:
        """The same in the text alone, which has the title before it in the index."""
        for code in scope.codes or (OTHER,):
            terms = [term.text for slot in slots for _, term in self._terms("text", slot, (code,))]
            conditions = [_behind_title(f"text.{code}", term) for term in dict.fromkeys(terms)]
            for query in self._in_languages("text", slots, Scope((code,), ()), slop):
                self._clauses += 4 * len(conditions)
                yield {"bool": {"must": [query], "filter": conditions}}
        yield from self._as_it_stands(slots, slop, partial(_behind_title, "exact"))

    def _as_it_stands(self, slots: Sequence[Slot], slop: int, there: Callable[[str], Query]) -> Iterator[Query]:
        """Words that a language's analyzer leaves out or takes apart, in a part of what is as it was written."""
        known = [self._figures.terms.get(f"text.{code}", {}) for code in self._known]
        if any(all(_not_whole(terms, slot.exact) for slot in slots) for terms in known):
            words = [slot.exact for slot in slots]
            conditions = [there(word) for word in dict.fromkeys(words)]
            self._clauses += 4 * len(conditions)
            yield {"bool": {"must": [_phrase("exact", words, slop, _AS_WRITTEN)], "filter": conditions}}


def _not_whole(terms: Terms, word: str) -> bool:
    term = terms.get(word)
    return word in terms and (term is None or not term.text)


def _in_title(word: str) -> Query:
    """Where a document has a word as it is written in its title, which comes first there."""
    first = {"span_first": {"match": {"span_term": {"exact": {"value": word}}}, "end": _GAP}}
    return {"bool": {"filter": [first, {"term": {"labels": {"value": presence("title")}}}]}}


def _behind_title(place: str, term: str) -> Query:
    """Where a document has a word behind its title: the engine leaves a hundred places free between two values."""
    here = {"span_term": {place: {"value": term}}}
    behind = {"span_not": {"include": here, "exclude": {"span_first": {"match": here, "end": _GAP}}}}
    titled = {"term": {"labels": {"value": presence("title")}}}
    return any_of([behind, {"bool": {"must": [here], "must_not": [titled]}}])


def _phrase(field: str, words: Sequence[str], slop: int, boost: float) -> Query:
    if len(words) == 1:
        return {"term": {field: {"value": words[0], "boost": boost}}}
    return {"match_phrase": {field: {"query": " ".join(words), "slop": slop, "boost": boost}}}


def _begun(leaf: Leaf) -> Iterator[Query]:
    """The words as they are written, the last of which goes on in any way; none tells more than the others."""
    field, words = _written(leaf)
    if len(words) > 1:
        phrase = {"match_phrase_prefix": {field: {"query": " ".join(words), "max_expansions": _EXPANSIONS}}}
        yield _counting(phrase, _ALIKE)
        return
    for word in dict.fromkeys((words[0], folded(words[0]))):
        yield _counting({"prefix": {field: {"value": word}}}, _ALIKE)


def _alike(leaf: Leaf) -> Query:
    """Words that are like this one as they are written: all of them, however many."""
    field, (word,) = _written(leaf)
    told = {"value": word, "fuzziness": leaf.amount, "transpositions": True, "rewrite": "constant_score"}
    return _counting({"fuzzy": {field: told}}, _ALIKE)


def _written(leaf: Leaf) -> tuple[str, list[str]]:
    """Where words are as they are written, and what these look like there."""
    if leaf.field in LABELLED:
        return "labels", [label(leaf.field or "", slot.exact) for slot in leaf.slots]
    return ("url" if leaf.field == "url" else "exact"), [slot.exact for slot in leaf.slots]


def _condition(condition: Condition) -> Query:
    field = BY_NAME[condition.field]
    if condition.prefix:
        return {"prefix": {field.name: {"value": condition.value}}}
    if condition.value is not None:
        return {"term": {field.name: {"value": condition.value}}}
    ends = {"gte": condition.least, "lte": condition.most}
    given = {end: value for end, value in ends.items() if value is not None}
    if not given:
        return {"term": {"labels": {"value": presence(field.name)}}}
    times = {"gte": "T00:00:00.000Z", "lte": "T23:59:59.999Z"}
    if field.kind == "date":
        return {"range": {field.name: {end: f"{_iso(value)}{times[end]}" for end, value in given.items()}}}
    return {"range": {field.name: given}}


def _iso(value: date | int) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _counting(query: Query, score: float) -> Query:
    """A query whose every match counts the same."""
    if "constant_score" in query:
        return {"constant_score": {**query["constant_score"], "boost": score}}
    return {"constant_score": {"filter": query, "boost": score}}


def _boosted(query: Query, factor: float) -> Query:
    """A query that counts so many times, without another one around it."""
    ((kind, about),) = query.items()
    if kind not in _WORDS:
        return {kind: {**about, "boost": about.get("boost", 1.0) * factor}}
    ((field, told),) = about.items()
    return {kind: {field: {**told, "boost": told.get("boost", 1.0) * factor}}}
