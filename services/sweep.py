"""What every service does each second beside answering: it sweeps the ledger and rings where pages wait."""

import threading
import time
from collections.abc import Callable

import structlog

from services.monitor.movement import Movement
from shared.errors import DependencyUnavailable
from shared.ledger.ledger import Ledger
from shared.models.receipt import Room

log = structlog.get_logger(__name__)


class Sweeper:
    """A thread that never gives up: with the ledger away it tries again, and says so once per outage.

    Args:
        ledger: what is swept.
        ring: tells a room that pages wait.
        movement: is shown every reading of the ledger.
        every_seconds: between two sweeps.
    """

    def __init__(
        self, ledger: Ledger, ring: Callable[[Room], None], movement: Movement, *, every_seconds: float = 1.0
    ) -> None:
        self._ledger = ledger
        self._ring = ring
        self._movement = movement
        self._every_seconds = every_seconds
        self._away = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begins at once."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread, after the sweep that it is at."""
        self._ended.set()
        self._thread.join(10)

    def sweep(self) -> None:
        """One sweep.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        for room in self._ledger.sweep():
            self._ring(room)
        self._movement.observe(self._ledger.counts().rooms, time.monotonic())

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self.sweep()
                self._back()
            except DependencyUnavailable as error:
                self._lost(str(error))
            except Exception:
                log.exception("sweep failed")
            self._ended.wait(self._every_seconds)

    def _lost(self, detail: str) -> None:
        if not self._away:
            log.warning("ledger away, sweeping goes on", error=detail)
        self._away = True

    def _back(self) -> None:
        if self._away:
            log.info("ledger is back")
        self._away = False
