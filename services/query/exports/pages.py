"""The pages of one result, read from a snapshot of its own."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import structlog

from shared.errors import DependencyUnavailable, Refused
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.port import EngineAnswer, EngineQuery, SearchIndex, SnapshotGone

_FIRST: Final = 64
_MOST: Final = 1000
_CHARS: Final = 1_500_000
"""About as many characters of text are in memory at once; a document of the longest is a page by itself."""
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries of an engine that is away: less together than gateways wait for the next byte."""

Told = TypeVar("Told")

log = structlog.get_logger(__name__)


class Page(NamedTuple):
    """Some documents of a result.

    Args:
        documents: those that are still searchable.
        left_out: those that have been deleted since the snapshot.
        after: where the next page begins; None where there is none.
    """

    documents: list[Document]
    left_out: frozenset[PageId]
    after: str | None


class Pages:
    """Reads pages, and waits a little where the engine is away.

    Args:
        index: what is read.
        query: what is asked for; its size is none of ours.
        snapshot: kept for this.
        pause: waits so many seconds.
    """

    def __init__(
        self, index: SearchIndex, query: EngineQuery, snapshot: str, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._index = index
        self._query = query
        self._snapshot = snapshot
        self._pause = pause

    def read(self, after: str | None, size: int, left_out: frozenset[PageId] | None = None) -> Page:
        """One page.

        Args:
            after: where it begins.
            size: documents at most.
            left_out: what is left out of it; absent: what has been deleted by now.

        Raises:
            Refused: the snapshot is gone.
            DependencyUnavailable: the engine is away, and has been for some seconds.
        """
        answer = self._patiently(lambda: self._answer(after, size))
        ids = [hit.id for hit in answer.hits]
        if left_out is None:
            left_out = frozenset(ids) - self._patiently(lambda: self._index.still_there(ids))
        return Page([hit.document for hit in answer.hits if hit.id not in left_out], left_out, answer.after)

    def _answer(self, after: str | None, size: int) -> EngineAnswer:
        query = self._query.model_copy(update={"size": size})
        try:
            answer = self._index.search(query, snapshot=self._snapshot, after=after)
        except SnapshotGone:
            raise expired() from None
        if answer.partial:
            raise DependencyUnavailable("index", "a part of the index did not answer, and an export is whole")
        return answer

    def _patiently(self, ask: Callable[[], Told]) -> Told:
        for seconds in _PAUSES:
            try:
                return ask()
            except DependencyUnavailable as error:
                log.info("an export waits for the index", error=str(error))
                self._pause(seconds)
        return ask()


def size_after(documents: list[Document], size: int) -> int:
    """How many documents the next page has, so that about as much is in memory as was meant.

    Args:
        documents: of the page before.
        size: of it.
    """
    if not documents:
        return size
    mean = sum(len(document.text) for document in documents) / len(documents)
    return max(1, min(_MOST, 4 * size, int(_CHARS / max(mean, 200.0))))


def first_size() -> int:
    """How many documents the first page has, of which nothing is known."""
    return _FIRST


def expired() -> Refused:
    """The snapshot that an export reads from is gone."""
    detail = "This export was not read for too long, was let go, or the service that held it has ended; begin it again."
    return Refused("export-expired", detail, pointer="/query/export", limit="PAGEMILL_EXPORT_IDLE_SECONDS")
