"""The reading side."""

import shutil
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.explanation import ExplainedWord
from shared.models.frozen import PageId
from shared.models.suggestions import Suggestion
from shared.search.likeness import CANDIDATES as CLOSEST
from shared.search.likeness import nearest
from shared.search.port import Disk, EngineAnswer, EngineHit, EngineQuery, Held, Kept, SnapshotGone
from shared.search.suggesting import CANDIDATES, prefixes, suggestions
from shared.search.tantivy.compiling import narrowed, none_of
from shared.search.tantivy.documents import from_engine, parts_from_engine
from shared.search.tantivy.forms import words
from shared.search.tantivy.guard import engine
from shared.search.tantivy.holding import Holding
from shared.search.tantivy.likeness import like
from shared.search.tantivy.linking import META, StateGone
from shared.search.tantivy.pointer import SNAPSHOTS, LiveFolder, name_of
from shared.search.tantivy.schema import open_index, schema
from shared.search.tantivy.searching import answered, languages_tried
from shared.search.tantivy.snapshots import Files, Snapshot

_State = tuple[Path, int, int, int]
"""What changes with each commit: the folder, and inode, time and size of the engine's meta.json, which it replaces."""

_MIB = 1024 * 1024
_TRIES = 3
"""To hold a state before a writer commits again; each takes milliseconds, a commit many more."""
_WAY_OUT = "`pagemill index rebuild"


