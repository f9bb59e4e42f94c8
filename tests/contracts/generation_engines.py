"""Engines on an empty place, as the suite of generations opens them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from shared.search.generations import IndexGenerations
from shared.search.port import SearchIndex
from shared.search.tantivy import TantivyGenerations, TantivyIndex
from tests.contracts.search_engines import IDLE_SECONDS, SNAPSHOTS_MAX


class Generational(Protocol):
    """One engine on a place of its own, which is empty to begin with."""

    generations: IndexGenerations
    index: SearchIndex
    """What the services read: always the live one."""

    def another_reader(self) -> SearchIndex:
        """The reading side as a second process would open it."""

    def reopen(self) -> None:
        """Closes everything and opens it again, as a new process would."""


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
        self.generations.close()
        self.index.close()
        self._open()


GENERATIONS: dict[str, Callable[[Path], Generational]] = {"tantivy": EmbeddedGenerations}
