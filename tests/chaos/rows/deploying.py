"""Row 20: a newer version beside this one, as during a deploy."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.chaos import length
from tests.chaos.house import House, kill, until
from tests.chaos.report import Row
from tests.chaos.senders import Senders
from tests.chaos.trees import Change
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness

NEWER = (
    Change(
        "shared/models/document.py",
        "    revision: int = Field(default=0, ge=0, lt=64)\n",
        "    revision: int = Field(default=0, ge=0, lt=64)\n    mood: str = 'from a later version'\n",
    ),
    Change(
        "shared/models/clean_page.py",
        "class CleanPage(Carried):\n",
        "class CleanPage(Carried):\n    tone: str = 'from a later version'\n",
    ),
    Change(
        "shared/ledger/lua/accept.lua",
        "'src', source, 'site', site, 'url', url,",
        "'src', source, 'site', site, 'url', url, 'later', 'yes',",
    ),
)
"""What a later version may add: fields of what rooms hand on, and of what the ledger keeps."""


def side_by_side(house: House, newer: Path) -> Row:
    """Workers of both versions serve the same rooms; those of this one are ended one by one, and come back."""
    with Witness(house) as witness:
        with Senders(house, "row20") as senders, worker_of(house, newer, "clean"), worker_of(house, newer, "enrich"):
            for room in ("clean", "enrich"):
                until(partial(has_worked, house, room), 90, f"the other version's {room} worker works, too")
            for room in ("clean", "enrich", "index"):
                time.sleep(length.of(short=5, long=40))
                if kill(house.main(room), signal.SIGTERM):
                    witness.fault()
            time.sleep(length.of(short=5, long=40))
        return judge(house, "20 two versions side by side", "row20", senders.taken, witness, faults=3)


@contextmanager
def worker_of(
    house: House, root: Path, room: str, elsewhere: Path | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of the other version on the same ledger.

    Args:
        house: whose ledger.
        root: the folder whose packages run.
        room: that it serves.
        elsewhere: its folder for temporary files, as on another machine: workers of the house see none of its notes.
    """
    environment = {**house.environment, "PAGEMILL_REDIS_URL": house.redis_url, "PYTHONPATH": str(root)}
    if elsewhere:
        elsewhere.mkdir(exist_ok=True)
        environment["TMPDIR"] = str(elsewhere)
    words = [sys.executable, "-m", "services.cli.main", "work", room, "--concurrency", "1"]
    log = os.open(_log(house, room), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    process = subprocess.Popen(words, env=environment, cwd=root, stdout=log, stderr=log)
    try:
        yield process
        process.terminate()
        process.wait(90)
    finally:
        process.kill()
        process.wait()
        os.close(log)


def _log(house: House, room: str) -> Path:
    return house.folder / f"other-{room}.log"


def has_worked(house: House, room: str) -> bool:
    """Whether the other version's worker of this room has told how a page left it."""
    return "page left room" in _log(house, room).read_text()
