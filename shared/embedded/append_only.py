"""The embedded server's append-only files, read as it reads them at its start: why it does not start."""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

_FOLDER: Final = "appendonlydir"
_MANIFEST: Final = "appendonly.aof.manifest"
_LISTED: Final = re.compile(r"file (\S+) seq \d+ type ([bhi])(?: .*)?")
_SNAPSHOT: Final = (b"VALKEY", b"REDIS")
_SNAPSHOT_END: Final = 9
"""Bytes: what says that a snapshot ends, and its checksum."""
_LINE: Final = 128
"""Bytes that the server reads of a line."""
MOST_COMMANDS: Final = 2_000_000
"""That one look goes through; a few seconds."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What keeps the server from reading its files.

    Args:
        path: the file.
        why: what is wrong with it, as the end of a sentence.
        whole: bytes at its beginning that can be read, where the rest of the last file is what is wrong; else None.
    """

    path: Path
    why: str
    whole: int | None = None


def first_broken(ledger: Path, most: int = MOST_COMMANDS) -> Broken | None:
    """What the server would stop at; None where it would start, as far as the look goes.

    A last file that is cut within a command is well: the server drops that command.

    Args:
        ledger: the folder of the ledger in a data folder; it need not be there.
        most: commands to look at, in all files.
    """
    folder = ledger / _FOLDER
    manifest = folder / _MANIFEST
    if not manifest.exists():
        left = any(folder.glob("appendonly.aof.*"))
        return Broken(manifest, "is missing, and the server would begin with an empty ledger") if left else None
    listed = list(_listed(manifest.read_text("utf-8", "replace")))
    if not all(listed):
        return Broken(manifest, "is no list of files")
    return _first(folder, [each for each in listed if each and each[1] != "h"], most)


def _listed(text: str) -> Iterator[tuple[str, str] | None]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            found = _LISTED.fullmatch(line)
            yield (found[1], found[2]) if found else None


def _first(folder: Path, listed: list[tuple[str, str]], most: int) -> Broken | None:
    for number, (name, kind) in enumerate(listed, 1):
        path = folder / name
        if not path.is_file():
            return Broken(path, "is missing")
        if kind == "b" and name.endswith(".rdb"):
            if not _is_snapshot(path):
                return Broken(path, "is no whole snapshot")
            continue
        ended, whole, most = _read_through(path, most)
        last = number == len(listed)
        if ended == "broken" or (ended == "cut" and not last):
            return Broken(path, f"cannot be read from byte {whole} on", whole if last else None)
    return None


def _is_snapshot(path: Path) -> bool:
    """By its beginning and its end; what lies between has a checksum that the server looks at."""
    with path.open("rb") as file:
        begins = file.read(len(_SNAPSHOT[0])).startswith(_SNAPSHOT)
        size = file.seek(0, 2)
        file.seek(max(0, size - _SNAPSHOT_END))
        return begins and file.read(1) == b"\xff"


def _read_through(path: Path, most: int) -> tuple[Literal["whole", "cut", "broken", "unread"], int, int]:
    """How the file ends, the bytes of whole commands at its beginning, and how many more may be looked at."""
    if not path.stat().st_size:
        return "whole", 0, most
    at = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            while at < len(data):
                if not most:
                    return "unread", at, 0
                at, most = _behind_command(data, at), most - 1
        except EOFError:
            return "cut", at, most
        except ValueError:
            return "broken", at, most
    return "whole", at, most


def _behind_command(data: mmap.mmap, at: int) -> int:
    """Where the command that begins here ends, or a note of the server's.

    Raises:
        EOFError: the file ends before.
        ValueError: none begins here.
    """
    if data[at : at + 1] == b"#":
        return _number(data, at, b"#")[1]
    count, at = _number(data, at, b"*")
    if count < 1:
        raise ValueError("a command without words")
    for _ in range(count):
        length, at = _number(data, at, b"$")
        if length < 0:
            raise ValueError("a word without length")
        at += length + 2
        if at > len(data):
            raise EOFError
    return at


def _number(data: mmap.mmap, at: int, sign: bytes) -> tuple[int, int]:
    end = data.find(b"\n", at, at + _LINE) + 1
    line = data[at : end or at + _LINE]
    if not line:
        raise EOFError
    if line[:1] != sign:
        raise ValueError(f"{sign!r} is missing")
    if not end:
        raise EOFError if at + len(line) == len(data) else ValueError("a line without end")
    return (0 if sign == b"#" else int(line[1:])), end
