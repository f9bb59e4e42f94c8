"""The reading side."""

import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from elasticsearch import NotFoundError

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.explanation import ExplainedWord
from shared.models.frozen import PageId
from shared.models.suggestions import Suggestion
from shared.query_language.tree import AllOf
from shared.search.elasticsearch.beside import alike, suggested
from shared.search.elasticsearch.bulk import versions_there
from shared.search.elasticsearch.client import Access, connect, engine
from shared.search.elasticsearch.documents import SOURCE, from_engine, parts_from_engine
from shared.search.elasticsearch.health import health, strain
from shared.search.elasticsearch.ordering import Place, place_of
from shared.search.elasticsearch.searching import Search
from shared.search.elasticsearch.views import View, Views
from shared.search.port import Disk, EngineAnswer, EngineHit, EngineQuery, Held, Kept, SnapshotGone


class ElasticsearchIndex:
    """The `SearchIndex` on Elasticsearch, through the alias for reading; threads may share it.

    Every call sees what was made searchable before it.

    Args:
        access: where Elasticsearch is.
        prefix: of the names of indices and aliases.
        cursor_idle_seconds: how long a snapshot is held for the next use.
        snapshots_max: snapshots held at once.
        shared: whether other processes go on with snapshots that are held here.
        index: read instead of the live one.
        clock: seconds, for the idle time.
    """

    def __init__(  # noqa: PLR0913  (one keyword per part)
        self,
        access: Access,
        prefix: str,
        *,
        cursor_idle_seconds: float,
        snapshots_max: int,
        shared: bool = False,
        index: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connect(access, prefix, index)
        self._seconds = access.timeout_seconds
        self._views = Views(self._connection, cursor_idle_seconds, snapshots_max, clock, shared=shared)

    def get(self, page_id: PageId) -> Document | None:
        """The document as it was last made searchable."""
        with engine():
            try:
                found = self._connection.client.get(
                    index=self._connection.names.read, id=page_id, realtime=False, source_includes=list(SOURCE)
                )
            except NotFoundError as error:
                if isinstance(error.body, dict) and error.body.get("found") is False:
                    return None
                raise
            return from_engine(found["_source"])

    def search(self, query: EngineQuery, *, snapshot: str | None = None, after: str | None = None) -> EngineAnswer:
        """One page of results; where another follows, the answer's snapshot is held for it.

        Raises:
            SnapshotGone: the snapshot was let go, or `after` is none of ours.
            DependencyUnavailable: the engine failed.
        """
        begun = time.perf_counter()
        place = place_of(after, folded=query.fold_story)
        view = self._views.current() if snapshot is None else self._views.get(snapshot)
        try:
            answer = self._answered(view, query, place)
        except SnapshotGone:
            self._views.forget(view)
            if snapshot is not None:
                raise
            view = self._views.current()  # the engine was restarted, or has lost a shard's copy
            answer = self._answered(view, query, place)
        name = self._views.hold(view) if answer.after else None
        ms = (time.perf_counter() - begun) * 1000
        return answer.model_copy(update={"snapshot": name, "engine_ms": round(ms, 3)})

    def still_there(self, ids: Sequence[PageId]) -> frozenset[PageId]:
        """Those of these pages that are searchable now, whatever a snapshot has."""
        return frozenset(versions_there(self._connection, self._connection.names.read, ids))

    def words(self, query: EngineQuery) -> tuple[ExplainedWord, ...]:
        """What became of each word of a query, in order, and how many documents have it so."""
        view = self._views.current()
        with engine():
            return Search(self._connection, view, self._views.keep_alive(view.idle_seconds), self._seconds).words(query)

    def suggest(self, typed: str, size: int, without: Collection[PageId] = ()) -> tuple[Suggestion, ...]:
        """Titles, names and keywords with a word that begins so, the most frequent first."""
        with engine():
            return suggested(self._connection, typed, size, without)

    def similar(self, page_id: PageId, size: int) -> tuple[EngineHit, ...] | None:
        """Documents that speak of the same, the nearest first, without its near copies; None where it is not there."""
        document = self.get(page_id)
        if document is None:
            return None
        with engine():
            return alike(self._connection, document, size)

    def pin(self) -> str:
        """Holds the index as it is now, until it has been idle for the time that was set; its name."""
        return self._views.hold(self._views.current())

    def keep(self, idle_seconds: float) -> Kept:
        """Holds the index as it is now for one long reading, apart from what cursors hold."""
        view, index = self._views.keep(idle_seconds)
        return Kept(snapshot=view.name, index=index)

    def release(self, snapshot: str) -> None:
        """Lets a kept snapshot go, whoever kept it; one that is gone is let go."""
        self._views.release(snapshot)

    def beside(self, snapshot: str) -> Path | None:  # noqa: ARG002  (the port's)
        """None: query processes on Elasticsearch share no folder."""
        return None

    def snapshots_held(self) -> Held | None:
        """None: points in time are the engine's own affair."""
        return None

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[PageId, str, str]]:
        """`(id, story, fingerprint)` of documents that share a band with these, those that share most first."""
        if not bands or limit < 1:
            return []
        shared = [{"constant_score": {"filter": {"term": {"band": band}}}} for band in dict.fromkeys(bands)]
        with engine():
            told: Any = self._connection.client.search(
                index=self._connection.names.read,
                query={"bool": {"should": shared, "minimum_should_match": 1}},
                size=limit,
                sort=[{"_score": "desc"}, {"id": "asc"}],
                source={"includes": list(SOURCE)},
                track_total_hits=False,
                allow_partial_search_results=False,
            ).body
        found = [parts_from_engine(hit["_source"]) for hit in told["hits"]["hits"]]
        return [(parts["id"], parts.get("story") or parts["id"], parts["fingerprint"]) for parts in found]

    def count(self) -> int:
        """Documents held."""
        with engine():
            return int(self._connection.client.count(index=self._connection.names.read)["count"])

    def healthy(self) -> tuple[bool, str]:
        """Whether searches can be answered, and a line for the operator.

        One is asked as they are: it needs privileges that the rest does not.
        """
        try:
            with engine():
                well, told = health(self._connection)
            if well:
                self.search(EngineQuery(tree=AllOf(parts=()), size=0, snippets=False))
        except DependencyUnavailable as error:
            return False, error.detail
        return well, told

    def strain(self) -> str | None:
        """Why new pages had better not come in now: a red index, a block, a disk over its high watermark."""
        try:
            with engine():
                return strain(self._connection)
        except DependencyUnavailable:
            return None

    def disk(self) -> Disk | None:
        """The disks of all nodes, as the cluster tells them."""
        try:
            with engine():
                told: Any = self._connection.client.cluster.stats(filter_path="nodes.fs").body
        except DependencyUnavailable:
            return None
        disks = told.get("nodes", {}).get("fs", {})
        free, total = disks.get("available_in_bytes"), disks.get("total_in_bytes")
        return Disk(free=free, total=total) if total else None

    def close(self) -> None:
        """Lets everything go; a later call opens it again."""
        self._views.clear()
        self._connection.close()

    def _answered(self, view: View, query: EngineQuery, place: Place) -> EngineAnswer:
        with engine():
            return Search(self._connection, view, self._views.keep_alive(view.idle_seconds), self._seconds).answered(
                query, place
            )
