"""What a worker's process is: Celery, told which room it serves."""

import os
from typing import Final, Literal

from shared.children import module_command
from shared.settings import Settings

Lane = Literal["clean", "enrich", "index", "solo", "names"]
LANES: Final[tuple[Lane, ...]] = ("clean", "enrich", "index", "solo")
"""The rooms that pages go through."""


def lanes_of(settings: Settings) -> tuple[Lane, ...]:
    """The rooms, and the queue of the slower extractor of names where one is set."""
    return (*LANES, "names") if settings.names == "spacy" else LANES


def processes_for(room: Lane, settings: Settings) -> int:
    """How many processes a room has unless told otherwise.

    The solo room is one by its meaning; each process for names holds a model.
    """
    match room:
        case "clean":
            return settings.clean_workers
        case "enrich":
            return settings.enrich_workers
        case "index":
            return settings.index_processes
        case "solo" | "names":
            return 1


def worker_command(room: Lane, processes: int, settings: Settings) -> tuple[str, ...]:
    """The command line of a room's worker.

    Quiet: its log has lines of one form, and no banner. Without gossip and mingle: workers have nothing to say to each
    other. The ledger knows whether they work, so heartbeats and events are for Flower alone.
    """
    return (
        *module_command("celery", "-q", "-A", "workers.app", "worker", "-Q", room),
        *("-c", str(processes), "-P", "prefork", "-l", settings.log_level, "-n", f"{room}-{os.getpid()}@%h"),
        *("--without-gossip", "--without-mingle", "-E" if settings.task_events else "--without-heartbeat"),
    )
