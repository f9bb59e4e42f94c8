"""Engines for a house that do at some places what busy or broken ones do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.generations import Generation
from shared.search.port import IndexOutcome, IndexWriter
from shared.search.tantivy import TantivyGenerations


class _Writer:
    """A writer that has something done before each write."""

    def __init__(self, writer: IndexWriter, engine: "Engine") -> None:
        self._writer, self._engine = writer, engine

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        self._engine.before_write(documents)
        return list(self._writer.index(documents))

    def delete(self, versions: Mapping[PageId, int]) -> None:
        self._writer.delete(versions)

    def close(self) -> None:
        self._writer.close()


class Engine(TantivyGenerations):
    """The embedded one; what is called `before` and `after` its steps may take long or raise."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.before_write: Callable[[Sequence[Document]], None] = lambda _: None
        self.before_status: Callable[[], None] = lambda: None
        self.after_going_live: Callable[[], None] = lambda: None

    def writer(self, name: str) -> Any:
        return _Writer(super().writer(name), self)

    def status(self) -> tuple[Generation, ...]:
        self.before_status()
        return super().status()

    def go_live(self, name: str) -> None:
        super().go_live(name)
        self.after_going_live()
