"""Copies of the source: with traps for pages, with what a newer version may add, and with mistakes put in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

_ROOT: Final = Path(__file__).parents[2]
_PACKAGES: Final = ("services", "workers", "shared")


class Change(NamedTuple):
    """One place in the source, and what is put there instead."""

    file: str
    old: str
    new: str


_TRAPS: Final = Change(
    "workers/app.py",
    "        return make_app()\n",
    "        from workers.traps import trapped\n\n        return make_app(trapped)\n",
)
_INDEX_TRAPS: Final = Change(
    "workers/index/room.py",
    "    writing = time.perf_counter()\n",
    "    from workers.traps import spring\n\n    spring(documents)\n    writing = time.perf_counter()\n",
)


@contextmanager
def tree(*changes: Change, files: dict[str, str] | None = None) -> Iterator[Path]:
    """A copy of the source with traps in it.

    Args:
        changes: made in it; each has to fit exactly once.
        files: added, by their path.
    """
    folder = Path(tempfile.mkdtemp(prefix="pm-tree-"))
    try:
        for package in _PACKAGES:
            shutil.copytree(_ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(Path(__file__).with_name("traps.py"), folder / "workers" / "traps.py")
        for change in (_TRAPS, _INDEX_TRAPS, *changes):
            _make(folder, change)
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
        yield folder
    finally:
        shutil.rmtree(folder)


def _make(folder: Path, change: Change) -> None:
    path = folder / change.file
    text = path.read_text()
    assert text.count(change.old) == 1, f"{change.file} has changed: {change.old!r} is there {text.count(change.old)} x"
    path.write_text(text.replace(change.old, change.new))
