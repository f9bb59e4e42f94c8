"""A clean stage that some pages bring down; laid into a copy of the source as workers/traps.py (trees.py)."""

import os
import signal
import time

from shared.ledger.carried import Leased
from shared.models.clean_page import CleanPage
from shared.models.document import Document
from shared.models.receipt import Stage
from shared.packing import unpack
from shared.settings import Settings
from workers.stages import Step, floor_plan

SLOW_SECONDS = 2.5


def trapped(settings: Settings) -> dict[Stage, Step]:
    """The floor plan, with traps in `clean` that pages ask for by their first word."""
    plan = floor_plan(settings)
    healthy = plan["clean"]

    def work(lease: Leased) -> CleanPage | Document:
        match unpack(lease.frame, lease.version).body.split(b" ", 1)[0]:
            case b"RAISE":
                raise ValueError("this page is poison")
            case b"HANG":
                while True:
                    time.sleep(60)
            case b"DEAF":
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
                while True:
                    time.sleep(60)
            case b"KILL":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"MEMORY":
                bytearray(1 << 60)
            case b"RECURSE":
                return work(lease)
            case b"SLOW":
                time.sleep(SLOW_SECONDS)
        return healthy.work(lease)

    return {**plan, "clean": Step(work, healthy.to)}
