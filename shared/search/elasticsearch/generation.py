"""One index of documents by itself, whatever part it plays: read, copied from and written to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.elasticsearch.bulk import versions_there
from shared.search.elasticsearch.client import Access, Connection, engine
from shared.search.elasticsearch.documents import SOURCE, from_engine
from shared.search.elasticsearch.names import Names
from shared.search.elasticsearch.parts import misfit
from shared.search.elasticsearch.reader import ElasticsearchIndex
from shared.search.elasticsearch.writer import ElasticsearchWriter
from shared.search.port import IndexOutcome

_IDLE_SECONDS: Final = 300.0
_SNAPSHOTS: Final = 8


class Refreshes:
    """Whether an index is refreshed after each write, or not before it is filled.

    Args:
        connection: to the engine.
        name: of the index, or its alias.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._on = False

    def on(self) -> bool:
        """Asked until it is so: refreshes are put off once, when the index is made."""
        if not self._on:
            with engine():
                told: Any = self._connection.client.indices.get_settings(
                    index=self._name, name="index.refresh_interval", flat_settings=True
                ).body
            self._on = all(each["settings"].get("index.refresh_interval") != "-1" for each in told.values())
        return self._on

    def catch_up(self) -> None:
        """What was written is searchable now."""
        with engine():
            self._connection.client.indices.refresh(index=self._name)


class GenerationWriter(ElasticsearchWriter):
    """The writing side of one index, through the alias that it has for itself.

    Args:
        access: where Elasticsearch is.
        prefix: of the names of indices and aliases.
        index: the index.
    """

    def __init__(self, access: Access, prefix: str, index: str) -> None:
        super().__init__(access, prefix, Names(prefix).own(index))
        self._index = index
        self._fits = False
        self._refreshes = Refreshes(self._connection, self._alias)

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Makes documents searchable; one outcome each, in order.

        Raises:
            DependencyUnavailable: as ever, and where the index is of another format: fields that have changed would
                make the engine refuse each document, and their pages would be dead letters.
        """
        if not self._fits:
            self._check_format()
        return super().index(documents)

    def _check_format(self) -> None:
        with engine():
            told: Any = self._connection.client.indices.get_mapping(index=self._alias).body
        for each in told.values():
            if why := misfit(self._index, each["mappings"].get("_meta", {})):
                raise DependencyUnavailable("index", why)
        self._fits = True

    def _refresh(self) -> None:
        """Not while the index is filled.

        That is asked for after the write. So a write is either there before filling ends, and is then searchable with
        all that was filled in, or it is made searchable here.
        """
        if self._refreshes.on():
            super()._refresh()


class OneGeneration(ElasticsearchIndex):
    """The `GenerationReader` of one index.

    Args:
        access: where Elasticsearch is.
        prefix: of the names of indices and aliases.
        index: the index.
    """

    def __init__(self, access: Access, prefix: str, index: str) -> None:
        super().__init__(access, prefix, cursor_idle_seconds=_IDLE_SECONDS, snapshots_max=_SNAPSHOTS, index=index)
        self._index = index
        self._refreshes = Refreshes(self._connection, index)

    def get(self, page_id: PageId) -> Document | None:
        """The document as it is now: near copies are looked for while the index is filled."""
        self._catch_up()
        return super().get(page_id)

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[PageId, str, str]]:
        """`(id, story, fingerprint)` of documents that share a band with these, those just filled in among them."""
        self._catch_up()
        return super().story_candidates(bands, limit)

    def documents(self, after: PageId | None, most: int) -> Sequence[Document]:
        """The next documents in the order of ids, as they are now, at most so many; none at the end."""
        return [from_engine(hit["_source"]) for hit in self._next(after, most, source=list(SOURCE))]

    def versions(self, after: PageId | None, most: int) -> Sequence[tuple[PageId, int]]:
        """The same as ids with their external versions."""
        return [(hit["_id"], hit["_version"]) for hit in self._next(after, most, source=False)]

    def held(self, ids: Sequence[PageId]) -> Mapping[PageId, int]:
        """The external versions of those of these pages that are there, searchable or not yet."""
        return versions_there(self._connection, self._index, ids)

    def _next(self, after: PageId | None, most: int, source: Any) -> Any:
        """By values of `id` and not in a point in time: what is behind the place is read as it is when it is read."""
        self._catch_up()
        with engine():
            told: Any = self._connection.client.search(
                index=self._index,
                sort=[{"id": "asc"}],
                search_after=None if after is None else [after],
                size=most,
                source=source,
                version=True,
                track_total_hits=False,
                allow_partial_search_results=False,
            ).body
        return told["hits"]["hits"]

    def _catch_up(self) -> None:
        if not self._refreshes.on():
            self._refreshes.catch_up()
