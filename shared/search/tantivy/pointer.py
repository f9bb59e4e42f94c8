"""Which folder is the live index: one small file, replaced in one step.

index/meta.json ...          the first generation, `plain`: where an index lay before there were generations
index/generations.json       the pointer; without it `plain` is live
index/generations/000001/    later ones
index/snapshots/             what cursors and exports read from, see snapshot_folders.py
"""

import os
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from shared.models.frozen import Carried, Moment

PLAIN: Final = "plain"
MARK: Final = "identity"
"""What tells this index from every other one; see `shared.clients.index_home`."""
SNAPSHOTS: Final = "snapshots"
_FILE: Final = "generations.json"
_FOLDER: Final = "generations"


class Noted(Carried):
    """What is noted of one generation."""

    name: str
    made_at: Moment | None = None
    format: str | None = None
    replaced_at: Moment | None = None


class Pointer(Carried):
    """The generations of one index folder."""

    last: int = 0
    """The highest number given to one."""
    live: Noted = Noted(name=PLAIN)
    building: Noted | None = None
    kept: Noted | None = None
    aside: tuple[Noted, ...] = ()

    def names(self) -> set[str]:
        """Every generation that there is."""
        there = (self.live, self.building, self.kept, *self.aside)
        return {noted.name for noted in there if noted is not None}


def read_pointer(root: Path) -> Pointer:
    """The pointer of an index folder.

    Raises:
        ValueError: it cannot be read, or it is gone and generations lie there without it.
    """
    try:
        return Pointer.model_validate_json((root / _FILE).read_bytes())
    except ValidationError as error:
        raise ValueError(f"{root / _FILE} cannot be read; {_way_out(root)}") from error
    except (FileNotFoundError, NotADirectoryError):
        if (root / _FOLDER).is_dir():
            raise ValueError(f"{root / _FILE} is gone, and it says which index is live; {_way_out(root)}") from None
        return Pointer()


def write_pointer(root: Path, pointer: Pointer) -> None:
    """Replaces the pointer in one step; it is on disk when this returns."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = root / f"{_FILE}.new"
    with fresh.open("wb") as file:
        file.write(pointer.model_dump_json(indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(root / _FILE)
    sync_folder(root)


def sync_folder(folder: Path) -> None:
    """Puts a folder's names on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def folder_of(root: Path, name: str) -> Path:
    """Where a generation lies."""
    return root if name == PLAIN else root / _FOLDER / name


def name_of(root: Path, folder: Path) -> str:
    """The generation that lies in a folder."""
    return PLAIN if folder == root else folder.name


def later_folders(root: Path) -> list[Path]:
    """Every folder of a later generation, also those that the pointer does not name."""
    return sorted((root / _FOLDER).iterdir()) if (root / _FOLDER).is_dir() else []


def plain_files(root: Path) -> list[Path]:
    """The files of the first generation; what is the whole index's is none of them."""
    return [path for path in root.iterdir() if path.name not in {_FILE, f"{_FILE}.new", _FOLDER, MARK, SNAPSHOTS}]


class LiveFolder:
    """Where the live index lies now; reads the pointer again when it has been replaced.

    Args:
        root: the index folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: tuple[int, int] | None = None
        self._folder = root

    def now(self) -> Path:
        """The folder of the live generation.

        Raises:
            ValueError: the pointer cannot be read.
        """
        try:
            found = (self._root / _FILE).stat()
            seen = found.st_ino, found.st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            seen = None
        if seen is None or seen != self._seen:
            self._folder = folder_of(self._root, read_pointer(self._root).live.name)
            self._seen = seen
        return self._folder


def _way_out(root: Path) -> str:
    return f"put it back from a backup, or move {root} away and fill a new one by `pagemill index rebuild --from-raw`"
