"""Whether a worker lives: it takes what it is rung for while pages wait, or none wait.

A process that is there proves nothing: a worker may go on for ever without a task after its broker was away. Nor does
a ledger that moves prove anything of one worker, for others may move it. So the pool notes when it answered a bell, and
its parent compares that with how long pages have waited.
"""

import mmap
import struct
from collections.abc import Collection, Iterable
from typing import Final

from shared.models.receipt import Room

_SECONDS: Final = struct.Struct("d")


class Answered:
    """When a worker's pool last answered a bell; memory that the parent shares with what it forks afterwards."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, _SECONDS.size)

    def note(self, now: float) -> None:
        """A bell is answered; `now` in seconds of the machine's monotonic clock, which all processes share."""
        _SECONDS.pack_into(self._shared, 0, now)

    def last(self) -> float:
        """The latest note; 0 where there is none."""
        seconds: float = _SECONDS.unpack_from(self._shared)[0]
        return seconds


class Alive:
    """A parent's judgement of its pool.

    Args:
        rooms: those that the worker serves.
        answered: what the pool notes.
        patience_seconds: how long pages may wait while no bell is answered.
    """

    def __init__(self, rooms: Iterable[str], answered: Answered, patience_seconds: float) -> None:
        self._rooms = frozenset(rooms)
        self._answered = answered
        self._patience_seconds = patience_seconds
        self._waiting_since: float | None = None

    def lives(self, waiting: Collection[Room], now: float) -> bool:
        """Whether it does, after a look at the ledger.

        Args:
            waiting: the rooms where pages wait; none where the ledger could not be asked, no fault of the pool.
            now: as for `Answered.note`.
        """
        if self._rooms.isdisjoint(waiting):
            self._waiting_since = None
            return True
        if self._waiting_since is None:
            self._waiting_since = now
        return now - max(self._waiting_since, self._answered.last()) < self._patience_seconds
