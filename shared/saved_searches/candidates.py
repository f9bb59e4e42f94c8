"""Which saved searches may match a document, told from its tokens alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Generic, NamedTuple, TypeVar

from shared.models.saved_search import SearchId
from shared.saved_searches.needs import Needs
from shared.saved_searches.spellings import Spellings
from shared.saved_searches.tokens import EXACT, Tokens, part_of

_COUNTED: Final = (100, 1_000, 10_000)
"""Documents after which the keys are chosen anew, by how many of them had each token."""
_STALE_MOST: Final = 1_000
"""Those that were changed or taken out and are still filed."""
Asked = TypeVar("Asked")


class Candidate(NamedTuple, Generic[Asked]):
    """A saved search as documents of one language are compared with it.

    Args:
        search: its id.
        needs: what a document must have.
        asked: what the engine is asked then.
    """

    search: SearchId
    needs: Needs
    asked: Asked


class Candidates(Generic[Asked]):
    """Saved searches, filed under one need of each: the one that the fewest documents fulfil."""

    def __init__(self) -> None:
        self._all: dict[SearchId, Candidate[Asked]] = {}
        self._counts: Counter[str] = Counter()
        self._documents = 0
        self._arrange()

    def change(self, put: Iterable[Candidate[Asked]], drop: Iterable[SearchId]) -> None:
        """Puts some in the place of those of their ids, and takes others out."""
        for search_id in drop:
            self._stale += self._all.pop(search_id, None) is not None
        fresh = list(put)
        for each in fresh:
            self._stale += each.search in self._all
            self._all[each.search] = each
        if self._stale > _STALE_MOST:
            self._arrange()
        else:
            self._file(fresh)

    def of(self, tokens: Tokens) -> Iterator[Candidate[Asked]]:
        """Those whose needs a document fulfils."""
        if self._documents in _COUNTED:
            self._arrange()
        has = self._fulfilled(tokens)
        if self._documents <= _COUNTED[-1]:
            self._counts.update(has)
            self._documents += 1
        seen: set[SearchId] = set()
        for token in ("", *has):
            for each in self._filed.get(token, ()):
                if each.search not in seen and self._all.get(each.search) is each:
                    seen.add(each.search)
                    if each.needs.fulfilled(tokens, has):
                        yield each

    def _fulfilled(self, tokens: Tokens) -> set[str]:
        """The tokens of a document that any saved search needs."""
        has = self._vocabulary & tokens.words
        for part in self._parts:
            has |= self._vocabulary & getattr(tokens, part)
        has.update(EXACT + word for word in self._exact & tokens.exact)
        return has | self._spellings.of(tokens.exact) if self._spellings.any else has

    def _arrange(self) -> None:
        self._stale = 0
        self._vocabulary: set[str] = set()
        self._exact: set[str] = set()
        self._parts: set[str] = set()
        self._spellings = Spellings(())
        self._filed: dict[str, list[Candidate[Asked]]] = {}
        self._file(self._all.values())

    def _file(self, fresh: Iterable[Candidate[Asked]]) -> None:
        """Files some under their keys; those that need nothing under no word."""
        tokens: set[str] = set()
        for each in fresh:
            tokens.update(each.needs.words())
            for token in min(each.needs.sets, key=self._frequency, default=("",)):
                self._filed.setdefault(token, []).append(each)
        self._vocabulary |= tokens
        self._parts.update(part for token in tokens if (part := part_of(token)))
        self._exact.update(token[1:] for token in tokens if token.startswith(EXACT))
        if Spellings(tokens).any:
            self._spellings = Spellings(self._vocabulary)

    def _frequency(self, tokens: frozenset[str]) -> tuple[int, int]:
        """How many documents have one; of those that were never met, long words are the rarer ones."""
        return sum(self._counts[token] for token in tokens), -min(map(len, tokens))
