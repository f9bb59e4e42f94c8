"""Generations of the embedded index: folders beside each other, and one file that says which one is live."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.format import FORMAT
from shared.search.generations import Generation, GenerationReader, Role
from shared.search.tantivy.guard import engine
from shared.search.tantivy.pointer import (
    PLAIN,
    Noted,
    Pointer,
    folder_of,
    later_folders,
    plain_files,
    read_pointer,
    sync_folder,
    write_pointer,
)
from shared.search.tantivy.reader import TantivyIndex
from shared.search.tantivy.scanning import Scan
from shared.search.tantivy.schema import open_index
from shared.search.tantivy.writer import HEAP_BYTES, TantivyWriter

_IDLE_SECONDS: Final = 300.0
_SNAPSHOTS: Final = 8


class OneGeneration(TantivyIndex):
    """The embedded `GenerationReader`.

    Args:
        folder: of this one generation.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, cursor_idle_seconds=_IDLE_SECONDS, snapshots_max=_SNAPSHOTS, one_generation=True)
        self._scan = Scan(folder)

    def documents(self, after: PageId | None, most: int) -> Sequence[Document]:
        """The next documents in the order of ids, as they are now, at most so many; none at the end."""
        return self._scan.documents(after, most)

    def versions(self, after: PageId | None, most: int) -> Sequence[tuple[PageId, int]]:
        """The same as ids with their external versions."""
        return self._scan.versions(after, most)

    def held(self, ids: Sequence[PageId]) -> Mapping[PageId, int]:
        """The external versions of those of these pages that are there."""
        return self._scan.held(ids)

    def close(self) -> None:
        """Lets everything go; a later call opens it again."""
        self._scan.close()
        super().close()


