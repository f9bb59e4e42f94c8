"""Clauses as the engine takes them. What is looked for as it stands and everywhere is left to `compiling`."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from tantivy import Occur, Query

from shared.models.search import MatchUsed
from shared.search.analysis.beginnings import beginning
from shared.search.clauses import Clause, Condition, Group, Weighted, narrows
from shared.search.fields import BY_NAME
from shared.search.labels import LABELLED, label, presence
from shared.search.leaves import Leaf, Slot
from shared.search.tantivy.compiling import Compiler, boosted, day, number_range
from shared.search.tantivy.schema import DAY, schema
from shared.search.tantivy.weights import Known

_LABELS: Final = "labels"
_EXACT: Final = "exact"
_STEMMED: Final = ("title", "text")
_ALIKE: Final = 1.0
"""What a word that is merely like the one that was typed counts."""


class Clauses:
    """Compiles clauses for one state of the index; see `Compiler`."""

    def __init__(self, searcher: Known, leaves: Sequence[Leaf], *, spare: bool = False, weighed: bool = True) -> None:
        self._searcher = searcher
        self._compiler = Compiler(searcher, leaves, spare=spare, weighed=weighed)

    def compiled(self, group: Group) -> Query | None:
        """A group as one query; None where no document can match."""
        wanted = self._all(group.parts, "all" if group.every else "best")
        needed = self._all(group.needed, "all")
        if needed is None or (wanted is None and not group.optional):
            return None
        barred = [query for clause in group.barred if (query := self._clause(clause))]
        return _joined(wanted or [], needed, barred, group)

    def _all(self, clauses: Sequence[Clause], used: MatchUsed) -> list[Query] | None:
        """These clauses one by one, those that can be looked for together as one; None where they cannot match."""
        plain = [clause for clause in clauses if isinstance(clause, Leaf) and clause.plain]
        others = [clause for clause in clauses if not (isinstance(clause, Leaf) and clause.plain)]
        found = [self._compiler.compiled(plain, used)] if plain else []
        found += map(self._clause, others)
        there = [query for query in found if query is not None]
        missing = len(there) < len(found) if used == "all" else found and not there
        return None if missing else there

    def _clause(self, clause: Clause) -> Query | None:
        match clause:
            case Condition():
                return _silent(_condition(clause))
            case Weighted() if narrows(clause):
                query = self._clause(clause.clause)
                return None if query is None else Query.const_score_query(query, clause.factor)
            case Weighted():
                query = self._clause(clause.clause)
                return None if query is None else boosted(query, clause.factor)
            case Group():
                return self.compiled(clause)
            case Leaf():
                query = self._leaf(clause)
                return _silent(query) if query is not None and narrows(clause) else query

    def _leaf(self, leaf: Leaf) -> Query | None:
        if leaf.plain:
            return self._compiler.compiled([leaf], "all")
        match leaf.form:
            case "prefix":
                found = self._begun(leaf)
            case "fuzzy":
                found = self._alike(leaf)
            case "near":
                found = self._near(leaf)
            case "word":
                found = self._scoped(leaf)
        return _any(list(found))

    def _scoped(self, leaf: Leaf) -> Iterator[Query]:
        if leaf.joined:
            yield from self._phrases(leaf.field, (leaf.joined,), 0)
        yield from self._phrases(leaf.field, leaf.slots, 0)

    def _begun(self, leaf: Leaf) -> Iterator[Query]:
        """The words as they are written, the last of which goes on in any way; none tells more than the others."""
        field, mark = _written(leaf.field)
        forms = [f"{mark}{slot.exact}" for slot in leaf.slots]
        patterns = [_pattern(mark, form, last=place + 1 == len(forms)) for place, form in enumerate(forms)]
        if len(patterns) > 1:
            query = Query.regex_phrase_query(schema(), field, list(patterns))
        else:
            query = Query.regex_query(schema(), field, patterns[0])
        yield Query.const_score_query(query, _ALIKE)

    def _alike(self, leaf: Leaf) -> Iterator[Query]:
        """The word in any of its forms, which counts as it always does, and those that are like it as written."""
        whole = self._leaf(leaf._replace(form="word", amount=0))
        if whole is not None:
            yield whole
        field, mark = _written(leaf.field)
        word = label(leaf.field, leaf.slots[0].exact) if mark and leaf.field else leaf.slots[0].exact
        alike = Query.fuzzy_term_query(schema(), field, word, leaf.amount)
        yield Query.const_score_query(alike, _ALIKE)

    def _near(self, leaf: Leaf) -> Iterator[Query]:
        """Each two neighbours within the distance, either way round: what the engine does with three is not that.

        Neighbours that come again, either way round, are looked for once.
        """
        neighbours = {frozenset(pair): pair for pair in pairwise(leaf.slots)}.values()
        pairs = [_any(list(self._phrases(leaf.field, pair, leaf.amount))) for pair in neighbours]
        there = [(Occur.Must, pair) for pair in pairs if pair is not None]
        if len(there) == len(pairs):
            yield Query.boolean_query(there)

    def _phrases(self, field: str | None, slots: Sequence[Slot], slop: int) -> Iterator[Query]:
        """The words side by side in each field that is meant, in each language that was tried."""
        read = _STEMMED if slop else (*_STEMMED, _EXACT)  # as written, title and text are one
        for name in read if field is None else (_engine_field(field),):
            for words in _forms(field, name, slots):
                if all(self._searcher.doc_freq(name, word) for word in words):
                    boost = BY_NAME[name].boost if field is None else 1.0
                    yield from (boosted(query, boost) for query in _side_by_side(name, words, slop))


def _side_by_side(field: str, words: Sequence[str], slop: int) -> Iterator[Query]:
    """Words one behind the other, or with a slop two words so near each other, either way round.

    The engine takes two words whose distance differs by no more than its slop from the one they are given: none, so
    that they may be turned round. A word beside itself would be one word then; it is given the middle one of the
    distances wanted. An even number of these has no middle, and the longest is asked for by itself.
    """
    if len(words) == 1:
        yield Query.term_query(schema(), field, words[0])
    elif not slop:
        yield Query.phrase_query(schema(), field, list(words))
    elif words[0] != words[1]:
        yield Query.phrase_query(schema(), field, [(0, words[0]), (0, words[1])], slop + 1)
    else:
        reach = slop // 2
        yield Query.phrase_query(schema(), field, [(0, words[0]), (reach + 1, words[1])], reach)
        if slop % 2:
            yield Query.phrase_query(schema(), field, [(0, words[0]), (slop + 1, words[1])])


def _forms(field: str | None, name: str, slots: Sequence[Slot]) -> list[tuple[str, ...]]:
    if name == _LABELS:
        return [tuple(label(field or "", slot.exact) for slot in slots)]
    if BY_NAME[name].stems:
        return list(dict.fromkeys(zip(*(slot.stems for slot in slots), strict=True)))
    return [tuple(slot.exact for slot in slots)]


def _engine_field(field: str) -> str:
    """Where the words of a field are looked for."""
    return _LABELS if field in LABELLED and field != "title" else field


def _written(field: str | None) -> tuple[str, str]:
    """Where words are as they are written, and what stands before them there."""
    if field in LABELLED:
        return _LABELS, label(field or "", "")
    return ("url" if field == "url" else _EXACT), ""


def _pattern(mark: str, form: str, *, last: bool) -> str:
    found = beginning(form.removeprefix(mark))
    return mark + (found if last else found.removesuffix(".*"))


def _condition(condition: Condition) -> Query:
    field = BY_NAME[condition.field]
    if condition.prefix:
        return Query.regex_query(schema(), field.name, beginning(condition.value or ""))
    if condition.value is not None:
        return Query.term_query(schema(), field.name, condition.value)
    if condition.least is None and condition.most is None:
        return Query.term_query(schema(), _LABELS, presence(field.name))
    if field.kind == "date":
        return number_range(DAY, _day(condition.least), _day(condition.most))
    return number_range(field.name, _whole(condition.least), _whole(condition.most))


def _day(end: date | int | None) -> int | None:
    return day(end) if isinstance(end, date) else None


def _whole(end: date | int | None) -> int | None:
    return end if isinstance(end, int) else None


def _joined(wanted: list[Query], needed: list[Query], barred: list[Query], group: Group) -> Query:
    """One query of all; what is barred alone leaves everything else."""
    clauses = [(Occur.Must, query) for query in needed]
    if wanted and not group.every and not group.optional:
        clauses += [(Occur.Must, query) for query in [_any(wanted)] if query is not None]
    else:
        clauses += [(Occur.Must if group.every else Occur.Should, query) for query in wanted]
    if not clauses:
        clauses = [(Occur.Must, _silent(Query.all_query()))]
    clauses += [(Occur.MustNot, query) for query in barred]
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)


def _any(queries: Sequence[Query]) -> Query | None:
    if len(queries) < 2:
        return queries[0] if queries else None
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _silent(query: Query) -> Query:
    """A condition tells nothing of how well a document matches."""
    return Query.const_score_query(query, 0.0)
