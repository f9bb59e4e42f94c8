"""How a query was understood, and where it has no hits, which word is to blame and what would have some."""

import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from services.query.counting import Counting
from shared.models.explanation import Blame, Explanation, Offer
from shared.models.search import FILTERS, MatchUsed, SearchWarning, Took
from shared.models.search_query import SearchQuery
from shared.query_language.changing import respelt, without
from shared.query_language.limits import FUZZY_LEAST
from shared.query_language.tree import AllOf, And, Boost, Fuzzy, In, Node, Or, Phrase, Required, Word
from shared.query_language.writing import text_of
from shared.search.clauses import asked
from shared.search.port import SearchIndex
from shared.search.spelling import near_words

_SUSPECTS_MAX: Final = 24
"""Parts that are left out one by one."""
_MISSPELT_MAX: Final = 3
_SPELLINGS: Final = 3
_OFFERS_MAX: Final = 5
_OF_TEXT: Final = ("title", "text", "exact")
_READ: Final = 20
"""Documents that are read for other spellings."""
_UNFILTERED: Final = {
    **dict.fromkeys(FILTERS, ()),
    **dict.fromkeys(("published_from", "published_to", "indexed_from", "indexed_to")),
}


class _Suspect(NamedTuple):
    """A part that has to match, the field that it stands in, and how many documents it matches by itself."""

    node: Node
    field: str | None
    documents: int


