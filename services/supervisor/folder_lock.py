"""Who owns a data folder, or a file: one process at a time, by a lock that the kernel lets go when its owner dies."""

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

_TRIES: Final = 5
_PAUSE_SECONDS: Final = 0.05


class Taken(Exception):
    """Another live process owns it; `owner` is what it has told of itself."""

    def __init__(self, owner: dict[str, Any]) -> None:
        super().__init__(f"owned by process {owner.get('pid', 'unknown')}")
        self.owner = owner


class Lock:
    """A lock file, held while the block runs; it is gone afterwards.

    Raises:
        Taken: on entering, where another process holds it.
        OSError: on entering, where it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Self:
        for _ in range(_TRIES):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if _locks(self._file) and _still_there(self._file, self._path):
                self.tell()
                return self
            os.close(self._file)
            time.sleep(_PAUSE_SECONDS)  # a look by `owner` holds it for an instant
        raise Taken(_told(self._path))

    def tell(self, **facts: object) -> None:
        """Writes into the file who owns the folder: the pid, and what else helps to find it."""
        text = json.dumps({"pid": os.getpid(), **facts}).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text, 0)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._file)


class FolderLock(Lock):
    """The lock file `pagemill.lock` in a data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(lock_file(data))


def lock_file(data: Path) -> Path:
    """Where the lock of a data folder is."""
    return data / "pagemill.lock"


def owner(data: Path) -> dict[str, Any] | None:
    """What the live owner of a folder has told of itself; None where nobody owns it."""
    try:
        file = os.open(lock_file(data), os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _locks(file) else _told(lock_file(data))
    finally:
        os.close(file)


def _locks(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_there(file: int, path: Path) -> bool:
    """Whether the locked file is the one that others will open: an owner that left took its own away."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _told(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
