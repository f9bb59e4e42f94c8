"""Engines on an empty place, as the suite of generations opens them."""

import secrets
from pathlib import Path
from typing import Protocol

import pytest

from shared.search.elasticsearch import Access, ElasticsearchGenerations, ElasticsearchIndex
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.generations import IndexGenerations
from shared.search.port import SearchIndex
from shared.search.tantivy import TantivyGenerations, TantivyIndex
from tests.contracts.search_engines import IDLE_SECONDS, SNAPSHOTS_MAX
from tests.elasticsearch.server import wipe


class Generational(Protocol):
    """One engine on a place of its own, which is empty to begin with."""

    generations: IndexGenerations
    index: SearchIndex
    """What the services read: always the live one."""

    def another_reader(self) -> SearchIndex:
        """The reading side as a second process would open it."""

    def reopen(self) -> None:
        """Closes everything and opens it again, as a new process would."""

    def close(self) -> None:
        """Ends it, and takes away what it has written."""


class EmbeddedGenerations:
    """Tantivy in a folder that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data" / "index"
        self._open()

    def _open(self) -> None:
        self.generations: IndexGenerations = TantivyGenerations(self.folder, heap_bytes=16_000_000)
        self.index: SearchIndex = self.another_reader()

    def another_reader(self) -> SearchIndex:
        return TantivyIndex(self.folder, cursor_idle_seconds=IDLE_SECONDS, snapshots_max=SNAPSHOTS_MAX)

    def reopen(self) -> None:
        self.close()
        self._open()

    def close(self) -> None:
        self.generations.close()
        self.index.close()


class DistributedGenerations:
    """Elasticsearch under a prefix of its own; what is filled in is counted each time."""

    def __init__(self, url: str) -> None:
        self.access = Access(url)
        self.prefix = f"test-{secrets.token_hex(6)}-"
        set_up(self.access, self.prefix, Layout(replicas=0))
        self._open()

    def _open(self) -> None:
        self.generations: IndexGenerations = ElasticsearchGenerations(
            self.access, self.prefix, Layout(replicas=0), counted_seconds=0
        )
        self.index: SearchIndex = self.another_reader()

    def another_reader(self) -> SearchIndex:
        return ElasticsearchIndex(
            self.access, self.prefix, cursor_idle_seconds=IDLE_SECONDS, snapshots_max=SNAPSHOTS_MAX
        )

    def reopen(self) -> None:
        self.generations.close()
        self.index.close()
        self._open()

    def close(self) -> None:
        self.generations.close()
        self.index.close()
        wipe(self.access.url, self.prefix)


def open_generations(request: pytest.FixtureRequest, folder: Path) -> Generational:
    """The engine that a fixture's parameter names (one of `search_engines.ENGINES`), on an empty place."""
    if request.param == "tantivy":
        return EmbeddedGenerations(folder)
    return DistributedGenerations(request.getfixturevalue("elasticsearch_url"))
