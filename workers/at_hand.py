"""What a worker process has in its hands, noted where its parent can read it after the process was killed.

A lease alone cannot say which page of a batch killed its worker. Each pool process keeps a small file: the batch as
JSON, and in the first bytes the position of the page that is being worked on. The parent reads the files of dead
processes, strikes that one page, and puts the others back in line at once and unharmed.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil
import structlog
from pydantic import TypeAdapter

from shared.embedded.valkey import private_folder
from shared.errors import DependencyUnavailable
from shared.ledger.carried import Leased
from shared.redis_urls import redis_url
from shared.settings import Settings

_DIGITS = 8
_NOBODY = -1
_LAST = ".last"
_LAST_BYTES = 20_000
log = structlog.get_logger("workers")


class Left(NamedTuple):
    """What a dead process held: the page that it died over, if any, the others, and what it wrote as it died."""

    guilty: list[Leased]
    others: list[Leased]
    last_words: str

    @property
    def written_together(self) -> bool:
        """Whether the others are pages of one batch for the index, any of which may have ended the process."""
        return not self.guilty and bool(self.others) and self.others[0].room == "index"


_NOTES = TypeAdapter(list[Leased])


class AtHand:
    """One pool process's note. A page is worked on without it where the disk takes none: its lease runs out then.

    Args:
        folder: shared with the parent; the file is named by the process. Made again where it was cleaned away.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{os.getpid()}-{_started(psutil.Process())}"
        self._file: int | None = None
        self.last_words = os.open(os.devnull, os.O_WRONLY)
        """Where the process may write what it has to say as it dies."""
        self._kept = True
        with self._unless_refused():
            self._listen()

    def hold(self, leases: Sequence[Leased]) -> None:
        """A batch was leased; none of it is being worked on yet."""
        bare = [lease.model_copy(update={"frame": b""}) for lease in leases]
        with self._unless_refused():
            self.drop()
            if not self._path.with_suffix(_LAST).exists():
                self._listen()
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(_place(_NOBODY) + _NOTES.dump_json(bare))
            fresh.rename(self._path)
            self._file = os.open(self._path, os.O_WRONLY)

    def begin(self, position: int) -> None:
        """The page at this position of the batch is being worked on now."""
        if self._file is not None:
            os.pwrite(self._file, _place(position), 0)

    def rest(self) -> None:
        """None of the batch is being worked on; it is still held."""
        self.begin(_NOBODY)

    def drop(self) -> None:
        """Nothing is held any more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            with suppress(OSError):  # it went with its folder
                self._path.unlink()

    def _listen(self) -> None:
        """Gives `last_words` a file to go to; the descriptor, which others have, stays the same."""
        private_folder(self._path.parent)
        file = os.open(self._path.with_suffix(_LAST), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, self.last_words, inheritable=False)
        os.close(file)

    @contextmanager
    def _unless_refused(self) -> Iterator[None]:
        """Says once that no note can be kept, and goes on."""
        try:
            yield
            self._kept = True
        except (OSError, DependencyUnavailable) as error:
            if self._kept:
                log.warning("notes are not kept", folder=str(self._path.parent), error=str(error))
            self._kept = False


def notes_folder(settings: Settings) -> Path:
    """Where this machine's workers on one ledger keep their notes: the same for a worker and for its successor."""
    named = f"{redis_url(settings)} {settings.redis_prefix}"
    digest = hashlib.sha256(named.encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"pagemill-{os.getuid()}-at-hand-{digest}"
    private_folder(folder)
    return folder


def position_of(note: bytes) -> int | None:
    """Which page of its batch a process has in hand; None where it has none.

    Raises:
        ValueError: this is no note.
    """
    position = int(note[:_DIGITS])
    return None if position == _NOBODY else position


def _place(position: int) -> bytes:
    return str(position).rjust(_DIGITS).encode()


def left_behind(folder: Path) -> Iterator[Left]:
    """What each dead process held; its note is taken away."""
    for path in folder.glob("*-*"):
        if path.suffix or _alive(path.name):
            continue
        last_words = _read(path.with_suffix(_LAST))
        mine = path.with_suffix(f".{os.getpid()}")
        try:
            path.rename(mine)  # another worker of this machine may have found it, too
        except FileNotFoundError:
            continue
        text = mine.read_bytes()
        mine.unlink()
        position, leases = position_of(text), _NOTES.validate_json(text[_DIGITS:])
        guilty = leases[position : position + 1] if position is not None else []
        yield Left(guilty, [lease for lease in leases if lease not in guilty], last_words)
    _clear_last_words(folder)


def clear_away(folder: Path) -> None:
    """Takes the folder away when a worker ends, unless another has something in it or a note is to be read."""
    _clear_last_words(folder)
    with suppress(OSError):
        folder.rmdir()


def _clear_last_words(folder: Path) -> None:
    for path in folder.glob(f"*-*{_LAST}"):
        if not _alive(path.stem) and not path.with_suffix("").exists():
            path.unlink(missing_ok=True)


def _read(path: Path) -> str:
    try:
        return path.read_bytes()[:_LAST_BYTES].decode(errors="replace")
    except FileNotFoundError:
        return ""


def _started(process: psutil.Process) -> int:
    """Hundredths of a second since 1970; with it a process id that is used again is somebody else."""
    seconds: float = process.create_time()
    return round(seconds * 100)


def _alive(name: str) -> bool:
    pid, started = map(int, name.split("-"))
    try:
        process = psutil.Process(pid)
        return _started(process) == started and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
