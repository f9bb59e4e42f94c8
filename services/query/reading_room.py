"""Answers searches from one index. Nothing here knows HTTP but the names of the parameters in what it refuses."""

import time
from typing import NamedTuple

from services.query.asking import engine_query, relaxed, several
from services.query.cursor import Place, Seal, digest, expired
from services.query.explaining import Explaining
from services.query.figures import SearchFigures
from services.query.living import living
from shared.errors import Refused
from shared.models.document import Document
from shared.models.explanation import Explanation
from shared.models.search import FacetCount, Hit, MatchUsed, SearchResults, SearchWarning, Took
from shared.models.search_query import SearchQuery, Sought
from shared.models.suggestions import Similar, SimilarQuery, Suggestions, SuggestQuery
from shared.query_language.limits import DEFAULT, Limits
from shared.query_language.parse import Parsed, parse
from shared.query_language.tree import Node
from shared.search.port import EngineAnswer, EngineHit, SearchIndex, SnapshotGone


class Found(NamedTuple):
    """The engine's answer, the match it was found by, and all of the engine's time."""

    answer: EngineAnswer
    match: MatchUsed
    engine_ms: float


class ReadingRoom:
    """The search of one process.

    Args:
        index: what is searched.
        limits: of `q`.
        seal: what makes cursors; absent: a fresh one.
        figures: told how long the engine took.
    """

    def __init__(
        self,
        index: SearchIndex,
        *,
        limits: Limits = DEFAULT,
        seal: Seal | None = None,
        figures: SearchFigures | None = None,
    ) -> None:
        self._index = index
        self._limits = limits
        self._seal = seal or Seal()
        self._figures = figures or SearchFigures()

    def document(self, page_id: str) -> Document | None:
        """The document as it was last made searchable."""
        return self._index.get(page_id)

    def suggest(self, query: SuggestQuery) -> Suggestions:
        """What completes what was typed.

        Raises:
            DependencyUnavailable: the engine is away.
        """
        begun = time.perf_counter()
        found = self._index.suggest(query.q, query.size)
        return Suggestions(suggestions=found, took_ms=_ms(begun))

    def similar(self, page_id: str, query: SimilarQuery) -> Similar | None:
        """Documents that speak of the same; None where the page is not there.

        Raises:
            DependencyUnavailable: the engine is away.
        """
        begun = time.perf_counter()
        found = self._index.similar(page_id, query.size)
        return None if found is None else Similar(hits=tuple(map(shown, found)), took_ms=_ms(begun))

    def search(self, query: SearchQuery, *, root: str, paged_as: SearchQuery | None = None) -> SearchResults:
        """One page of results.

        Args:
            query: what is asked.
            root: put before a parameter's name it is the pointer to it.
            paged_as: the search that the next page is asked for by, where that counts less; `query` if absent.

        Raises:
            Refused: `q` is wrong or too long, or the cursor is.
            DependencyUnavailable: the engine is away.
        """
        begun = time.perf_counter()
        parsed = self.parsed(query, root)
        place = self._place(query, root)
        found = self._continue(query, parsed.tree, place, root) if place else self.begun(query, parsed.tree)
        self._figures.observe(query, found.engine_ms)
        warnings = [*parsed.warnings, *found.answer.warnings]
        if query.match == "auto" and found.match == "best":
            warnings.append(relaxed(found.answer.total.value))
        return self._results(query, paged_as or query, found, tuple(warnings), begun)

    def first(self, query: SearchQuery, *, root: str) -> EngineAnswer:
        """The first page of results with the whole documents, as the engine answers.

        Raises:
            Refused: `q` is wrong or too long.
            DependencyUnavailable: the engine is away.
        """
        found = self.begun(query, self.parsed(query, root).tree)
        self._figures.observe(query, found.engine_ms)
        return found.answer

    def explain(self, query: SearchQuery, *, root: str) -> Explanation:
        """How `q` is understood, how many documents each part of it matches, and why there are no hits.

        Raises:
            Refused: `q` is wrong or too long.
            DependencyUnavailable: the engine is away.
        """
        parsed = self.parsed(query, root)
        return Explaining(self._index, query, parsed.tree).explanation(parsed.warnings)

    def parsed(self, query: Sought, root: str) -> Parsed:
        """`q` as a tree.

        Raises:
            Refused: it is wrong or too long.
        """
        try:
            return parse(query.q, mode=query.mode, limits=self._limits)
        except Refused as refused:
            refused.problem = refused.problem.model_copy(update={"pointer": f"{root}/q"})
            raise

    def begun(self, query: SearchQuery, tree: Node, snapshot: str | None = None) -> Found:
        """The first page, as it is now or in a snapshot. `auto` takes `best` where no page has all the words.

        Raises:
            DependencyUnavailable: the engine is away.
        """
        match: MatchUsed = "best" if query.match == "best" else "all"
        answer = self._index.search(engine_query(query, tree, match), snapshot=snapshot)
        if answer.total.value or query.match != "auto" or not query.q:
            return Found(answer, match, answer.engine_ms)
        best = self._index.search(engine_query(query, tree, "best"), snapshot=snapshot)
        taken = Found(best, "best", answer.engine_ms + best.engine_ms)
        return taken if best.total.value or several(tree) else taken._replace(answer=answer, match="all")

    def _continue(self, query: SearchQuery, tree: Node, place: Place, root: str) -> Found:
        """A later page: the same snapshot, found by the same match, whatever was committed meanwhile.

        Pages that were deleted since are left out of it: a delete is found no more, by cursors either.
        """
        try:
            asked = engine_query(query, tree, place.match)
            answer = self._index.search(asked, snapshot=place.snapshot, after=place.after)
            answer = living(self._index, asked, answer, place.snapshot)
        except SnapshotGone:
            raise expired(f"{root}/cursor") from None
        return Found(answer, place.match, answer.engine_ms)

    def _place(self, query: SearchQuery, root: str) -> Place | None:
        if query.cursor is None:
            return None
        place = self._seal.open(query.cursor, f"{root}/cursor")
        if place.asked != digest(query):
            detail = "A cursor goes on with the search that gave it: the same parameters, and nothing else."
            raise Refused("cursor-mismatch", detail, pointer=f"{root}/cursor")
        return place

    def _next(self, query: SearchQuery, found: Found) -> str | None:
        after, snapshot = found.answer.after, found.answer.snapshot
        if after is None or snapshot is None:
            return None
        return self._seal.close(Place(snapshot=snapshot, after=after, match=found.match, asked=digest(query)))

    def _results(
        self, query: SearchQuery, paged_as: SearchQuery, found: Found, warnings: tuple[SearchWarning, ...], begun: float
    ) -> SearchResults:
        answer = found.answer
        none: tuple[FacetCount, ...] = ()
        return SearchResults.model_construct(
            total=answer.total,
            match=found.match,
            hits=tuple(map(shown, answer.hits)),
            facets={name: answer.facets.get(name, none) for name in query.facets},
            histogram=answer.histogram,
            next=self._next(paged_as, found),
            took_ms=Took(total=_ms(begun), engine=round(found.engine_ms, 3)),
            partial=answer.partial,
            warnings=warnings,
        )


def shown(hit: EngineHit) -> Hit:
    """A hit as it is answered: what a list of results needs of the document."""
    document = hit.document
    return Hit.model_construct(
        id=hit.id,
        score=hit.score,
        title=document.title,
        url=document.url,
        site=document.site,
        source=document.source,
        published=document.published,
        language=document.language,
        authors=document.authors,
        snippet=hit.snippet,
        story=document.story,
        copies=hit.copies,
    )


def _ms(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 3)
