"""Whether the workers work: pages that wait while none moves mean that nobody takes them."""

from collections.abc import Mapping

from shared.ledger.carried import RoomCounts


class Movement:
    """Remembers since when a room where pages wait has stood still.

    Args:
        stalled_seconds: how long it may.
    """

    def __init__(self, stalled_seconds: float) -> None:
        self._stalled_seconds = stalled_seconds
        self._ended: dict[str, int] = {}
        self._since: dict[str, float] = {}
        self._still: dict[str, float] = {}

    def observe(self, rooms: Mapping[str, RoomCounts], now: float) -> None:
        """Takes note of one reading of the ledger; `now` in seconds of a clock that only goes forward."""
        for name, room in rooms.items():
            ended = room.left + room.dead + room.dropped + room.deleted
            if not room.waiting or room.paused or self._ended.get(name) != ended:
                self._since[name] = now
            self._ended[name] = ended
        still = {name: now - since for name, since in self._since.items()}
        self._still = {name: seconds for name, seconds in still.items() if seconds >= self._stalled_seconds}

    def standstill(self) -> dict[str, float]:
        """At the last reading, the rooms that had stood still for too long, and for how many seconds."""
        return self._still
