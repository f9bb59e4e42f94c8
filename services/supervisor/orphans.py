"""Which processes belong to a data folder: what a killed predecessor left is found and ended by this.

Three signs, each enough. The environment names the folder: children's children inherit it, and no other program has
it. A record names the process and when it began, so a pid that was given to somebody else is not mistaken for it. And
Valkey's working folder is the ledger's: it writes its title over its environment, so without a record nothing else
tells whose it is, and two of them would ruin the files that they share.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from shared.embedded.valkey import EmbeddedValkey

_SERVER: Final = "valkey-server"

INSTANCE: Final = "PAGEMILL_INSTANCE"
"""The variable that marks a process as one of a data folder's; its value is `mark` of that folder."""

_ROUNDS: Final = 3
_PAUSE_SECONDS: Final = 0.02
_SAME_MOMENT: Final = 0.05
"""Seconds by which two readings of when a process began may differ."""


def mark(data: Path) -> str:
    """What names a data folder, and neither a copy of it nor the same path in another container.

    Args:
        data: absolute.
    """
    try:
        found = data.stat()
    except FileNotFoundError:
        return str(data)
    return f"{found.st_dev:x}:{found.st_ino:x}:{data}"


def record(data: Path, name: str, pid: int) -> None:
    """Writes down that a process of this folder has started; on a full disk the other signs have to do."""
    path = _record(data, name)
    fresh = path.with_suffix(".new")
    with suppress(OSError, psutil.Error):
        fresh.write_text(json.dumps({"pid": pid, "began": psutil.Process(pid).create_time(), "data": mark(data)}))
        fresh.rename(path)


def forget(data: Path, name: str) -> None:
    """The process that was recorded under this name has ended."""
    _record(data, name).unlink(missing_ok=True)


def left_over(data: Path) -> list[psutil.Process]:
    """Every live process of this folder but this one and those it descends from."""
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = {process.pid: process for process in (*_marked(data), *_recorded(data), *_keeping(data))}
    return [process for pid, process in sorted(found.items()) if pid not in spared and _alive(process)]


def end_left_over(data: Path, *, grace: float = 3.0) -> list[str]:
    """Ends every process of this folder, and those that they start meanwhile.

    Args:
        data: the data folder, absolute.
        grace: seconds between asking a process to end and ending it.

    Returns:
        What was ended, as `pid name`.
    """
    ended: list[str] = []
    for _ in range(_ROUNDS):
        found = left_over(data)
        if not found:
            break
        ended += map(_named, found)
        for process in found:
            _signal(process, "terminate")
        for process in _wait(found, grace):
            _signal(process, "kill")
        _wait(found, grace)
    return ended


def _wait(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that live still after so many seconds."""
    until = time.monotonic() + seconds
    living = [process for process in processes if _alive(process)]
    while living and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
        living = [process for process in living if _alive(process)]
    return living


def _named(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {process.name()}"
    except psutil.Error:
        return str(process.pid)


def _record(data: Path, name: str) -> Path:
    return data / "run" / f"{name}.pid"


def _marked(data: Path) -> Iterator[psutil.Process]:
    wanted = mark(data)
    for process in psutil.process_iter():
        try:
            if process.environ().get(INSTANCE) == wanted:
                yield process
        except (psutil.Error, OSError):
            continue  # somebody else's, or gone


def _recorded(data: Path) -> Iterator[psutil.Process]:
    for path in _record(data, "x").parent.glob("*.pid"):
        try:
            facts = json.loads(path.read_text())
            process = psutil.Process(int(facts["pid"]))
            began = process.create_time()
            if facts["data"] == mark(data) and abs(began - facts["began"]) < _SAME_MOMENT:
                yield process
        except (psutil.Error, OSError, ValueError, KeyError, TypeError):
            continue  # it has ended, or the record was cut short


def _keeping(data: Path) -> Iterator[psutil.Process]:
    ledger = EmbeddedValkey(data).folder
    for process in psutil.process_iter():
        try:
            if process.name() == _SERVER and process.uids().real == os.getuid() and _works_in(process, ledger):
                yield process
        except (psutil.Error, OSError):
            continue  # it has ended, or there is no ledger yet


def _works_in(process: psutil.Process, folder: Path) -> bool:
    """Asked of the kernel's link where there is one: in a container the same path is another folder."""
    link = Path(f"/proc/{process.pid}/cwd")
    return (link if link.exists() else Path(process.cwd())).samefile(folder)


def _alive(process: psutil.Process) -> bool:
    """Whether it can still write anything; a zombie cannot, and may never be reaped where pid 1 does not care."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _signal(process: psutil.Process, name: str) -> None:
    with suppress(psutil.Error):  # it may be gone meanwhile
        getattr(process, name)()
