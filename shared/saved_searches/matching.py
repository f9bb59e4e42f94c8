"""Which saved searches match which documents of a batch.

Documents are compared with what each saved search needs first. Where that is all it asks for, it matches; else the
documents that are left go to an index in memory, which decides. Stems of two languages never meet, so each language has
saved searches of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import structlog

from shared.errors import Refused
from shared.models.document import Document
from shared.models.saved_search import SavedSearch, SearchId
from shared.query_language.limits import Limits
from shared.saved_searches.candidates import Candidate, Candidates
from shared.saved_searches.needs import Needs, needs
from shared.saved_searches.question import engine_query
from shared.saved_searches.tokens import Tokens
from shared.search.analysis.languages import stemmed_as
from shared.search.clauses import asked
from shared.search.matching import Batches
from shared.search.port import EngineQuery

log = structlog.get_logger(__name__)
_NEVER: Final = object()


class Match(NamedTuple):
    """A saved search matches the document at this place."""

    search: SearchId
    place: int


class Matcher:
    """The saved searches of one process.

    Args:
        batches: of the engine.
        limits: of `q`.
    """

    def __init__(self, batches: Batches, limits: Limits) -> None:
        self._batches = batches
        self._limits = limits
        self._queries: dict[SearchId, EngineQuery] = {}
        self._languages: dict[str | None, _Language] = {}

    def __len__(self) -> int:
        return len(self._queries)

    def change(self, put: Iterable[SavedSearch], drop: Iterable[SearchId]) -> None:
        """Puts saved searches in the place of those of their ids, and takes others out."""
        read = {each.id: self._read(each) for each in put}
        gone = [*drop, *(search for search, query in read.items() if query is None)]
        for search_id in gone:
            self._queries.pop(search_id, None)
        fresh = {search: query for search, query in read.items() if query is not None}
        self._queries.update(fresh)
        for language in self._languages.values():
            language.change(fresh, gone)

    def forget(self) -> None:
        """Takes all out."""
        self._queries.clear()
        self._languages.clear()

    def matches(self, documents: Sequence[Document]) -> list[Match]:
        """Every match in a batch; documents that are there twice are matched twice."""
        if not self._queries:
            return []
        by_language: defaultdict[str | None, list[int]] = defaultdict(list)
        for place, document in enumerate(documents):
            by_language[stemmed_as(document.language)].append(place)
        return [
            Match(search, places[at])
            for code, places in by_language.items()
            for search, at in self._in(code).matches([documents[place] for place in places])
        ]

    def _in(self, code: str | None) -> "_Language":
        if code not in self._languages:
            self._languages[code] = _Language(self._batches, code)
            self._languages[code].change(self._queries, ())
        return self._languages[code]

    def _read(self, search: SavedSearch) -> EngineQuery | None:
        """None for what was saved under wider limits than those that are set now."""
        try:
            return engine_query(search.query, self._limits)
        except Refused as refused:
            log.warning("saved search cannot be read", search=search.id, detail=refused.detail)
            return None


class _Query:
    """A saved search in one language; what the engine is asked is compiled at the first document that may match."""

    def __init__(self, query: EngineQuery) -> None:
        self.query = query
        self.compiled: object = None


class _Language:
    """Documents in one language.

    Args:
        batches: of the engine.
        code: of the stems; None for documents without.
    """

    def __init__(self, batches: Batches, code: str | None) -> None:
        self._batches = batches
        self._code = code
        self._candidates: Candidates[_Query] = Candidates()

    def change(self, put: dict[SearchId, EngineQuery], drop: Iterable[SearchId]) -> None:
        self._candidates.change(
            (Candidate(search, self._needs(query), _Query(query)) for search, query in put.items()), drop
        )

    def matches(self, documents: Sequence[Document]) -> Iterator[tuple[SearchId, int]]:
        doubtful: defaultdict[SearchId, list[int]] = defaultdict(list)
        queries: dict[SearchId, _Query] = {}
        for place, document in enumerate(documents):
            for each in self._candidates.of(Tokens(document)):
                if each.needs.enough:
                    yield each.search, place
                else:
                    doubtful[each.search].append(place)
                    queries[each.search] = each.asked
        if doubtful:
            yield from self._decided(documents, doubtful, queries)

    def _decided(
        self,
        documents: Sequence[Document],
        doubtful: Mapping[SearchId, Sequence[int]],
        queries: Mapping[SearchId, _Query],
    ) -> Iterator[tuple[SearchId, int]]:
        """What the engine says of those that may match."""
        places = sorted(set(chain.from_iterable(doubtful.values())))
        batch = self._batches.batch([documents[place] for place in places])
        for search, query in queries.items():
            if (question := self._question(query)) is not None:
                yield from ((search, places[at]) for at in sorted(batch.matching(question)))

    def _question(self, query: _Query) -> object | None:
        if query.compiled is None:
            made = self._batches.question(query.query, self._code)
            query.compiled = _NEVER if made is None else made
        return None if query.compiled is _NEVER else query.compiled

    def _needs(self, query: EngineQuery) -> Needs:
        return needs(asked(query.tree, query.match, (None,) if self._code is None else (None, self._code)), query)
