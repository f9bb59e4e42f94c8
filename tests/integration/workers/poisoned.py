"""The workers, with a clean stage that some pages bring down; for `celery -A tests.integration.workers.poisoned`."""

import os
import signal
import time
from typing import Any

from shared.ledger.carried import Leased
from shared.models.clean_page import CleanPage
from shared.models.receipt import Stage
from shared.packing import thaw, unpack
from shared.settings import Settings
from shared.sites.blocks import SiteBlocks
from workers.app import make_app
from workers.stages import Enriched, Step, floor_plan


def poisoned(settings: Settings) -> dict[Stage, Step]:
    """The floor plan, with traps in `clean` that pages ask for by their first word."""
    plan = floor_plan(settings)
    healthy = plan["clean"]

    def enrich(lease: Leased, site: SiteBlocks) -> CleanPage | Enriched:
        """A step that brings its process down, until the stage leaves the steps out."""
        if thaw(CleanPage, lease.frame).clean.text.startswith("STEP") and lease.strikes < 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return plan["enrich"].work(lease, site)

    def work(lease: Leased, site: SiteBlocks) -> CleanPage | Enriched:
        word = unpack(lease.frame, lease.version).body.split(b" ", 1)[0]
        match word:
            case b"RAISE":
                raise ValueError("this page is poison")
            case b"HANG":
                while True:
                    time.sleep(60)
            case b"KILL":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"MEMORY":
                bytearray(1 << 60)
            case b"RECURSE":
                return work(lease, site)
        return healthy.work(lease, site)

    return {**plan, "clean": Step(work, healthy.to), "enrich": Step(enrich, plan["enrich"].to)}


def __getattr__(name: str) -> Any:
    if name in {"app", "celery"}:
        return make_app(poisoned)
    raise AttributeError(name)
