"""A page of results, made ready for its template."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from services.query.asking import NOT_ALL_WORDS
from services.query.page.asked import FACETS, Asked
from services.query.page.chart import Bar, chart, finer
from services.query.page.facets import Chip, Facet, carried, chips_of, facets_of, wanted
from services.query.page.outward import linked
from services.query.page.pieces import Piece, Pointed, pointed, snippet_pieces
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.explanation import Explanation
from shared.models.problem import Problem
from shared.models.search import Hit, SearchResults
from shared.models.search_query import SearchQuery

_ROOT: Final = "/query"
_COUNTS_ALONE: Final = {"size": 0, "fold": None, "cursor": None, "snippet": False}
COPIES_MAX: Final = 20
"""Near copies that are shown under their hit; all of them are a search of their own."""


class ShownHit(NamedTuple):
    """A hit, the pieces of its snippet, where its document is shown, and the page itself, if that may be linked."""

    hit: Hit
    pieces: list[Piece]
    here: str
    outward: str | None


class Counts(NamedTuple):
    """What stands beside the hits."""

    facets: list[Facet]
    bars: list[Bar]
    undated: int


class Results(NamedTuple):
    """Everything that the page shows of one search; `found` is None where it was refused or could not be made."""

    asked: Asked
    chips: list[Chip]
    carried: list[tuple[str, str]]
    troubles: list[Pointed]
    found: SearchResults | None = None
    hits: Sequence[ShownHit] = ()
    counts: Counts | None = None
    status: int = 200
    stale: bool = False
    """Whether it was a cursor that was refused, so that the first page is still there."""
    why: bool = False
    """Whether there is something to explain: no hits, or none that has all the words."""


def results_of(room: ReadingRoom, asked: Asked, facets: tuple[str, ...] | None) -> Results:
    """Searches, and counts these facets and the days where any are given.

    Raises:
        DependencyUnavailable: the engine is away.
    """
    troubles = [Pointed(trouble) for trouble in asked.troubles]
    base = Results(asked, chips_of(asked.address), carried(asked.address, shown=False), troubles)
    query = asked.query if facets is None else asked.counting(facets)
    try:
        found = room.search(asked.query if asked.query.cursor else query, root=_ROOT, paged_as=asked.query)
    except Refused as refused:
        problem = refused.problem
        error = pointed(problem.detail or problem.title, asked.query.q, problem.position)
        return base._replace(troubles=[*troubles, error], status=refused.status, stale=_of_cursor(problem))
    told = [pointed(warning.detail, asked.query.q, warning.position) for warning in found.warnings]
    return base._replace(
        carried=carried(asked.address, shown=facets is not None),
        troubles=[*troubles, *told],
        found=found,
        hits=[shown_hit(hit, asked) for hit in found.hits],
        counts=None if facets is None else _counts(room, query, found, asked),
        why=not asked.query.cursor and _unexplained(found, asked),
    )


def further_facets(room: ReadingRoom, asked: Asked) -> list[Facet]:
    """The facets that were not counted as somebody typed."""
    names = tuple(name for name in FACETS if name not in wanted(asked.address))
    query = asked.counting(names).model_copy(update={**_COUNTS_ALONE, "histogram": None})
    return facets_of(room.search(query, root=_ROOT).facets, asked.address, query.facet_size)


def copies_of(room: ReadingRoom, asked: Asked, story: str, but: str) -> tuple[list[ShownHit], bool]:
    """The near copies that are folded under one hit, and whether there are more than are shown."""
    query = asked.query.model_copy(
        update={"story": (story,), "fold": None, "cursor": None, "size": COPIES_MAX + 1, "snippet": False}
    )
    found = room.search(query, root=_ROOT)
    hits = [shown_hit(hit, asked) for hit in found.hits if hit.id != but]
    return hits[:COPIES_MAX], len(hits) > COPIES_MAX


def explained(room: ReadingRoom, asked: Asked) -> Explanation:
    """Why there are no hits, and which searches have some."""
    return room.explain(asked.query.model_copy(update={"cursor": None}), root=_ROOT)


def shown_hit(hit: Hit, asked: Asked) -> ShownHit:
    """A hit as the template takes it."""
    return ShownHit(hit, snippet_pieces(hit.snippet), asked.address.at(f"/documents/{hit.id}"), linked(hit.url))


def _of_cursor(problem: Problem) -> bool:
    return (problem.pointer or "").endswith("/cursor")


def _unexplained(found: SearchResults, asked: Asked) -> bool:
    relaxed = any(warning.code == NOT_ALL_WORDS for warning in found.warnings)
    return relaxed or (not found.total.value and bool(asked.address.pairs))


def _counts(room: ReadingRoom, query: SearchQuery, found: SearchResults, asked: Asked) -> Counts:
    """What was counted with the first page; behind it nothing was, and it is counted for itself."""
    alone = query.model_copy(update=_COUNTS_ALONE)
    counted = room.search(alone, root=_ROOT) if asked.query.cursor else found
    bars, interval = counted.histogram, query.histogram or "month"
    undated = max(0, found.total.value - sum(bar.count for bar in bars)) if found.total.exact else 0
    if better := finer(bars, interval):
        again = alone.model_copy(update={"histogram": better, "facets": ()})
        bars, interval = room.search(again, root=_ROOT).histogram, better
    drawn = chart(bars, interval, query.published_from, query.published_to)
    return Counts(facets_of(counted.facets, asked.address, query.facet_size), drawn, undated)
