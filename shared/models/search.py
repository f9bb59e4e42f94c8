from typing import Literal

from pydantic import Field

from shared.models.frozen import Carried, PageId, Published, Span

Sort = Literal["relevance", "newest", "oldest", "indexed"]
Mode = Literal["lenient", "strict"]
Match = Literal["auto", "all", "best"]
MatchUsed = Literal["all", "best"]
Interval = Literal["day", "week", "month", "year"]
FILTERS = ("language", "site", "source", "author", "tag", "person", "place", "organisation", "keyword", "story")


class Filters(Carried):
    """Values of one filter are ORed, filters are ANDed; the same names are the facets."""

    language: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()
    story: tuple[str, ...] = ()


class Total(Carried):
    """How many documents match; `exact` is false where counting stopped early."""

    value: int
    exact: bool = True


class Hit(Carried):
    """One document found."""

    id: PageId
    score: float | None = None
    title: str | None = None
    url: str | None = None
    site: str | None = None
    source: str | None = None
    published: Published | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    snippet: str | None = None
    """Safe HTML: everything escaped but the `<mark>` around matches."""
    story: str | None = None
    copies: int = 0
    """Near copies folded under this hit; 0 unless `fold=story`."""


class FacetCount(Carried):
    """How many documents that match have one value of a facet."""

    value: str
    count: int


class HistogramBar(Carried):
    """How many documents that match were published in one interval."""

    start: str
    """First day of the bar, `YYYY-MM-DD`, UTC."""
    count: int


class SearchWarning(Carried):
    """What was read otherwise than it was typed; `position` as in Problem."""

    code: str
    detail: str
    position: Span | None = None


class Took(Carried):
    """Milliseconds: the whole request, and the engine's share."""

    total: float
    engine: float


class SearchResults(Carried):
    """The answer to a search."""

    total: Total
    match: MatchUsed
    hits: tuple[Hit, ...] = ()
    facets: dict[str, tuple[FacetCount, ...]] = Field(default_factory=dict)
    histogram: tuple[HistogramBar, ...] = ()
    next: str | None = None
    took_ms: Took
    partial: bool = False
    warnings: tuple[SearchWarning, ...] = ()