class Explaining:
    """Explains one query.

    Args:
        index: what is searched.
        query: what is asked.
        tree: its `q` as parsed.
    """

    def __init__(self, index: SearchIndex, query: SearchQuery, tree: AllOf) -> None:
        self._query = query
        self._tree = tree
        self._under_filters = Counting(index, query)
        self._without_filters = Counting(index, query.model_copy(update=_UNFILTERED))
        self._filtered = any(getattr(query, name) for name in _UNFILTERED)

    def explanation(self, warnings: tuple[SearchWarning, ...]) -> Explanation:
        """The whole of it; `warnings` are those of the parser."""
        begun = time.perf_counter()
        match: MatchUsed = "best" if self._query.match == "best" else "all"
        total = self._under_filters.total(self._tree, match)
        engine = time.perf_counter() - begun
        tree = self._under_filters.explained(self._tree)
        blame = () if total.value or not self._tree.parts else tuple(self._blame())
        offers = () if total.value else tuple(self._offers(blame, match))
        return Explanation(
            q=text_of(self._tree),
            match=match,
            total=total,
            tree=tree,
            blame=blame,
            offers=offers[:_OFFERS_MAX],
            warnings=warnings,
            took_ms=Took(total=_ms(time.perf_counter() - begun), engine=_ms(engine)),
        )

    def _blame(self) -> Iterator[Blame]:
        """Parts that nothing matches; where there are none, those without which there are hits."""
        suspects = list(self._suspects())
        nowhere = [suspect for suspect in suspects if not suspect.documents]
        nowhere = [suspect for suspect in nowhere if _looked_for(suspect.node)] or nowhere
        yield from map(self._absent, nowhere)
        if nowhere:
            return
        for suspect in suspects:
            left = self._under_filters.total(without(self._tree, suspect.node)).value
            if left and len(suspects) > 1:
                text = text_of(_in(suspect.node, suspect.field))
                detail = (
                    f"Documents that have {text}: {suspect.documents}; that have the rest: {left}; that have both: 0."
                )
                yield Blame(text=text, position=suspect.node.position, reason="together", detail=detail)

    def _absent(self, suspect: _Suspect) -> Blame:
        text, position = text_of(_in(suspect.node, suspect.field)), suspect.node.position
        others = self._without_filters.total(_in(suspect.node, suspect.field)).value if self._filtered else 0
        if others:
            detail = f"Documents that have {text}: {others}; that pass the filters, too: 0."
            return Blame(text=text, position=position, reason="filters", detail=detail)
        if not _looked_for(suspect.node):
            detail = f"{text} has no letter and no digit: nothing is looked for."
            return Blame(text=text, position=position, reason="nowhere", detail=detail)
        return Blame(text=text, position=position, reason="nowhere", detail=f"No document has {text}.")

    def _suspects(self) -> Iterator[_Suspect]:
        for node, field in list(_needed(self._tree, None))[:_SUSPECTS_MAX]:
            yield _Suspect(node, field, self._under_filters.total(_in(node, field)).value)

    def _offers(self, blame: tuple[Blame, ...], match: MatchUsed) -> Iterator[Offer]:
        yield from self._respelt(blame)
        places = {each.position for each in blame}
        guilty = [node for node, _ in _needed(self._tree, None) if node.position in places]
        together = any(each.reason == "together" for each in blame)
        for left_out in [[node] for node in guilty] if together else [guilty]:
            tree = self._tree
            for node in left_out:
                tree = without(tree, node)
            yield from self._offer(tree, "without", match)
        if self._filtered and (count := self._without_filters.total(self._tree, match).value):
            yield Offer(q=text_of(self._tree), kind="without-filters", documents=count)

    def _offer(self, tree: AllOf, kind: str, match: MatchUsed) -> Iterator[Offer]:
        if tree.parts and tree != self._tree and (count := self._under_filters.total(tree, match).value):
            yield Offer.model_validate({"q": text_of(tree), "kind": kind, "documents": count})

    def _respelt(self, blame: tuple[Blame, ...]) -> Iterator[Offer]:
        """The query with other spellings of the words that nothing has, the more frequent one first.

        Words that have no other spelling are left out of it: with them nothing would be found.
        """
        places = {each.position for each in blame if each.reason == "nowhere"}
        guilty = [node for node, _ in _needed(self._tree, None) if node.position in places]
        words = {word for node in guilty for word in self._unknown(node)}
        known = {word: near for word in sorted(words)[:_MISSPELT_MAX] if (near := self._spellings(word))}
        tree = self._tree
        for node in guilty:
            if known.keys().isdisjoint(self._unknown(node)):
                tree = without(tree, node)
        for place in range(_SPELLINGS):
            picked = {word: near[min(place, len(near) - 1)] for word, near in known.items()}
            if picked and any(len(near) > place for near in known.values()):
                yield from self._offer(respelt(tree, picked), "spelling", "all")

    def _unknown(self, node: Node) -> tuple[str, ...]:
        """The words of a part that may be misspelt; of a phrase those that no document has."""
        inner = node.part if isinstance(node, In) and node.field in _OF_TEXT else node
        if not isinstance(inner, Phrase):
            return _words(node)
        counts = {
            word: self._under_filters.total(In(field="exact", part=Word(text=word))).value for word in inner.words
        }
        return tuple(word for word, count in counts.items() if not count)

    def _spellings(self, word: str) -> list[str]:
        """Words of the index that differ by a letter, else by two."""
        for distance, least in FUZZY_LEAST.items():
            if len(word) >= least:
                documents = self._under_filters.documents(Fuzzy(text=word, distance=distance), _READ)
                near = [each for each, _ in near_words(documents, word, distance).most_common(_SPELLINGS * 2)]
                held = {each: self._under_filters.total(In(field="exact", part=Word(text=each))).value for each in near}
                if near:
                    return sorted(near, key=lambda each: -held[each])[:_SPELLINGS]
        return []


def _needed(node: Node, field: str | None) -> Iterator[tuple[Node, str | None]]:
    """The parts that have to match, down to those that are one thing."""
    match node:
        case AllOf() | And():
            for part in node.parts:
                yield from _needed(part, field)
        case In(part=AllOf() | And()):
            yield from _needed(node.part, node.field)
        case Required() | Boost():
            yield from _needed(node.part, field)
        case _:
            yield node, field


def _looked_for(node: Node) -> bool:
    """Whether there is anything in a part that an engine can look for; a sign by itself is passed over."""
    return asked(node, "all", (None,)).whole is not None


def _words(node: Node) -> tuple[str, ...]:
    """The words of a part that texts may have in another spelling."""
    match node:
        case Word():
            return (node.text,)
        case Or() | AllOf() | And():
            return tuple(word for part in node.parts for word in _words(part))
        case In() if node.field in _OF_TEXT:
            return _words(node.part)
        case _:
            return ()


def _in(node: Node, field: str | None) -> Node:
    return In(field=field, part=node) if field else node


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
