"""The index as it was at one moment, held for those who page through it."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import tantivy

from shared.search.analysis.languages import stemmed_as
from shared.search.port import SnapshotGone

_TAGS_MAX: Final = 1_000
"""Far more than there are codes of languages."""


class Files(NamedTuple):
    """The files of a state: their folder, and the engine's list of them at this commit."""

    folder: Path
    meta: bytes


@dataclass
class Snapshot:
    """One state of the index. A searcher outlives later commits: files that it has open stay on disk.

    Args:
        searcher: None where no index has been made yet.
        files: what the searcher reads; None where nobody is to link them.
        name: what it is held under.
        taken: seconds since 1970; the age of documents is counted from here, so that pages of results agree.
    """

    searcher: tantivy.Searcher | None
    files: Files | None = None
    name: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    taken: float = field(default_factory=time.time)

    def again(self) -> "Snapshot":
        """The same state under a name of its own."""
        return Snapshot(self.searcher, files=self.files, taken=self.taken)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """All languages with stems that documents are in, first the one with the most."""
        if self.searcher is None:
            return ()
        asked = {"languages": {"terms": {"field": "language", "size": _TAGS_MAX}}}
        found = self.searcher.aggregate(tantivy.Query.all_query(), asked)["languages"]["buckets"]
        return stemmed(bucket["key"] for bucket in found)


def stemmed(languages: Iterable[str]) -> tuple[str, ...]:
    """The codes of those languages that have stems, each once."""
    return tuple(dict.fromkeys(filter(None, map(stemmed_as, languages))))


@dataclass
class _Kept:
    """A kept snapshot, the seconds that it may be idle, and when it was used last."""

    snapshot: Snapshot
    idle_seconds: float
    used: float


class Snapshots:
    """Snapshots in the memory of one process, each until it has been idle for `idle_seconds` or too many are newer.

    A kept one is nobody else's: it has an idle time of its own, and no number of others pushes it out. Those that are
    due are let go at the next call, whatever it asks.
    """

    def __init__(self, idle_seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._idle_seconds = idle_seconds
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[Snapshot, float]] = {}
        self._kept: dict[str, _Kept] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._held or name in self._kept

    def hold(self, snapshot: Snapshot) -> str:
        """Holds a snapshot, anew if it is held already; its name."""
        with self._lock:
            self._held.pop(snapshot.name, None)
            self._held[snapshot.name] = snapshot, self._clock()
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]
        return snapshot.name

    def keep(self, snapshot: Snapshot, idle_seconds: float) -> str:
        """Keeps a snapshot, which nobody else may hold; its name."""
        with self._lock:
            self._kept[snapshot.name] = _Kept(snapshot, idle_seconds, self._clock())
        return snapshot.name

    def release(self, name: str) -> None:
        """Lets a kept one go."""
        with self._lock:
            self._kept.pop(name, None)

    def get(self, name: str) -> Snapshot:
        """A held snapshot, which is now no longer idle.

        Raises:
            SnapshotGone: it was let go, or never was.
        """
        self.let_go()
        with self._lock:
            if kept := self._kept.get(name):
                kept.used = self._clock()
                return kept.snapshot
            if name not in self._held:
                raise SnapshotGone(name)
            snapshot, _ = self._held.pop(name)
            self._held[name] = snapshot, self._clock()
            return snapshot

    def let_go(self) -> None:
        """Lets idle ones go. The dictionary's order is that of use."""
        now = self._clock()
        due = now - self._idle_seconds
        with self._lock:
            for name in [name for name, kept in self._kept.items() if kept.used <= now - kept.idle_seconds]:
                del self._kept[name]
            while self._held and next(iter(self._held.values()))[1] <= due:
                del self._held[next(iter(self._held))]

    def clear(self) -> None:
        """Lets all go."""
        with self._lock:
            self._held.clear()
            self._kept.clear()
