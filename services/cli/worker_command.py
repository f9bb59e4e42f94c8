"""What a worker's process is: Celery, told which room it serves."""

import os
import sys
from typing import Final, Literal

from shared.settings import Settings

Lane = Literal["clean", "enrich", "index", "solo"]
LANES: Final[tuple[Lane, ...]] = ("clean", "enrich", "index", "solo")


def processes_for(room: Lane, settings: Settings) -> int:
    """How many processes a room has unless told otherwise.

    Tantivy has one writer, and the solo room is one by its meaning.
    """
    return {"clean": settings.clean_workers, "enrich": settings.enrich_workers}.get(room, 1)


def worker_command(room: Lane, processes: int, settings: Settings) -> tuple[str, ...]:
    """The command line of a room's worker.

    Without gossip, mingle and heartbeats: workers have nothing to say to each other, and the ledger knows whether
    they work.
    """
    return (
        *(sys.executable, "-m", "celery", "-A", "workers.app", "worker", "-Q", room),
        *("-c", str(processes), "-P", "prefork", "-l", settings.log_level, "-n", f"{room}-{os.getpid()}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )
