"""The index without pages that were deleted and that it still has, because it cannot be written to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from services.query.living import living
from shared.models.document import Document
from shared.models.explanation import ExplainedWord
from shared.models.frozen import PageId
from shared.models.suggestions import Suggestion
from shared.search.port import Disk, EngineAnswer, EngineHit, EngineQuery, Held, Kept, SearchIndex


class WithoutDeleted:
    """A `SearchIndex` that finds no page whose delete still waits.

    Args:
        index: what is searched.
        deletes: the deletes that wait, by page the version that they are of.
    """

    def __init__(self, index: SearchIndex, deletes: Callable[[], Mapping[PageId, int]]) -> None:
        self._index = index
        self._deletes = deletes

    def get(self, page_id: PageId) -> Document | None:
        """The document as it was last made searchable."""
        found = self._index.get(page_id)
        return None if found and found.version < self._deletes().get(page_id, 0) else found

    def search(self, query: EngineQuery, *, snapshot: str | None = None, after: str | None = None) -> EngineAnswer:
        """One page of results. From a snapshot they come as it has them: `still_there` tells what is left out.

        Where more pages follow, hits are taken out of a page that is counted with them, as later pages are: places
        in results may be counts. What is told of all results is told without them.
        """
        deleted = self._deletes() if snapshot is None else {}
        if not deleted:
            return self._index.search(query, snapshot=snapshot, after=after)
        whole = self._index.search(query.model_copy(update={"without": tuple(deleted)}), after=after)
        if whole.after is None:
            return whole
        page = self._index.search(query, after=after)
        if page.snapshot is None:
            return whole.model_copy(update={"after": None, "snapshot": None})
        left = living(self, query, page, page.snapshot)
        told = {"total": whole.total, "facets": whole.facets, "histogram": whole.histogram}
        return left.model_copy(update={**told, "partial": whole.partial or page.partial})

    def still_there(self, ids: Sequence[PageId]) -> frozenset[PageId]:
        """Those of these pages that are searchable now, whatever a snapshot has."""
        return self._index.still_there(ids) - self._deletes().keys()

    def words(self, query: EngineQuery) -> tuple[ExplainedWord, ...]:
        """What became of each word of a query; documents are counted with those that are being deleted."""
        return self._index.words(query)

    def suggest(self, typed: str, size: int, without: Collection[PageId] = ()) -> tuple[Suggestion, ...]:
        """Titles, names and keywords with a word that begins so, the most frequent first."""
        return self._index.suggest(typed, size, {*without, *self._deletes()})

    def similar(self, page_id: PageId, size: int) -> tuple[EngineHit, ...] | None:
        """Documents that speak of the same, perhaps fewer; None where the page is not there."""
        deleted = self._deletes()
        found = None if page_id in deleted else self._index.similar(page_id, size)
        return None if found is None else tuple(hit for hit in found if hit.id not in deleted)

    def pin(self) -> str:
        """Holds the index as it is now, under a name."""
        return self._index.pin()

    def keep(self, idle_seconds: float) -> Kept:
        """Holds the index as it is now for one long reading."""
        return self._index.keep(idle_seconds)

    def release(self, snapshot: str) -> None:
        """Lets a kept snapshot go."""
        self._index.release(snapshot)

    def beside(self, snapshot: str) -> Path | None:
        """A folder that is there as long as this kept snapshot; None without one."""
        return self._index.beside(snapshot)

    def snapshots_held(self) -> Held | None:
        """What snapshots cost the disk."""
        return self._index.snapshots_held()

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[PageId, str, str]]:
        """`(id, story, fingerprint)` of indexed pages that share a band of their fingerprints with these."""
        return self._index.story_candidates(bands, limit)

    def count(self) -> int:
        """Documents held, those that are being deleted among them."""
        return self._index.count()

    def healthy(self) -> tuple[bool, str]:
        """Whether searches can be answered, and a line for the operator."""
        return self._index.healthy()

    def strain(self) -> str | None:
        """Why new pages had better not come in now."""
        return self._index.strain()

    def disk(self) -> Disk | None:
        """The disks that the index lies on."""
        return self._index.disk()

    def close(self) -> None:
        """Lets everything go."""
        self._index.close()
