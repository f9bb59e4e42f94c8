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
        """The longest time after the first fault in which pages were under way and none came to its end."""
        if not self.faults:
            return 0.0
        longest, moved, ended = 0.0, self.faults[0], -1
        for sample in self.samples:
            longest = max(longest, sample.at - moved)
            if sample.ended != ended or not sample.under_way:
                moved, ended = max(moved, sample.at), sample.ended
        return longest

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
