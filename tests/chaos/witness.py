"""Somebody who looks at the ledger all the time: does the equation hold, and how soon do pages move again?"""

import threading
import time
from typing import NamedTuple, Self

from shared.errors import DependencyUnavailable
from shared.ledger.carried import Counts
from tests.chaos.house import House

_EVERY_SECONDS = 0.2


class Sample(NamedTuple):
    at: float
    ended: int
    under_way: int


class Witness:
    """Looks five times a second, past the services; times are of the monotonic clock."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples: list[Sample] = []
        self.faults: list[float] = []
        self.unbalanced: list[Counts] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(30)

    def fault(self, times: int = 1) -> None:
        """Something is being broken now."""
        self.faults += [time.monotonic()] * times

    def slowest_recovery(self) -> float:
        """The longest time from a fault until a page came to its end, of those after which pages were under way."""
        return max(filter(None, map(self._recovery, self.faults)), default=0.0)

    def _recovery(self, fault: float) -> float | None:
        before = [sample.ended for sample in self.samples if sample.at <= fault]
        behind = [sample for sample in self.samples if sample.at > fault]
        if not before or not behind:
            return None
        return next((sample.at - fault for sample in behind if sample.ended > before[-1]), None)

    def _run(self) -> None:
        ledger = self._house.direct(timeout=1.0)
        while not self._ended.wait(_EVERY_SECONDS):
            try:
                counts = ledger.counts()
            except DependencyUnavailable:
                continue
            if not counts.balanced:
                self.unbalanced.append(counts)
            ended = counts.searchable + counts.dead + sum(counts.dropped.values())
            self.samples.append(Sample(time.monotonic(), ended, counts.waiting + counts.working))