class TantivyIndex:
    """The embedded `SearchIndex`. Opens at first use; threads may share it, and any number of processes may read.

    Every call sees what has been committed before it, in the generation that is live then. An index that has not been
    made yet reads as empty.

    Args:
        path: the folder of the index.
        cursor_idle_seconds: how long a snapshot is held for the next use.
        snapshots_max: snapshots held at once by all processes; each keeps its files on disk.
        clock: seconds, for the idle time; the same for all processes.
        one_generation: whether `path` is the folder of one generation, which is read whether it is live or not.
        free_bytes: of its disk, below which it is strained.
    """

    def __init__(  # noqa: PLR0913  (settings of its own, each)
        self,
        path: Path,
        *,
        cursor_idle_seconds: float,
        snapshots_max: int,
        clock: Callable[[], float] = time.time,
        one_generation: bool = False,
        free_bytes: int = 0,
    ) -> None:
        self._path, self._free_bytes = path, free_bytes
        self._folder: Callable[[], Path] = (lambda: path) if one_generation else LiveFolder(path).now
        held_in = None if one_generation else path / SNAPSHOTS
        self._snapshots = Holding(held_in, cursor_idle_seconds, snapshots_max, clock)
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._state: _State | None = None
        self._now = Snapshot(None)

    def get(self, page_id: PageId) -> Document | None:
        """The document as it was last made searchable."""
        searcher = self._current().searcher
        if searcher is None:
            return None
        with engine():
            hits = searcher.search(Query.term_query(schema(), "id", page_id), 1, count=False).hits
            return from_engine(searcher.doc(hits[0][1])) if hits else None

    def search(self, query: EngineQuery, *, snapshot: str | None = None, after: str | None = None) -> EngineAnswer:
        """One page of results; where another follows, the answer's snapshot is held for it.

        Raises:
            SnapshotGone: the snapshot was let go, or `after` is none of ours.
            DependencyUnavailable: the engine failed.
        """
        begun = time.perf_counter()
        place = _place(after)
        with engine():
            read = self._current() if snapshot is None else self._snapshots.get(snapshot)
            answer, name = answered(read, query, place), snapshot
            if answer.after and snapshot is None:
                try:
                    name = self._snapshots.hold(read)
                except StateGone:
                    read, name = self._held()
                    answer = answered(read, query, place)
        name = name if answer.after else None
        ms = (time.perf_counter() - begun) * 1000
        return answer.model_copy(update={"snapshot": name, "engine_ms": round(ms, 3)})

    def still_there(self, ids: Sequence[PageId]) -> frozenset[PageId]:
        """Those of these pages that are searchable now, whatever a snapshot has."""
        searcher = self._current().searcher
        if searcher is None or not ids:
            return frozenset()
        with engine():
            found = ((each, Query.term_query(schema(), "id", each)) for each in ids)
            return frozenset(each for each, term in found if searcher.search(term, 1, count=False).hits)

    def words(self, query: EngineQuery) -> tuple[ExplainedWord, ...]:
        """What became of each word of a query, in order, and how many documents have it so."""
        read = self._current()
        with engine():
            return () if read.searcher is None else words(read.searcher, query, languages_tried(read, query))

    def suggest(self, typed: str, size: int, without: Collection[PageId] = ()) -> tuple[Suggestion, ...]:
        """Titles, names and keywords with a word that begins so, the most frequent first."""
        searcher = self._current().searcher
        if searcher is None:
            return ()
        with engine():
            found = [_begun(searcher, prefix) for prefix in prefixes(typed).values()]
            return suggestions(found, lambda entry: _documents_with(searcher, entry, without), size)

    def similar(self, page_id: PageId, size: int) -> tuple[EngineHit, ...] | None:
        """Documents that speak of the same, the nearest first, without its near copies; None where it is not there."""
        searcher = self._current().searcher
        document = self.get(page_id)
        if searcher is None or document is None:
            return None
        with engine():
            query = like(searcher, document)
            most = min(max(size, CLOSEST), searcher.num_docs or 1)
            hits = searcher.search(query, most, count=False).hits if query else []
            return nearest(((score, from_engine(searcher.doc(address))) for score, address in hits), size)

    def pin(self) -> str:
        """Holds the index as it is now, until it has been idle for the time that was set; its name."""
        return self._held()[1]

    def keep(self, idle_seconds: float) -> Kept:
        """Holds the index as it is now for one long reading, apart from what cursors hold."""
        _, name = self._as_it_is_now(
            partial(self._snapshots.keep, idle_seconds=idle_seconds),
            partial(self._snapshots.keep_in_memory, idle_seconds=idle_seconds),
        )
        return Kept(snapshot=name, index=name_of(self._path, self._folder()))

    def release(self, snapshot: str) -> None:
        """Lets a kept snapshot go; one that is gone is let go."""
        with engine():
            self._snapshots.release(snapshot)

    def beside(self, snapshot: str) -> Path | None:
        """The folder of a snapshot that is on the disk; None where it is in memory, or gone."""
        with engine():
            return self._snapshots.beside(snapshot)

    def snapshots_held(self) -> Held:
        """Snapshots on the disk, whichever process has made them."""
        with engine():
            return self._snapshots.on_disk()

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[PageId, str, str]]:
        """`(id, story, fingerprint)` of documents that share a band with these, those that share most first."""
        searcher = self._current().searcher
        if searcher is None or not bands or limit < 1:
            return []
        with engine():
            terms = (Query.term_query(schema(), "band", band) for band in dict.fromkeys(bands))
            shared = Query.boolean_query([(Occur.Should, Query.const_score_query(term, 1.0)) for term in terms])
            hits = searcher.search(shared, min(limit, searcher.num_docs or 1), count=False).hits
            found = [parts_from_engine(searcher.doc(address)) for _, address in hits]
        return [(parts["id"], parts.get("story") or parts["id"], parts["fingerprint"]) for parts in found]

    def count(self) -> int:
        """Documents held."""
        searcher = self._current().searcher
        return 0 if searcher is None else searcher.num_docs

    def healthy(self) -> tuple[bool, str]:
        """Whether searches can be answered, and a line for the operator."""
        try:
            searcher = self._current().searcher
        except DependencyUnavailable as error:
            return (
                False,
                error.detail if _WAY_OUT in error.detail else f"{error.detail}; {_WAY_OUT} --from-raw` makes a new one",
            )
        return True, "empty: nothing has been indexed yet" if searcher is None else f"{searcher.num_docs} documents"

    def strain(self) -> str | None:
        """Why new pages had better not come in now: the disk is about to be full."""
        there = next(folder for folder in (self._path, *self._path.parents) if folder.exists())
        free = shutil.disk_usage(there).free
        if free >= self._free_bytes:
            return None
        return f"{free // _MIB} MiB are free on the disk of {self._path}, and {self._free_bytes // _MIB} must be."

    def disk(self) -> Disk | None:
        """The disk that the folder is on, or would be."""
        there = next(folder for folder in (self._path, *self._path.absolute().parents) if folder.exists())
        told = shutil.disk_usage(there)
        return Disk(free=told.free, total=told.total)

    def close(self) -> None:
        """Lets everything go but the snapshots on the disk; a later call opens it again."""
        with self._lock:
            self._snapshots.close()
            self._index, self._state, self._now = None, None, Snapshot(None)

    def _held(self) -> tuple[Snapshot, str]:
        """The index as it is now, held, and its name."""
        return self._as_it_is_now(self._snapshots.hold, self._snapshots.in_memory)

    def _as_it_is_now(
        self, hold: Callable[[Snapshot], str], in_memory: Callable[[Snapshot], str]
    ) -> tuple[Snapshot, str]:
        """A state that is held before the writer is on to the next, and its name; in memory if the writer is faster."""
        for _ in range(_TRIES):
            with suppress(StateGone):
                read = self._current()
                return read, hold(read)
        read = self._current()
        return read, in_memory(read)

    def _current(self) -> Snapshot:
        """The index as it is committed now: read again when it has changed."""
        with engine():
            self._snapshots.let_go()
        with engine(), self._lock:
            state = self._committed()
            if state != self._state:
                self._now = Snapshot(None) if state is None else self._read(state[0])
                self._state = state
            return self._now

    def _committed(self) -> _State | None:
        folder = self._folder()
        if self._state is None or self._state[0] != folder:
            self._index = None
        try:
            found = (folder / META).stat()
        except FileNotFoundError:
            self._index = None
            return None
        return folder, found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self, folder: Path) -> Snapshot:
        """The index as it is committed; with its list of files where that stood still meanwhile."""
        if self._index is None:
            self._index = open_index(folder)
            self._index.config_reader("manual")
        meta = (folder / META).read_bytes()
        self._index.reload()
        still = meta == (folder / META).read_bytes()
        return Snapshot(self._index.searcher(), Files(folder, meta) if still else None)


def _begun(searcher: tantivy.Searcher, prefix: str) -> list[str]:
    return [entry for entry, _ in searcher.terms_with_prefix("suggest", prefix, limit=CANDIDATES)]


def _documents_with(searcher: tantivy.Searcher, entry: str, without: Collection[PageId]) -> int:
    """Counted, since the dictionary still has the words of documents that were deleted or replaced."""
    query = Query.term_query(schema(), "suggest", entry)
    if without:
        query = narrowed(query, [none_of(without)])
    return searcher.search(query, 1).count  # type: ignore[attr-defined, no-any-return]  # (missing in the stubs)


def _place(after: str | None) -> int:
    if after is None:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise SnapshotGone(after)
    return int(after)
