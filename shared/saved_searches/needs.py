"""What a document must have to be matched by a query.

It is never more than the query asks for. Where it is all of that (words, words side by side, beginnings, values and
filters), a document that has it matches; in all other cases (words near each other, those alike, ranges, words of the
title alone) the engine decides over those that have it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from shared.models.search import FILTERS
from shared.saved_searches.spellings import alike, begun
from shared.saved_searches.tokens import EXACT, TITLE, URL, Tokens, whole
from shared.search.clauses import Asked, Clause, Condition, Group, Weighted
from shared.search.fields import keyword
from shared.search.labels import LABELLED, label, presence
from shared.search.leaves import Leaf, Slot
from shared.search.port import EngineQuery

_READ: Final = (None, "text", "exact")
"""Fields whose words are looked for as they are written."""
Need = frozenset[str]


class Phrase(NamedTuple):
    """Words side by side.

    Args:
        stems: the ways that they may stand in a text by their stems.
        exact: the same as they are written.
        tokens: any of which will do as well.
    """

    stems: tuple[str, ...]
    exact: tuple[str, ...]
    tokens: Need = frozenset()

    def stands_in(self, tokens: Tokens, has: set[str]) -> bool:
        """Whether a document has it."""
        if any(words in tokens.stems_text for words in self.stems):
            return True
        return any(words in tokens.exact_text for words in self.exact) or not has.isdisjoint(self.tokens)


class Needs(NamedTuple):
    """What a document must have.

    Args:
        sets: of tokens, one of each.
        phrases: all of them.
        bars: none of these may be fulfilled.
        enough: whether whatever fulfils this matches.
    """

    sets: tuple[Need, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    bars: "tuple[Needs, ...]" = ()
    enough: bool = True

    def fulfilled(self, tokens: Tokens, has: set[str]) -> bool:
        """Whether a document has it all.

        Args:
            tokens: of the document.
            has: those of its tokens that anybody needs.
        """
        if any(map(has.isdisjoint, self.sets)):
            return False
        if not all(phrase.stands_in(tokens, has) for phrase in self.phrases):
            return False
        return not any(bar.fulfilled(tokens, has) for bar in self.bars)

    def words(self) -> Iterable[str]:
        """Every token that it is about."""
        yield from chain.from_iterable(self.sets)
        yield from chain.from_iterable(phrase.tokens for phrase in self.phrases)
        for bar in self.bars:
            yield from bar.words()


NEVER: Final = Needs((frozenset({" "}),))
"""No document has such a token."""


def needs(asked: Asked, query: EngineQuery) -> Needs:
    """The needs of a whole query, taken apart for documents of one language."""
    if asked.whole is None:
        return NEVER
    found = _group(asked.whole)
    ranges = (query.published_from, query.published_to, query.indexed_from, query.indexed_to)
    sets = tuple(dict.fromkeys((*found.sets, *_filters(query))))
    return found._replace(sets=sets, enough=found.enough and not any(ranges))


def _filters(query: EngineQuery) -> Iterable[Need]:
    for name in FILTERS:
        if values := getattr(query.filters, name):
            yield frozenset(whole(name, keyword(value)) for value in values)


def _group(group: Group) -> Needs:
    found = [_of(clause) for clause in group.needed]
    if group.every:
        found += map(_of, group.parts)
    elif not group.optional and group.parts:
        found.append(_any(list(map(_of, group.parts))))
    barred = [_of(clause) for clause in group.barred]
    return Needs(
        tuple(dict.fromkeys(chain.from_iterable(each.sets for each in found))),
        tuple(chain.from_iterable(each.phrases for each in found)),
        tuple(chain(chain.from_iterable(each.bars for each in found), (each for each in barred if each.enough))),
        all(each.enough for each in (*found, *barred)),
    )


def _any(parts: Sequence[Needs]) -> Needs:
    """Of several of which one is enough: one set of each together, the one with the longest words."""
    if not all(each.sets for each in parts):
        return Needs(enough=any(each == Needs() for each in parts))
    together = frozenset().union(*(max(each.sets, key=_telling) for each in parts))
    return Needs((together,), enough=all(each == Needs(each.sets[:1]) for each in parts))


def _telling(tokens: Need) -> int:
    return min(map(len, tokens))


def _of(clause: Clause) -> Needs:
    match clause:
        case Leaf():
            return _leaf(clause)
        case Condition():
            return _condition(clause)
        case Weighted():
            return _of(clause.clause)
        case Group():
            return _group(clause)


def _condition(condition: Condition) -> Needs:
    if condition.value is not None and not condition.prefix:
        return Needs((frozenset({whole(condition.field, condition.value)}),))
    if condition.prefix:
        return Needs((frozenset({presence(condition.field)}),), enough=False)
    if condition.least is None and condition.most is None:
        return Needs((frozenset({presence(condition.field)}),))
    return Needs(enough=False)


def _leaf(leaf: Leaf) -> Needs:
    if leaf.form in ("prefix", "fuzzy"):
        told = leaf.form == "prefix" and len(leaf.slots) == 1 and leaf.field in _READ
        return Needs((_spelling(leaf),), enough=told)
    sets = tuple(_word(leaf.field, slot) for slot in leaf.slots)
    joined = _word(leaf.field, leaf.joined) if leaf.joined else frozenset()
    if joined:
        sets = (max(sets, key=_telling) | joined,)
    if len(leaf.slots) == 1:
        return Needs(sets, enough=leaf.field != "text")  # whose words are those of the title, too
    phrases = (_phrase(leaf, joined),) if leaf.plain else ()
    return Needs(sets, phrases, enough=leaf.plain)


def _phrase(leaf: Leaf, joined: Need) -> Phrase:
    stems = dict.fromkeys(zip(*(slot.stems for slot in leaf.slots), strict=True))
    exact = [slot.exact for slot in leaf.slots]
    return Phrase(tuple(map(_standing, stems)), (_standing(exact),), joined)


def _standing(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _spelling(leaf: Leaf) -> Need:
    """Of a word of a short field, or of the URL, that there is any."""
    if leaf.field not in _READ:
        return frozenset({presence(leaf.field or "")})
    word = leaf.slots[-1]
    if leaf.form == "prefix":
        return frozenset({begun(word.exact)})
    return frozenset({alike(word.exact, leaf.amount)}) | _word(leaf.field, word)


def _word(field: str | None, slot: Slot) -> Need:
    if field == "url":
        return frozenset({URL + slot.exact})
    if field == "exact":
        return frozenset({EXACT + slot.exact})
    if field == "title":
        return frozenset(TITLE + stem for stem in slot.stems)
    if field in LABELLED:
        return frozenset({label(field, slot.exact)})
    return frozenset({slot.exact, *slot.stems})
