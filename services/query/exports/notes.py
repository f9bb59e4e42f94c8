"""What is known of an export that is being worked out: in memory, and in a file beside its snapshot if it can be."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import structlog
from pydantic import ValidationError

from services.query.exports.pages import expired
from shared.models.frozen import Carried, PageId
from shared.models.search import SearchWarning

_NAME: Final = "export.jsonl"

log = structlog.get_logger(__name__)


class Mark(Carried):
    """A page that has been written: where it begins, of what it is made, the next one's place and size, all bytes."""

    begin: str | None
    size: int
    documents: int
    left_out: frozenset[PageId]
    after: str | None
    next_size: int
    end: int


class _Line(Carried):
    """One line of the file has one of them."""

    warnings: tuple[SearchWarning, ...] | None = None
    mark: Mark | None = None
    sha256: str | None = None


class Notes:
    """The pages of an export in order, and what else is told of it. A page is noted before a byte of it is handed out.

    Args:
        folder: that goes with the snapshot; None: all is in memory and ends with the process.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.marks: list[Mark] = []
        self.sha256: str | None = None
        """Of all bytes, once they are all worked out."""
        self.warnings: tuple[SearchWarning, ...] | None = None
        """What was told at the beginning; None where no process has noted it."""
        self._path = folder / _NAME if folder else None
        self._read = 0
        self._file: BinaryIO | None = None

    @property
    def whole(self) -> bool:
        """Whether the last page has been written."""
        return bool(self.marks) and self.marks[-1].after is None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While it lasts no other process adds anything, and what others have added is known.

        Raises:
            Refused: `export-expired`, the snapshot is gone with all that belongs to it.
        """
        if self._path is None:
            yield
            return
        try:
            opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except (FileNotFoundError, NotADirectoryError):
            raise expired() from None
        with os.fdopen(opened, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._file = file
            try:
                self._catch_up(file)
                yield
            finally:
                self._file = None

    def begun(self, warnings: tuple[SearchWarning, ...]) -> None:
        """Notes what was told at the beginning; in a turn."""
        self._add(_Line(warnings=warnings))

    def page(self, mark: Mark) -> None:
        """Notes a page; in a turn."""
        self._add(_Line(mark=mark))

    def summed(self, sha256: str) -> None:
        """Notes the checksum; in a turn."""
        self._add(_Line(sha256=sha256))

    def _add(self, line: _Line) -> None:
        self._take(line)
        if self._file is None or self._path is None:
            return
        data = line.model_dump_json().encode() + b"\n"
        try:
            while data:
                sent = self._file.write(data)
                self._read += sent
                data = data[sent:]
        except OSError as error:
            log.warning("an export is noted no more, and ends with this process", error=str(error))
            self._path = None

    def _catch_up(self, file: BinaryIO) -> None:
        """Reads on; the rest of a line that a killed process began is cut off."""
        file.seek(self._read)
        data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        for line in whole.splitlines():
            try:
                self._take(_Line.model_validate_json(line))
            except ValidationError:
                raise expired() from None
        self._read += len(whole)
        if len(whole) < len(data):
            file.truncate(self._read)
        file.seek(self._read)

    def _take(self, line: _Line) -> None:
        if line.mark:
            self.marks.append(line.mark)
        self.sha256 = line.sha256 or self.sha256
        self.warnings = self.warnings if line.warnings is None else line.warnings
