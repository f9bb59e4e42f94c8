"""What programs print: one file each, put aside when it has grown, shown on the terminal when asked for."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_KEPT: Final = 3
_TAIL_BYTES: Final = 8192
_CONTROL: Final = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if code != 9}
"""Logs hold text from pages, and a terminal obeys control characters."""


def open_log(path: Path) -> BinaryIO:
    """The file, to be appended to by a child; only its owner may read it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)


def put_aside_if_large(path: Path, max_bytes: int) -> bool:
    """Copies a log that has grown to `NAME.1` and empties it; the older copies move on, three are kept.

    Emptied and not renamed, because a child goes on writing to the file that it has open. Lines written between the
    copy and the emptying are lost.

    Returns:
        Whether it was put aside.
    """
    try:
        if path.stat().st_size <= max_bytes:
            return False
        _make_room(path)
        shutil.copy2(path, path.with_name(f"{path.name}.1"))
    except FileNotFoundError:
        return False
    except OSError:
        pass  # the disk is full: the newest lines go, so that the next ones can be written
    os.truncate(path, 0)
    return True


def _make_room(path: Path) -> None:
    for number in range(_KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.rename(path.with_name(f"{path.name}.{number + 1}"))


def last_line(path: Path) -> str:
    """The last line that says something, safe for a terminal; empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        lines = [line for line in file.read().splitlines() if line.strip()]
    return for_terminal(lines[-1]) if lines else ""


def for_terminal(line: bytes) -> str:
    """A line of a log without what a terminal would obey."""
    return line.decode(errors="replace").translate(_CONTROL)


class Tail:
    """What has been written to a log since it was last asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.stat().st_size if path.exists() else 0
        self._half = b""

    def lines(self) -> Iterator[str]:
        """Whole lines, safe for a terminal."""
        if not self._path.exists():
            return
        if self._path.stat().st_size < self._at:  # put aside meanwhile
            self._at, self._half = 0, b""
        with self._path.open("rb") as file:
            file.seek(self._at)
            fresh = file.read()
        self._at += len(fresh)
        *whole, self._half = (self._half + fresh).split(b"\n")
        yield from map(for_terminal, whole)
