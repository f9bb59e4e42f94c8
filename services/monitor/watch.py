"""What is seen of the mill from second to second: readings of the ledger, and what moved between them."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from shared.ledger.carried import Counts, RoomCounts
from shared.ledger.ledger import Ledger
from shared.ledger.measures import Durations, Measured
from shared.models.frozen import Carried

_WINDOW_SECONDS: Final = 60.0
"""What quantiles and deaths look back on."""
_LATELY_SECONDS: Final = 10.0
"""What rates look back on: they tell how it goes now, and whether the line drains."""


class Reading(NamedTuple):
    """The ledger at one moment; `at` in seconds of a clock that only goes forward."""

    at: float
    counts: Counts
    measured: Measured


class Quantiles(Carried):
    """Seconds that half of the pages, and 95 of 100, stayed below; None where there was none."""

    p50: float | None
    p95: float | None


class RoomPace(Carried):
    """What a room did of late; rates of pages a second."""

    in_per_second: float
    out_per_second: float
    """Handed on, dead, dropped or deleted."""
    wait: Quantiles
    work: Quantiles


class Pace(Carried):
    """What moved of late: rates in the last ten seconds, all else in the last minute; less where less is known."""

    seconds: float
    """What rates look back on."""
    accepted_per_second: float
    ended_per_second: float
    """Searchable, dead or dropped."""
    died: dict[str, dict[str, int]]
    """Deaths by room and reason."""
    drain_seconds: float | None
    """Until the line is empty, if it goes on like this; None where it does not drain."""
    rooms: dict[str, RoomPace]


class Watch:
    """Readings of the last minute. Threads share it.

    Args:
        ledger: what is read.
        clock: seconds, going forward.
    """

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._clock = clock
        self._lock = threading.Lock()
        self._readings: deque[Reading] = deque()

    def read(self) -> Reading:
        """A fresh reading, kept for what comes later.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        reading = Reading(self._clock(), self._ledger.counts(), self._ledger.measures.read())
        with self._lock:
            self._readings.append(reading)
            while len(self._readings) > 2 and self._readings[1].at <= reading.at - _WINDOW_SECONDS:
                self._readings.popleft()
        return reading

    def pace(self, now: Reading) -> Pace:
        """What moved up to a reading."""
        with self._lock:
            readings = tuple(self._readings) or (now,)
        lately = [each for each in readings if each.at <= now.at - _LATELY_SECONDS]
        return pace_between(readings[0], now, lately[-1] if lately else readings[0])


def pace_between(first: Reading, now: Reading, lately: Reading | None = None) -> Pace:
    """What moved between two readings; rates from a later one than the first, where it is given."""
    since = lately or first
    seconds = max(now.at - since.at, 0.001)
    moved = _ended(now.counts) - _ended(since.counts)
    accepted = now.counts.accepted - since.counts.accepted
    in_line, drained = now.counts.waiting + now.counts.working, moved - accepted
    died: dict[str, dict[str, int]] = {}
    for (room, reason), count in now.measured.died.items():
        if (more := count - first.measured.died.get((room, reason), 0)) > 0:
            died.setdefault(room, {})[reason] = more
    return Pace(
        seconds=now.at - since.at,
        accepted_per_second=max(0.0, accepted / seconds),
        ended_per_second=max(0.0, moved / seconds),
        died=died,
        drain_seconds=0.0 if not in_line else in_line * seconds / drained if drained > 0 else None,
        rooms={room: _room(room, first, now, since) for room in now.counts.rooms},
    )


def _room(room: str, first: Reading, now: Reading, since: Reading) -> RoomPace:
    then, here = since.counts.rooms[room], now.counts.rooms[room]
    seconds = max(now.at - since.at, 0.001)
    return RoomPace(
        in_per_second=max(0.0, (here.entered - then.entered) / seconds),
        out_per_second=max(0.0, (_gone(here) - _gone(then)) / seconds),
        wait=_quantiles(now.measured.wait[room], first.measured.wait[room]),
        work=_quantiles(now.measured.work[room], first.measured.work[room]),
    )


def _quantiles(now: Durations, then: Durations) -> Quantiles:
    since = now.since(then)
    return Quantiles(p50=since.quantile(0.5), p95=since.quantile(0.95))


def _gone(room: RoomCounts) -> int:
    return room.left + room.dead + room.dropped + room.deleted


def _ended(counts: Counts) -> int:
    return counts.searchable + counts.dead + sum(counts.dropped.values())
