"""Raw pages in an Elasticsearch index that stores them and does not search them.

A live page is one document under the page's own id, so that a newer version takes the place of an older one without a
search; dead letters lie beside it, one document each, under `ID:VERSION`.
"""

import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json

from shared.archive.port import ArchivedPage
from shared.errors import DependencyUnavailable
from shared.models.frozen import PageId, Version
from shared.search.elasticsearch.bulk import Action, deleting, indexing, present, send, versions_there
from shared.search.elasticsearch.client import Access, connect, engine, explained

_SAME_OR_NEWER: Final = "external_gte"
_LIVE: Final = {"term": {"dead": False}}
_DEAD: Final = {"term": {"dead": True}}
_FINE: Final = frozenset({200, 201, 409})
_ABSENT: Final = 404
_TRIM_STEP: Final = 500
_TRIM_SECONDS: Final = 0.5
_SCAN_STEP: Final = 500
_BODIES_MOST: Final = 64
_DEAD_MOST: Final = 10_000


class ElasticsearchArchive:
    """The `PageArchive` on Elasticsearch, behind an alias that has to be there. Any number of processes may hold it."""

    def __init__(  # noqa: PLR0913  (one keyword per setting)
        self,
        access: Access,
        prefix: str,
        *,
        max_age_days: float,
        max_bytes: int,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """An archive under a prefix.

        Args:
            access: where Elasticsearch is.
            prefix: of the names of indices and aliases.
            max_age_days: live pages kept or let live longer ago than this are let go by `trim`.
            max_bytes: bytes of live pages above which `trim` lets the oldest go.
            read_only: for every process but those that write.
            clock: seconds since 1970.
        """
        self._connection = connect(access, prefix)
        self._client = self._connection.client
        self._alias = self._connection.names.archive
        self._max_age_ms = int(max_age_days * 86_400_000)
        self._max_bytes = max_bytes
        self._read_only = read_only
        self._clock = clock

    def put(self, pages: Sequence[ArchivedPage]) -> None:
        """Keeps pages, on disk when it returns.

        A live page replaces its older live version and gives way to a newer one; dead letters stay beside both.
        """
        live = [page for page in pages if not page.dead]
        dead = [page for page in pages if page.dead]
        gone = self._there([_dead_id(page.id, page.version) for page in live])
        held = self._there([page.id for page in dead])
        actions = [deleting(name, None) for name in gone]
        actions += [
            deleting(page.id, page.version, _SAME_OR_NEWER) for page in dead if held.get(page.id) == page.version
        ]
        actions += [self._putting(page) for page in (*live, *dead)]
        self._write(actions)
        if dead or gone:
            self._refresh()

    def get(self, page_id: PageId, version: Version | None = None) -> ArchivedPage | None:
        """One page, alive or dead: the version asked for, else the newest kept. None past its age, trimmed or not."""
        names = [page_id, *([] if version is None else [_dead_id(page_id, version)])]
        found = [_page(hit) for hit in self._hits(names) if self._of_age(hit["_source"])]
        if version is None:
            about = {"bool": {"filter": [_DEAD, {"term": {"id": page_id}}]}}
            found += map(_page, self._search(query=about, sort=[{"version": "desc"}], size=1))
        fitting = [page for page in found if version in (None, page.version)]
        return max(fitting, key=lambda page: page.version, default=None)

    def mark_live(self, page_id: PageId, version: Version) -> None:
        """Ends a dead letter's exemption: its age counts from now, and beside a newer live version it goes."""
        name = _dead_id(page_id, version)
        for page in self._bodies([name]):
            self._write([self._putting(page.model_copy(update={"dead": False})), deleting(name, None)])
            self._refresh()

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes out the versions older than the delete's, dead letters too."""
        if not versions:
            return
        about = {"bool": {"filter": [_DEAD, {"terms": {"id": list(versions)}}]}}
        found = self._search(query=about, size=_DEAD_MOST, source_includes=["id", "version"])
        dead = [hit["_id"] for hit in found if hit["_source"]["version"] < versions[hit["_source"]["id"]]]
        self._write([deleting(page_id, version) for page_id, version in versions.items()])
        self._write([deleting(name, None) for name in dead])
        self._refresh()

    def scan(self, after: PageId | None = None) -> Iterator[ArchivedPage]:
        """Every page's newest live version, in the order of ids, behind `after`.

        Bodies are read a few at a time, the first one by itself: what goes meanwhile is not given.
        """
        self._refresh()
        last, many = after or "", 1
        while names := self._live_ids(last):
            at = 0
            while at < len(names):
                yield from self._bodies(names[at : at + many])
                at, many = at + many, min(2 * many, _BODIES_MOST)
            last = names[-1]

    def trim(self) -> int:
        """Lets go of live pages past their age, then of the oldest over the bytes; how many pages went.

        Stops after about half a second when much is due: call it again while it gives more than 0.
        """
        gone, end = 0, time.monotonic() + _TRIM_SECONDS
        self._refresh()
        while due := self._due():
            self._write(due)
            self._refresh()
            gone += len(due)
            if time.monotonic() > end:
                break
        return gone

    def size_bytes(self) -> int:
        """Bytes of bodies held, dead letters' too."""
        self._refresh()
        return self._bytes({"match_all": {}})

    def close(self) -> None:
        """Lets the connection go."""
        self._connection.close()

    def _putting(self, page: ArchivedPage) -> Action:
        body = to_json(
            {
                "id": page.id,
                "version": page.version,
                "dead": page.dead,
                "kept_ms": self._now_ms(),
                "bytes": len(page.packed),
                "packed": b64encode(page.packed).decode("ascii"),
            }
        )
        if page.dead:
            return indexing(_dead_id(page.id, page.version), None, body)
        return indexing(page.id, page.version, body, _SAME_OR_NEWER)

    def _due(self) -> list[Action]:
        """Takes out the next pages that must go, oldest first, as they are now."""
        excess = self._bytes(_LIVE) - self._max_bytes
        cutoff = self._cutoff_ms()
        about = _LIVE if excess > 0 else {"bool": {"filter": [_LIVE, {"range": {"kept_ms": {"lt": cutoff}}}]}}
        order = [{"kept_ms": "asc"}, {"version": "asc"}]
        wanted = ["version", "bytes", "kept_ms"]
        due: list[Action] = []
        for hit in self._search(query=about, sort=order, size=_TRIM_STEP, source_includes=wanted):
            source = hit["_source"]
            if source["kept_ms"] >= cutoff and excess <= 0:
                break
            due.append(deleting(hit["_id"], source["version"], _SAME_OR_NEWER))
            excess -= source["bytes"]
        return due

    def _live_ids(self, after: str) -> list[str]:
        about = {"bool": {"filter": [_LIVE, {"range": {"id": {"gt": after}}}]}}
        return [hit["_id"] for hit in self._search(query=about, sort=[{"id": "asc"}], size=_SCAN_STEP, source=False)]

    def _bodies(self, names: Sequence[str]) -> list[ArchivedPage]:
        return [_page(hit) for hit in self._hits(names)]

    def _hits(self, names: Sequence[str]) -> list[Any]:
        """Documents as they are now, not as they were when the index was last refreshed."""
        with engine("archive"):
            told: Any = self._client.mget(index=self._alias, ids=list(names)).body
        return list(present(told, "archive"))

    def _of_age(self, source: Mapping[str, Any]) -> bool:
        return bool(source["dead"]) or source["kept_ms"] >= self._cutoff_ms()

    def _cutoff_ms(self) -> int:
        """Live pages kept before this are past their age."""
        return self._now_ms() - self._max_age_ms

    def _there(self, names: Sequence[str]) -> dict[str, int]:
        return versions_there(self._connection, self._alias, names, "archive")

    def _search(self, **asked: Any) -> list[Any]:
        with engine("archive"):
            told: Any = self._client.search(
                index=self._alias, track_total_hits=False, allow_partial_search_results=False, **asked
            ).body
        return list(told["hits"]["hits"])

    def _bytes(self, about: Mapping[str, Any]) -> int:
        with engine("archive"):
            total = {"total": {"sum": {"field": "bytes"}}}
            told: Any = self._client.search(
                index=self._alias, query=dict(about), size=0, aggs=total, allow_partial_search_results=False
            ).body
        return int(told["aggregations"]["total"]["value"])

    def _write(self, actions: Sequence[Action]) -> None:
        if self._read_only:
            raise DependencyUnavailable("archive", "it is open for reading only")
        for told in send(self._connection, self._alias, actions, "archive"):
            absent = told.status == _ABSENT and not told.reason
            if told.status not in _FINE and not absent:
                raise DependencyUnavailable("archive", explained(told.status, told.reason))

    def _refresh(self) -> None:
        with engine("archive"):
            self._client.indices.refresh(index=self._alias)

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


def _dead_id(page_id: PageId, version: Version) -> str:
    """No page's id: those have no colon."""
    return f"{page_id}:{version}"


def _page(hit: Mapping[str, Any]) -> ArchivedPage:
    source = hit["_source"]
    packed = b64decode(source["packed"])
    return ArchivedPage(id=source["id"], version=source["version"], packed=packed, dead=source["dead"])
