"""The writing side. Tantivy's own lock lets one process have it."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import tantivy

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.port import IndexOutcome
from shared.search.tantivy.documents import from_engine, to_engine
from shared.search.tantivy.guard import first_line, is_panic
from shared.search.tantivy.schema import open_index, schema

HEAP_BYTES: Final = 64 * 1024 * 1024
_IN_THREAD: Final = "An error occurred in a thread"


class TantivyWriter:
    """The embedded `IndexWriter`. Opens at first use and makes the folder; threads may share it, processes may not.

    Args:
        path: the folder of the index.
        heap_bytes: memory that documents gather in before they become a segment; at least 15 MB.
    """

    def __init__(self, path: Path, heap_bytes: int = HEAP_BYTES) -> None:
        self._path = path
        self._heap_bytes = heap_bytes
        self._lock = threading.Lock()
        self._open: _Open | None = None

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Makes documents searchable in one commit; one outcome each, in order.

        Compares external versions with what is held; of several documents of one id the newest wins.

        Raises:
            DependencyUnavailable: the disk, or another process that writes; nothing was changed, or all of it.
            EngineCrashed: the engine fell over one of them.
        """
        with self._writing() as held:
            outcomes: dict[int, IndexOutcome] = {}
            kept: dict[PageId, int] = {}
            newest_first = sorted(enumerate(documents), key=lambda one: -one[1].external_version)
            for place, document in newest_first:
                outcomes[place] = held.put(document, kept)
            held.commit()
            return [outcomes[place] for place in range(len(documents))]

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes out, in one commit, the pages whose held version is older than the delete's (a plain version)."""
        with self._writing() as held:
            for page_id, version in versions.items():
                held.take_out(page_id, version * 64)
            held.commit()

    def close(self) -> None:
        """Gives the index back to whoever wants to write next."""
        with self._lock:
            self._let_go()

    @contextmanager
    def _writing(self) -> Iterator["_Open"]:
        """The open index; after any failure it is let go, with what was not committed, and opened anew next time."""
        with self._lock:
            try:
                self._open = held = self._open or _Open(self._path, self._heap_bytes)
                yield held
            except BaseException as error:
                named = _named(error, self._open, self._path)
                self._let_go()
                raise named from error

    def _let_go(self) -> None:
        if self._open:
            self._open.close()
        self._open = None


class EngineCrashed(RuntimeError):
    """The engine panicked: not the disk's fault, and likely to happen again with the same documents."""


class _Open:
    """An index that this process has the lock of."""

    def __init__(self, path: Path, heap_bytes: int) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._index = open_index(path)
        self._writer = self._index.writer(heap_bytes, 1)
        # A commit that was killed leaves files that no index knows. One of what was taken out is named by the number of
        # steps taken, and the same commit, done again, may not write over it.
        self._writer.garbage_collect_files()
        self._index.config_reader("manual")
        self._searcher = self._index.searcher()
        self._changed = False

    def put(self, document: Document, kept: dict[PageId, int]) -> IndexOutcome:
        """Adds a document unless what is held, or `kept` in this batch, is as new."""
        version, held = document.external_version, self._held(document.id)
        there = max(kept.get(document.id, -1), -1 if held is None else held)
        if there > version or (held == version and not self._is(document)):
            return IndexOutcome(id=document.id, result="superseded")
        if there == version:
            return IndexOutcome(id=document.id, result="indexed")
        try:
            made = to_engine(document)
        except (ValueError, OverflowError) as error:
            return IndexOutcome(id=document.id, result="rejected", reason=first_line(error))
        if held is not None:
            self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(made)
        kept[document.id] = version
        self._changed = True
        return IndexOutcome(id=document.id, result="indexed", written=True)

    def take_out(self, page_id: PageId, external_version: int) -> None:
        """Deletes a page whose held external version is below this one."""
        held = self._held(page_id)
        if held is not None and held < external_version:
            self._writer.delete_documents_by_term("id", page_id)
            self._changed = True

    def commit(self) -> None:
        """Puts changes on disk, for all to see."""
        if self._changed:
            self._writer.commit()
            self._changed = False
            self._index.reload()
            self._searcher = self._index.searcher()

    def close(self) -> None:
        """Ends the engine's threads and frees the lock now: a failure's traceback may hold this object for long."""
        del self._writer

    def cause(self) -> str:
        """Why a worker thread of the engine ended: a commit tells."""
        try:
            self._writer.commit()
        except ValueError as error:
            return first_line(error)
        return ""

    def _is(self, document: Document) -> bool:
        """Whether what is held says the same: the ledger gives a version twice once a receipt has expired."""
        found = self._searcher.search(tantivy.Query.term_query(schema(), "id", document.id), 1, count=False).hits
        there = from_engine(self._searcher.doc(found[0][1]))
        return (there.title, there.text) == (document.title, document.text)

    def _held(self, page_id: PageId) -> int | None:
        query = tantivy.Query.term_query(schema(), "id", page_id)
        found = self._searcher.search(query, 1, count=False, order_by_field="external_version").hits
        return found[0][0] if found else None


def _named(error: BaseException, held: _Open | None, path: Path) -> BaseException:
    """The same failure as the house knows it."""
    if is_panic(error):
        return EngineCrashed(first_line(error))
    if not isinstance(error, (ValueError, OSError)):
        return error
    said = first_line(error)
    if "LockBusy" in said:
        return DependencyUnavailable("index", f"another process is writing to {path}")
    if held and said.startswith(_IN_THREAD):
        said = held.cause() or said
        if said.startswith(_IN_THREAD):
            return EngineCrashed(said)
    return DependencyUnavailable("index", said)
