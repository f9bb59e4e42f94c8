"""Snapshots that are held: on the disk for all processes, or in memory where the disk cannot."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from shared.search.port import Held, SnapshotGone
from shared.search.tantivy.snapshot_folders import SnapshotFolders
from shared.search.tantivy.snapshots import Snapshot, Snapshots

_AGAIN_SECONDS: Final = 1.0
"""A use so short a time after another is not written down: searches of one state come by the hundred."""
_SWEEP_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


class Holding:
    """Snapshots by name, each until it has been idle for some time or is the oldest of too many.

    What is kept is nobody else's: it has an idle time of its own, and no number of others pushes it out.

    Args:
        folder: for snapshots on the disk; None: they are held in memory and end with the process.
        idle_seconds: without use.
        most: of those for cursors.
        clock: seconds, the same for all processes.
    """

    def __init__(self, folder: Path | None, idle_seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._folders = SnapshotFolders(folder, idle_seconds, most, clock) if folder else None
        self._memory = Snapshots(idle_seconds, most, clock)
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Snapshot] = {}
        self._noted: dict[str, float] = {}
        self._swept = clock()
        self._told = False

    def hold(self, snapshot: Snapshot) -> str:
        """Holds a snapshot, anew if it is held already; its name.

        Raises:
            StateGone: the writer was faster; hold the index as it is now.
        """
        with self._lock:
            now = self._clock()
            if 0 <= now - self._noted.get(snapshot.name, now + 1) < _AGAIN_SECONDS:
                return snapshot.name
            if snapshot.name in self._memory or not self._held_on_disk(snapshot, None):
                return self._memory.hold(snapshot)
            return snapshot.name

    def keep(self, snapshot: Snapshot, idle_seconds: float) -> str:
        """Keeps the state of a snapshot under a name of its own.

        Raises:
            StateGone: as `hold`.
        """
        own = snapshot.again()
        with self._lock:
            return own.name if self._held_on_disk(own, idle_seconds) else self._memory.keep(own, idle_seconds)

    def in_memory(self, snapshot: Snapshot) -> str:
        """Holds a snapshot in this process alone."""
        with self._lock:
            return self._memory.hold(snapshot)

    def keep_in_memory(self, snapshot: Snapshot, idle_seconds: float) -> str:
        """Keeps a snapshot in this process alone."""
        with self._lock:
            return self._memory.keep(snapshot.again(), idle_seconds)

    def release(self, name: str) -> None:
        """Lets one go."""
        with self._lock:
            self._memory.release(name)
            self._forget(name)
            if self._folders:
                self._folders.remove(name)

    def beside(self, name: str) -> Path | None:
        """The folder of one that is on the disk."""
        return self._folders.folder(name) if self._folders else None

    def on_disk(self) -> Held:
        """What is on the disk, and what it costs."""
        return self._folders.held() if self._folders else Held(snapshots=0, own_bytes=0)

    def get(self, name: str) -> Snapshot:
        """A held snapshot, which is now no longer idle.

        Raises:
            SnapshotGone: it was let go, or never was.
        """
        self.let_go()
        with self._lock:
            if self._folders is None or name in self._memory:
                return self._memory.get(name)
            if not self._folders.use(name):
                self._forget(name)
                raise SnapshotGone(name)
            if name not in self._open:
                self._open[name] = self._folders.open(name)
            self._noted[name] = self._clock()
            return self._open[name]

    def let_go(self) -> None:
        """Lets idle ones go; the disk is looked at every now and then."""
        self._memory.let_go()
        if self._folders is None or 0 <= self._clock() - self._swept < _SWEEP_SECONDS:
            return
        with self._lock:
            self._swept = self._clock()
            for name in self._open.keys() - self._folders.sweep():
                self._forget(name)

    def close(self) -> None:
        """Lets go what is in memory; what is on the disk stays for whoever comes next."""
        with self._lock:
            self._memory.clear()
            self._open.clear()
            self._noted.clear()

    def _held_on_disk(self, snapshot: Snapshot, kept_seconds: float | None) -> bool:
        """Whether it is on the disk, or has been put there; it is no longer idle then."""
        if snapshot.searcher is None or self._folders is None:
            return False
        if not self._folders.use(snapshot.name):
            try:
                self._folders.add(snapshot, kept_seconds)
            except OSError as error:
                if not self._told:
                    log.warning("snapshots are held in memory: cursors end with this process", error=str(error))
                self._told = True
                return False
        self._open[snapshot.name], self._noted[snapshot.name] = snapshot, self._clock()
        return True

    def _forget(self, name: str) -> None:
        self._open.pop(name, None)
        self._noted.pop(name, None)
