"""What `pagemill post` was given: files, folders and standard input, in a fixed order."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from services.cli.failure import WRONG_USE, CommandFailed

Kind = Literal["page", "lines", "records"]

PAGES: Final = {
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
}
_LINES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_RECORDS: Final = (".warc", ".wet", ".warc.gz", ".wet.gz")
READABLE: Final = ", ".join([*PAGES, *_LINES, *_RECORDS])


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or standard input, where `path` is None.

    `mtime_ns` and `size` tell whether it is still the file that it was; `trouble` is why an entry of a folder cannot
    even be looked at.
    """

    path: Path | None
    kind: Kind
    size: int = 0
    mtime_ns: int = 0
    trouble: str | None = None

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return "-" if self.path is None else str(self.path)

    @property
    def identity(self) -> str:
        """Changes when the file does."""
        absolute = "-" if self.path is None else str(self.path.absolute())
        return f"{absolute}\0{self.size}\0{self.mtime_ns}\n"


def find(paths: Iterable[str]) -> list[Input]:
    """The inputs that the arguments name, folders walked in order of name, hidden entries left out.

    An entry of a folder that cannot be looked at is an input with a trouble, and costs no other.

    Raises:
        CommandFailed: wrong use: a path is not there, cannot be told what it is, or a folder holds nothing to post.
    """
    return [each for path in paths for each in _of_argument(path)]


def kind_of(path: Path) -> Kind | None:
    """What a file holds, by its name; None where the name does not say."""
    name = path.name.lower()
    if name.endswith(_LINES):
        return "lines"
    if name.endswith(_RECORDS):
        return "records"
    return "page" if path.suffix.lower() in PAGES else None


def _of_argument(argument: str) -> list[Input]:
    if argument == "-":
        return [Input(None, "lines")]
    if not argument:  # a path that says nothing is the folder one stands in
        raise CommandFailed("an argument is empty", "name files, folders, or - for standard input", code=WRONG_USE)
    try:
        return _of_path(argument, Path(argument))
    except OSError as error:
        raise CommandFailed(f"{error.filename or argument} cannot be read: {error.strerror}") from error


def _of_path(argument: str, path: Path) -> list[Input]:
    if path.is_dir():
        return _of_folder(path)
    if not path.exists():
        raise CommandFailed(f"there is no {argument}", "name files, folders, or - for standard input", code=WRONG_USE)
    kind = kind_of(path)
    if kind is None:
        raise CommandFailed(f"{argument} is none of the kinds that are read", f"they are {READABLE}", code=WRONG_USE)
    if not path.is_file():
        raise CommandFailed(
            f"{argument} is a pipe or a device, and no file",
            "hand its lines to standard input, named -",
            code=WRONG_USE,
        )
    return [_of_file(path, kind)]


def _of_folder(folder: Path) -> list[Input]:
    found = list(_walk(folder, _listed(folder)))
    if not found:
        raise CommandFailed(f"{folder} holds nothing to post", f"what is read: {READABLE}", code=WRONG_USE)
    return found


def _walk(folder: Path, listed: list[os.DirEntry[str]]) -> Iterator[Input]:
    for entry in listed:
        path = folder / entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(path, _listed(path))
            elif (entry.is_file() or _leads_nowhere(entry)) and (kind := kind_of(path)):
                yield _of_file(path, kind)
        except OSError as error:
            yield Input(path, "page", trouble=error.strerror)


def _leads_nowhere(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not Path(entry.path).exists()


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda each: each.name)


def _of_file(path: Path, kind: Kind) -> Input:
    told = path.stat()
    return Input(path, kind, told.st_size, told.st_mtime_ns)
