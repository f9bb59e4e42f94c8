"""What the suites of search engines share: engines on an empty place, pages and questions."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from shared.models.document import Document
from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.port import EngineAnswer, EngineQuery, IndexOutcome, IndexWriter, SearchIndex
from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.elasticsearch.server import wipe

IDLE_SECONDS = 300.0
SNAPSHOTS_MAX = 4
WIDE = Limits(chars=10**6, clauses=10**5)
"""So that what engines do with long queries is seen."""
NOON = datetime(2024, 6, 15, 12, tzinfo=UTC)


class Engine(Protocol):
    """One engine on a place of its own, which is empty to begin with."""

    writer: IndexWriter
    index: SearchIndex

    def reopen(self) -> None:
        """Closes both sides and opens them again, as a new process would."""

    def another_writer(self) -> IndexWriter:
        """The writing side as a second process would open it."""

    def let_time_pass(self, seconds: float) -> None:
        """Makes everything that is held be idle for so long."""

    def close(self) -> None:
        """Ends it, and takes away what it has written."""


class EmbeddedEngine:
    """Tantivy in a folder that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data" / "index"
        self._now = 1000.0
        self.writer: IndexWriter = TantivyWriter(self.folder, heap_bytes=16_000_000)
        self.index: SearchIndex = self._reader()

    def reopen(self) -> None:
        self.writer.close()
        self.index.close()
        self.writer, self.index = self.another_writer(), self._reader()

    def another_writer(self) -> IndexWriter:
        return TantivyWriter(self.folder, heap_bytes=16_000_000)

    def let_time_pass(self, seconds: float) -> None:
        self._now += seconds

    def close(self) -> None:
        self.writer.close()
        self.index.close()

    def _reader(self) -> SearchIndex:
        return TantivyIndex(
            self.folder, cursor_idle_seconds=IDLE_SECONDS, snapshots_max=SNAPSHOTS_MAX, clock=lambda: self._now
        )


class DistributedEngine:
    """Elasticsearch under a prefix of its own."""

    def __init__(self, url: str) -> None:
        self.access = Access(url)
        self.prefix = f"test-{secrets.token_hex(6)}-"
        self._now = 1000.0
        set_up(self.access, self.prefix, Layout(replicas=0))
        self.writer: IndexWriter = self.another_writer()
        self.index: SearchIndex = self._reader()

    def reopen(self) -> None:
        self.writer.close()
        self.index.close()
        self.writer, self.index = self.another_writer(), self._reader()

    def another_writer(self) -> IndexWriter:
        return ElasticsearchWriter(self.access, self.prefix)

    def let_time_pass(self, seconds: float) -> None:
        self._now += seconds

    def close(self) -> None:
        self.writer.close()
        self.index.close()
        wipe(self.access.url, self.prefix)

    def _reader(self) -> SearchIndex:
        return ElasticsearchIndex(
            self.access,
            self.prefix,
            cursor_idle_seconds=IDLE_SECONDS,
            snapshots_max=SNAPSHOTS_MAX,
            clock=lambda: self._now,
        )


ENGINES = (
    "tantivy",
    pytest.param("elasticsearch", marks=pytest.mark.elasticsearch),
)
"""Names of engines, to be handed to `open_engine` as `request.param`."""


def open_engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    """The engine that a fixture's parameter names, on an empty place."""
    if request.param == "tantivy":
        return EmbeddedEngine(folder)
    return DistributedEngine(request.getfixturevalue("elasticsearch_url"))


def page(page_id: str, text: str = "A page.", **changes: Any) -> Document:
    """A document with what it must have, and `changes`."""
    given = {"version": 1, "language": "en", "fetched_at": NOON, "indexed_at": NOON, **changes}
    return Document(id=page_id, text=text, word_count=len(text.split()), reading_minutes=1, **given)


def put(engine: Engine, *documents: Document) -> list[IndexOutcome]:
    """Indexes documents in one batch."""
    return engine.writer.index(documents)


def results(engine: Engine, *documents: Document) -> list[str]:
    """What became of each document of a batch."""
    return [outcome.result for outcome in put(engine, *documents)]


def ask(engine: Engine, q: str = "", **changes: Any) -> EngineAnswer:
    """The first page of results."""
    return engine.index.search(EngineQuery(tree=parse(q, limits=WIDE).tree, **changes))


def ids(answer: EngineAnswer) -> list[str]:
    """Which documents were found, in order."""
    return [hit.id for hit in answer.hits]


def found(engine: Engine, q: str = "", **changes: Any) -> list[str]:
    """The ids on the first page of results."""
    return ids(ask(engine, q, **changes))


def snippet(engine: Engine, q: str, **changes: Any) -> str:
    """The snippet of the first hit."""
    return ask(engine, q, **changes).hits[0].snippet or ""


def walk(engine: Engine, q: str = "", **changes: Any) -> list[str]:
    """All ids, page by page, on the snapshot of the first page."""
    query = EngineQuery(tree=parse(q).tree, **changes)
    answer = engine.index.search(query)
    gathered = ids(answer)
    while answer.after:
        answer = engine.index.search(query, snapshot=answer.snapshot, after=answer.after)
        gathered += ids(answer)
    return gathered
