"""Snapshots on the disk: each a folder that any process opens, also one that was started later.

index/snapshots/NAME/note.json   how long it may be idle; its times are those of the last use
index/snapshots/NAME/...         the commit's files as hard links, and its meta.json
index/snapshots/NAME.new/        one that is being made
"""

import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import tantivy
from pydantic import ValidationError

from shared.models.frozen import Carried
from shared.search.format import FORMAT
from shared.search.port import Held, SnapshotGone
from shared.search.tantivy.linking import StateGone, link_files
from shared.search.tantivy.snapshots import Snapshot

_NOTE: Final = "note.json"
_NEW: Final = ".new"
_UNFINISHED_SECONDS: Final = 600.0
"""Longer than links take: one that is older was left by a process that was killed."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class _Note(Carried):
    """What is noted of a snapshot; `kept` ones do not count among those of cursors."""

    taken: float
    idle_seconds: float
    kept: bool
    format: str = FORMAT


class _There(NamedTuple):
    """A snapshot that is on the disk.

    Args:
        name: of its folder.
        note: what is noted of it.
        used: nanoseconds by the clock.
        touched: nanoseconds as the kernel has them, which orders the uses of all processes.
    """

    name: str
    note: _Note
    used: int
    touched: int

    def due(self, now: int) -> bool:
        """Whether it was idle for too long."""
        return self.used + int(self.note.idle_seconds * 1e9) <= now


class SnapshotFolders:
    """The snapshots of one index. Processes may share them: each sees what the others made, used and let go.

    Args:
        root: their folder, made when there is the first one.
        idle_seconds: without use, after which one goes.
        most: of those for cursors, in all processes together; beyond it the one unused for longest goes.
        clock: seconds, the same for all processes.
    """

    def __init__(self, root: Path, idle_seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._root = root
        self._idle_seconds = idle_seconds
        self._most = most
        self._clock = clock
        self._notes: dict[str, _Note] = {}

    def add(self, snapshot: Snapshot, kept_seconds: float | None = None) -> None:
        """Puts a snapshot on the disk in one step, and lets go what is too much then.

        Args:
            snapshot: with the folder and the list of its files.
            kept_seconds: how long a kept one may be idle; absent: it is for cursors.

        Raises:
            StateGone: its files have been deleted.
            OSError: the file system has no hard links, no room, or may not be written.
        """
        if snapshot.files is None:
            raise StateGone(snapshot.name)
        kept = kept_seconds is not None
        note = _Note(taken=snapshot.taken, idle_seconds=kept_seconds or self._idle_seconds, kept=kept)
        fresh = self._root / f"{snapshot.name}{_NEW}"
        self._root.mkdir(mode=0o700, exist_ok=True)
        try:
            fresh.mkdir(mode=0o700)
            link_files(snapshot.files.folder, snapshot.files.meta, fresh)
            (fresh / _NOTE).write_text(note.model_dump_json())
            self._touch(fresh)
            fresh.rename(self._root / snapshot.name)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        if sum(1 for _ in self._root.iterdir()) > self._most:
            self.sweep()

    def use(self, name: str) -> bool:
        """Whether it is there; it is no longer idle then."""
        try:
            found = self._there(name) if _NAME.fullmatch(name) else None
            if found is None:
                return False
            if found.due(self._now()):
                self.remove(name)
                return False
            self._touch(self._root / name)
        except FileNotFoundError:
            return False
        return True

    def open(self, name: str) -> Snapshot:
        """A snapshot that is there, read as the engine reads an index.

        Raises:
            SnapshotGone: it was let go meanwhile, or a power cut has left it incomplete.
        """
        try:
            found = self._there(name)
            index = tantivy.Index.open(str(self._root / name))
            index.config_reader("manual")
            index.reload()
            searcher = index.searcher()
        except (FileNotFoundError, ValueError):
            raise SnapshotGone(name) from None
        if found is None:
            raise SnapshotGone(name)
        return Snapshot(searcher, name=name, taken=found.note.taken)

    def folder(self, name: str) -> Path | None:
        """Where one is that is there."""
        found = self._there(name) if _NAME.fullmatch(name) else None
        return None if found is None or found.due(self._now()) else self._root / name

    def held(self) -> Held:
        """How many there are, and the bytes of files that have no name but in snapshots."""
        count, named, told = 0, Counter[int](), dict[int, os.stat_result]()
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if self._there(folder.name):
                count += 1
                with suppress(FileNotFoundError):  # let go meanwhile
                    for file in folder.iterdir():
                        found = file.stat()
                        named[found.st_ino] += 1
                        told[found.st_ino] = found
        own = (found.st_size for found in told.values() if found.st_nlink == named[found.st_ino])
        return Held(snapshots=count, own_bytes=sum(own))

    def remove(self, name: str) -> None:
        """Takes one away, its note first: without it the rest is nobody's."""
        if _NAME.fullmatch(name):
            with suppress(FileNotFoundError, NotADirectoryError):
                (self._root / name / _NOTE).unlink()
            shutil.rmtree(self._root / name, ignore_errors=True)
            self._notes.pop(name, None)

    def sweep(self) -> frozenset[str]:
        """Lets go what is due, what is too much and what was left unfinished; the names of what stays."""
        now, there = self._now(), self._all()
        living = [each for each in there if not each.due(now)]
        of_cursors = sorted((each for each in living if not each.note.kept), key=lambda each: each.touched)
        out = {each.name for each in of_cursors[: max(0, len(of_cursors) - self._most)]}
        stay = frozenset(each.name for each in living) - out
        for each in there:
            if each.name not in stay:
                self.remove(each.name)
        self._notes = {name: note for name, note in self._notes.items() if name in stay}
        return stay

    def _all(self) -> list[_There]:
        found = []
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder.name.endswith(_NEW):
                self._remove_unfinished(folder)
            elif each := self._there(folder.name):
                found.append(each)
            else:
                self.remove(folder.name)
        return found

    def _there(self, name: str) -> _There | None:
        """None where it has no note that can be read, or one of another format of documents."""
        path = self._root / name / _NOTE
        try:
            told = path.stat()
            note = self._notes.get(name) or _Note.model_validate_json(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError, ValidationError):
            return None
        if note.format != FORMAT:
            return None
        self._notes[name] = note
        return _There(name, note, told.st_mtime_ns, told.st_ctime_ns)

    def _touch(self, folder: Path) -> None:
        now = self._now()
        os.utime(folder / _NOTE, ns=(now, now))

    def _now(self) -> int:
        return int(self._clock() * 1e9)

    @staticmethod
    def _remove_unfinished(folder: Path) -> None:
        try:
            old = folder.stat().st_mtime < time.time() - _UNFINISHED_SECONDS
        except FileNotFoundError:
            return
        if old:
            shutil.rmtree(folder, ignore_errors=True)