class TantivyGenerations:
    """The embedded `IndexGenerations`. One process writes, as it is with the index itself; any number may read.

    Args:
        root: the index folder.
        heap_bytes: for each writer, see `TantivyWriter`.
        now: the time, for what is noted.
    """

    def __init__(
        self, root: Path, heap_bytes: int = HEAP_BYTES, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._root = root
        self._heap_bytes = heap_bytes
        self._now = now
        self._writers: dict[str, TantivyWriter] = {}
        self._readers: dict[str, OneGeneration] = {}

    def status(self) -> tuple[Generation, ...]:
        """All there are, the live one first."""
        pointer = self._pointer()
        there: list[tuple[Role, Noted | None]] = [
            ("live", pointer.live),
            ("building", pointer.building),
            ("kept", pointer.kept),
            *(("aside", noted) for noted in pointer.aside),
        ]
        return tuple(self._told(role, noted) for role, noted in there if noted is not None)

    def written(self) -> tuple[str, ...]:
        """Live first, then building and kept. The file is read each time: another process may have replaced it."""
        pointer = self._pointer()
        return tuple(noted.name for noted in (pointer.live, pointer.building, pointer.kept) if noted is not None)

    def begin(self) -> str:
        """A new and empty generation to be filled, and its name; one that was being built before is retired.

        The pointer names it before its folder is made: a folder without a name in the pointer is taken away.
        """
        pointer = self._pointer()
        if pointer.building:
            self.retire(pointer.building.name)
        pointer = self._pointer()
        noted = Noted(name=f"{pointer.last + 1:06d}", made_at=self._now(), format=FORMAT)
        self._write(pointer.model_copy(update={"last": pointer.last + 1, "building": noted}))
        with engine():
            self._sweep()
            folder = folder_of(self._root, noted.name)
            folder.mkdir(mode=0o700, parents=True)
            open_index(folder)
            for changed in (folder, folder.parent, self._root):
                sync_folder(changed)
        return noted.name

    def writer(self, name: str) -> TantivyWriter:
        """The writing side of one generation: one object for all, for the engine's lock lets a second one not in."""
        if name not in self._writers:
            self._writers[name] = TantivyWriter(folder_of(self._root, name), self._heap_bytes)
        return self._writers[name]

    def reader(self, name: str) -> GenerationReader:
        """The reading side of one generation."""
        if name not in self._readers:
            self._readers[name] = OneGeneration(folder_of(self._root, name))
        return self._readers[name]

    def filled(self, name: str) -> None:
        """Nothing was put off: each batch is committed, and a commit is all that searches need."""

    def go_live(self, name: str) -> None:
        """Searches read this one from now on: one file is replaced.

        Raises:
            ValueError: there is no such generation, or it has been set aside.
        """
        pointer = self._pointer()
        if pointer.live.name == name:
            return
        ahead = next((noted for noted in (pointer.building, pointer.kept) if noted and noted.name == name), None)
        if ahead is None:
            raise ValueError(f"no generation {name} could go live")
        if not self._there(name):
            raise ValueError(f"the files of generation {name} are gone")
        behind = pointer.live.model_copy(update={"replaced_at": self._now()})
        usable = self._trouble(behind.name) is None
        aside = () if usable or not self._there(behind.name) else (behind,)
        out = pointer.kept if pointer.kept and pointer.kept.name != name else None
        self._write(
            Pointer(
                last=pointer.last,
                live=ahead.model_copy(update={"replaced_at": None}),
                building=pointer.building if pointer.building and pointer.building.name != name else None,
                kept=behind if usable else None,
                aside=(*pointer.aside, *aside),
            )
        )
        if out:
            self._take_away(out.name)

    def retire(self, name: str) -> None:
        """Takes a generation that is not live from the disk. Searchers that hold it keep its files open.

        Raises:
            ValueError: it is live.
        """
        pointer = self._pointer()
        if pointer.live.name == name:
            raise ValueError(f"generation {name} is live")
        if name in pointer.names():
            left = {
                role: noted if noted and noted.name != name else None
                for role, noted in (("building", pointer.building), ("kept", pointer.kept))
            }
            aside = tuple(noted for noted in pointer.aside if noted.name != name)
            self._write(pointer.model_copy(update={**left, "aside": aside}))
            self._take_away(name)

    def close(self) -> None:
        """Lets everything go; a later call opens it again."""
        for writer in self._writers.values():
            writer.close()
        for reader in self._readers.values():
            reader.close()
        self._writers.clear()
        self._readers.clear()

    def _pointer(self) -> Pointer:
        with engine():
            return read_pointer(self._root)

    def _write(self, pointer: Pointer) -> None:
        with engine():
            write_pointer(self._root, pointer)

    def _told(self, role: Role, noted: Noted) -> Generation:
        documents = None
        with suppress(DependencyUnavailable):
            documents = Scan(folder_of(self._root, noted.name)).count()
        empty = role == "live" and not self._there(noted.name)  # nothing has been indexed yet
        trouble = None if empty else self._trouble(noted.name)
        return Generation(**noted.model_dump(), role=role, documents=documents, trouble=trouble)

    def _trouble(self, name: str) -> str | None:
        """Why this code can neither search nor write it."""
        if not self._there(name):
            return "nothing is there"
        try:
            with engine():
                open_index(folder_of(self._root, name)).searcher()
        except DependencyUnavailable as error:
            return error.detail
        return None

    def _there(self, name: str) -> bool:
        return (folder_of(self._root, name) / "meta.json").exists()

    def _take_away(self, name: str) -> None:
        if writer := self._writers.pop(name, None):
            writer.close()
        if reader := self._readers.pop(name, None):
            reader.close()
        with engine():
            if name == PLAIN:
                _remove(plain_files(self._root))
            else:
                _remove([folder_of(self._root, name)])

    def _sweep(self) -> None:
        """Takes away what a process that was killed had begun, or had not finished taking away."""
        names = read_pointer(self._root).names()
        _remove([folder for folder in later_folders(self._root) if folder.name not in names])
        if PLAIN not in names:
            _remove(plain_files(self._root))


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
