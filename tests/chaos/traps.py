"""What some pages bring down in clean and in the index room; laid into a copy of the source (trees.py)."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from shared.ledger.carried import Leased
from shared.models.clean_page import CleanPage
from shared.models.document import Document
from shared.models.receipt import Stage
from shared.packing import unpack
from shared.settings import Settings
from shared.sites.blocks import SiteBlocks
from workers.stages import Enriched, Step, floor_plan

SLOW_SECONDS: Final = 2.5
SIGNED_SECONDS: Final = 4.0
"""What it takes to clean a page that is signed."""
CLOCK: Final = "seen-clock"
"""The file that a page has the time written to, as the worker sees it."""


def trapped(settings: Settings) -> dict[Stage, Step]:
    """The floor plan, with traps in `clean` that pages ask for by their first word."""
    plan = floor_plan(settings)
    healthy = plan["clean"]

    def work(lease: Leased, site: SiteBlocks) -> CleanPage | Enriched:
        word = unpack(lease.frame, lease.version).body.split(b" ", 1)[0]
        if word == b"RECURSE":
            return work(lease, site)
        if word == b"SIGNED":
            _note(f"signed.{lease.id}.{os.getpid()}")
            time.sleep(SIGNED_SECONDS)
            return _signed(healthy.work(lease, site))
        _TRAPS.get(word, _nothing)()
        return healthy.work(lease, site)

    return {**plan, "clean": Step(work, healthy.to)}


def spring(documents: Sequence[Document]) -> None:
    """The traps of the index room, before a batch is written: one page that asks for one is enough."""
    for document in documents:
        for word, trap in _INDEX_TRAPS.items():
            if word in f"{document.title} {document.text}":
                trap()


def _raise() -> None:
    raise ValueError("this page is poison")


def _signed(made: CleanPage | Enriched) -> CleanPage | Enriched:
    """With a title that says who cleaned it."""
    if isinstance(made, Enriched):
        return made
    return made.model_copy(update={"clean": made.clean.model_copy(update={"title": f"Cleaned by {os.getpid()}"})})


def _note(name: str) -> None:
    """Notes beside the switches of the machine since when something is so, by the monotonic clock."""
    fresh = Path(os.environ["FAULTS_DIR"], f"new.{os.getpid()}")
    fresh.write_text(str(time.monotonic()))
    fresh.rename(fresh.with_name(name))


def _hang() -> None:
    _note(f"hangs.{os.getpid()}")
    while True:
        time.sleep(60)


def _hang_and_hear_nothing() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    _hang()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _want_memory() -> None:
    bytearray(1 << 60)


def _take_long() -> None:
    time.sleep(SLOW_SECONDS)


def _tell_the_time() -> None:
    Path(os.environ["FAULTS_DIR"], CLOCK).write_text(str(time.time()))


def _nothing() -> None:
    """What most pages do."""


_TRAPS: Final[dict[bytes, Callable[[], None]]] = {
    b"RAISE": _raise,
    b"HANG": _hang,
    b"DEAF": _hang_and_hear_nothing,
    b"KILL": _kill,
    b"MEMORY": _want_memory,
    b"SLOW": _take_long,
    b"CLOCK": _tell_the_time,
}
_INDEX_TRAPS: Final[dict[str, Callable[[], None]]] = {"INDEXKILL": _kill, "INDEXRAISE": _raise}
