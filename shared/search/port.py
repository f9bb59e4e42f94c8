"""What Pagemill asks of a search engine. Every adapter passes `tests/contracts/test_search_index.py`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

from shared.models.document import Document
from shared.models.explanation import ExplainedWord
from shared.models.frozen import Carried, PageId
from shared.models.search import (
    FacetCount,
    Filters,
    HistogramBar,
    Interval,
    MatchUsed,
    SearchWarning,
    Sort,
    Total,
)
from shared.models.suggestions import Suggestion
from shared.query_language.tree import Node

IndexedAs = Literal["indexed", "superseded", "rejected", "again"]


class IndexOutcome(Carried):
    """What the engine did with one document.

    `indexed`: it, or the same version of it, is there. `superseded`: a newer version is there. `rejected`: the
    engine refuses this one document and `reason` is its word. `again`: the engine had no room for it at the moment,
    whatever became of the others; the same may be sent again, and `reason` is its word.
    """

    id: PageId
    result: IndexedAs
    reason: str | None = None
    written: bool = False
    """Whether the engine has answered this call that it put the document there; False for what was there already."""


class EngineQuery(Carried):
    """A search as engines get it: a tree, never the user's text."""

    tree: Node
    """An empty `AllOf` matches everything."""
    match: MatchUsed = "all"
    spare: bool = False
    """Whether with `all` a document may lack the function words of a whole question (`weighing.spared_leaves`)."""
    filters: Filters = Filters()
    published_from: date | None = None
    published_to: date | None = None
    indexed_from: datetime | None = None
    indexed_to: datetime | None = None
    sort: Sort = "relevance"
    freshness_days: float | None = None
    size: int = 10
    facets: tuple[str, ...] = ()
    facet_size: int = 10
    histogram: Interval | None = None
    fold_story: bool = False
    snippets: bool = True
    language: str | None = None
    """The query's own language where it is known."""
    without: tuple[PageId, ...] = ()
    """Pages that are left out, at most 10,000."""


class EngineHit(Carried):
    """One document found; `snippet` is safe HTML."""

    id: PageId
    score: float | None = None
    document: Document
    snippet: str | None = None
    copies: int = 0


class EngineAnswer(Carried):
    """One page of results."""

    total: Total
    hits: tuple[EngineHit, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]]
    histogram: tuple[HistogramBar, ...] = ()
    after: str | None = None
    """Where the next page begins, for `search(..., after=)`; None at the end."""
    snapshot: str | None = None
    """The snapshot that this page was read from, held as by `pin` where there is a next page: what was committed
    between this page and a later `pin` would be missed or told twice. None where there is no next page."""
    partial: bool = False
    warnings: tuple[SearchWarning, ...] = ()
    engine_ms: float = 0.0


class Kept(Carried):
    """A snapshot that is held for one long reading: its name, and that of the index which it is a state of."""

    snapshot: str
    index: str


class IndexWriter(Protocol):
    """The writing side; on the embedded engine one process holds it at a time."""

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Makes documents searchable, durably; one outcome each, in order.

        Repeats are harmless: a version that is there already with the same title and text is `indexed`.

        Raises:
            DependencyUnavailable: nothing is known of any of them; all may be sent again.
        """

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes pages out, durably, where the version held is older than the delete's; absent ones are done."""

    def close(self) -> None:
        """Gives the index back."""


class Disk(Carried):
    """Room on disks, in bytes."""

    free: int
    total: int


class Held(Carried):
    """Snapshots on the disk of this machine, and the bytes that nothing but them keeps there."""

    snapshots: int
    own_bytes: int


class SearchIndex(Protocol):
    """The reading side; any number of processes."""

    def get(self, page_id: PageId) -> Document | None:
        """The document as it was last made searchable."""

    def search(self, query: EngineQuery, *, snapshot: str | None = None, after: str | None = None) -> EngineAnswer:
        """One page of results.

        Args:
            query: what is asked.
            snapshot: a name from `pin`, to read the index as it was then.
            after: `EngineAnswer.after` of the page before.

        Raises:
            SnapshotGone: the snapshot was let go.
            DependencyUnavailable: the engine is away.
        """

    def still_there(self, ids: Sequence[PageId]) -> frozenset[PageId]:
        """Those of these pages that are searchable now, whatever a snapshot has."""

    def words(self, query: EngineQuery) -> tuple[ExplainedWord, ...]:
        """What became of each word of a query, in order, and how many documents have it so.

        Raises:
            DependencyUnavailable: the engine is away.
        """

    def suggest(self, typed: str, size: int, without: Collection[PageId] = ()) -> tuple[Suggestion, ...]:
        """Titles, names and keywords with a word that begins so, the most frequent first.

        Args:
            typed: so far.
            size: suggestions at most.
            without: pages that are left out, at most 10,000.
        """

    def similar(self, page_id: PageId, size: int) -> tuple[EngineHit, ...] | None:
        """Documents that speak of the same, the nearest first, without its near copies; None where it is not there."""

    def pin(self) -> str:
        """Holds the index as it is now under a name, until it has been idle for the time that was set."""

    def keep(self, idle_seconds: float) -> Kept:
        """Holds the index as it is now for one long reading, apart from what cursors hold: none of them pushes it out.

        Args:
            idle_seconds: without a search of it, after which it is let go.

        Raises:
            DependencyUnavailable: the engine is away.
        """

    def release(self, snapshot: str) -> None:
        """Lets a kept snapshot go, whoever kept it; one that is gone is let go."""

    def beside(self, snapshot: str) -> Path | None:
        """A folder that is there for any process as long as this kept snapshot, and goes with it; None without one.

        What belongs to the snapshot may be put there, under names of its own.
        """

    def snapshots_held(self) -> Held | None:
        """What snapshots cost the disk; None where it is the engine's own affair."""

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[PageId, str, str]]:
        """`(id, story, fingerprint)` of indexed pages that share a band of their fingerprints with these."""

    def count(self) -> int:
        """Documents held."""

    def healthy(self) -> tuple[bool, str]:
        """Whether searches can be answered, and a line for the operator."""

    def strain(self) -> str | None:
        """Why new pages had better not come in now, in one line; None where they may.

        An engine that is away gives None: pages wait for it in the line, which has limits of its own.
        """

    def disk(self) -> Disk | None:
        """The disks that the index lies on, all together; None where they cannot be asked."""

    def close(self) -> None:
        """Lets everything go."""


class SnapshotGone(LookupError):
    """A snapshot was idle for too long, or was held by a process that has ended."""
