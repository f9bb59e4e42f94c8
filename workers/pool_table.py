"""What pool processes count, in memory that they share with their parent, which serves it to Prometheus.

Each process of a pool has a row of its own, by its place in the pool. A process that is replaced leaves its row to the
next one, so sums go on where they were; there are no files to gather and none to clear away (ADR 0012).
"""

import mmap
import os
import struct
from typing import Final

from shared.models.receipt import Room
from workers.stages import LANES

BATCH_BOUNDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
"""Upper bounds of batch sizes, in pages."""
WRITE_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of what it takes to write a batch to the index, in seconds."""
DEPENDENCIES: Final = ("index", "archive", "ledger", "sites", "other")
ALERTS: Final = ("alert_seconds", "alerts_failed")
_NUMBER: Final = struct.Struct("d")


def _columns() -> tuple[str, ...]:
    batches = (f"batch:{room}:{bound}" for room in LANES for bound in (*BATCH_BOUNDS, "inf"))
    pages = (f"pages:{room}" for room in LANES)
    writes = (f"write:{bound}" for bound in (*WRITE_BOUNDS, "inf"))
    failures = (f"failed:{name}" for name in DEPENDENCIES)
    counted = ("write_seconds", "site_blocks", *failures, *ALERTS)
    return ("pid", "starts", "held", "progress", *batches, *pages, *writes, *counted)


_AT: Final = {name: at * _NUMBER.size for at, name in enumerate(_columns())}
_ROW: Final = len(_AT) * _NUMBER.size


class Row:
    """One pool process's figures; only that process writes them.

    Args:
        shared: the table's memory.
        place: in the pool, from 0.
    """

    def __init__(self, shared: mmap.mmap, place: int) -> None:
        self._shared = shared
        self._start = place * _ROW

    def get(self, name: str) -> float:
        """One figure."""
        value: float = _NUMBER.unpack_from(self._shared, self._start + _AT[name])[0]
        return value

    def set(self, name: str, value: float) -> None:
        """One figure, as it is now."""
        _NUMBER.pack_into(self._shared, self._start + _AT[name], value)

    def add(self, name: str, by: float = 1) -> None:
        """One figure grows."""
        self.set(name, self.get(name) + by)

    def begin(self) -> None:
        """A new process has this place; it holds nothing yet."""
        self.set("pid", os.getpid())
        self.set("held", 0)
        self.add("starts")

    def batch(self, room: Room, pages: int) -> None:
        """A batch was leased."""
        bound = next((str(each) for each in BATCH_BOUNDS if pages <= each), "inf")
        self.add(f"batch:{room}:{bound}")
        self.add(f"pages:{room}", pages)
        self.set("held", pages)

    def done(self, now: float) -> None:
        """The batch is done with; `now` in seconds since 1970."""
        self.set("held", 0)
        self.set("progress", now)

    def wrote(self, seconds: float) -> None:
        """A batch was written to the index."""
        bound = next((str(each) for each in WRITE_BOUNDS if seconds <= each), "inf")
        self.add(f"write:{bound}")
        self.add("write_seconds", seconds)

    def failed(self, dependency: str) -> None:
        """Something that the work needs did not answer."""
        self.add(f"failed:{dependency if dependency in DEPENDENCIES else 'other'}")


class PoolTable:
    """The rows of one worker; made by the parent before it forks.

    Args:
        places: processes of the pool at most.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._shared = mmap.mmap(-1, _ROW * places)

    def row(self, place: int) -> Row:
        """The row of the process at this place; places beyond the last share the last one."""
        return Row(self._shared, min(place, self.places - 1))

    def total(self, name: str) -> float:
        """A figure of the whole pool."""
        return sum(self.row(place).get(name) for place in range(self.places))

    def highest(self, name: str) -> float:
        """The highest of a figure; 0 where there is none."""
        return max(self.row(place).get(name) for place in range(self.places))

    @property
    def active(self) -> int:
        """Processes that hold pages."""
        return sum(1 for place in range(self.places) if self.row(place).get("held") > 0)

    @property
    def restarts(self) -> int:
        """Processes that took the place of another one."""
        return sum(max(0, int(self.row(place).get("starts")) - 1) for place in range(self.places))
