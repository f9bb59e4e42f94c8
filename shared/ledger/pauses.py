"""Rooms that hand no pages out: what comes in waits, and nothing is lost."""

import time
from typing import Any

from shared.ledger.connection import Scripts, available
from shared.models.receipt import Room


class Pauses:
    """Pauses rooms and resumes them; every method raises DependencyUnavailable where Redis is away.

    What workers hold at the moment they finish. The index room goes on with deletes.
    """

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def pause(self, room: Room) -> bool:
        """False where it was paused already."""
        with available():
            return bool(self._scripts.client.hsetnx(self._key, room, int(time.time() * 1000)))

    def resume(self, room: Room) -> bool:
        """False where it was not paused."""
        with available():
            return bool(self._scripts.client.hdel(self._key, room))

    def paused(self) -> dict[str, int]:
        """The rooms that are, and since when, in milliseconds since 1970."""
        with available():
            told: Any = self._scripts.client.hgetall(self._key)
        return {room.decode(): int(since) for room, since in told.items()}

    @property
    def _key(self) -> str:
        return self._scripts.key("paused")
