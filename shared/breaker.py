"""Keeps all workers of a room from asking a dependency that has just failed: one of them probes, the others wait."""

import random
from collections.abc import Iterable
from typing import Any, Literal

import redis

from shared.ledger.connection import available, even_when_full
from shared.models.receipt import Room

Breaking = Room | Literal["archive"]
"""Whose breaker: a room's; that of the archive keeps the index room from all that needs more than the index."""
_REMEMBERED_SECONDS = 600
"""A failure that nobody came back to is forgotten after so long."""


class Breaker:
    """One room's breaker; its state lies in Redis, so that all processes share it.

    Args:
        client: the ledger's Redis.
        prefix: put before every key.
        name: of the room.
        first_seconds: that it is open after a first failure; doubled each time.
        longest_seconds: between two probes, at most.

    Every method raises DependencyUnavailable where Redis is away.
    """

    def __init__(
        self, client: redis.Redis, prefix: str, name: str, *, first_seconds: float, longest_seconds: float
    ) -> None:
        self._client = client
        self._failures = f"{prefix}breaker:{name}"
        self._open = f"{prefix}breaker:{name}:open"
        self._why = f"{prefix}breaker:{name}:why"
        self._first_seconds = first_seconds
        self._longest_seconds = longest_seconds

    def opened(self) -> bool:
        """Whether it is too early to ask again; False after a failure makes this process the one that probes."""
        with available():
            if not self._client.exists(self._failures):
                return False
            longest_ms = max(1, int(self._longest_seconds * 1000))
            return not even_when_full(self._client, "SET", self._open, 1, "NX", "PX", longest_ms)

    def failed(self, detail: str = "") -> float:
        """Opens for the seconds that it returns; `detail` is why, for `trouble`."""
        with available():
            told = even_when_full(self._client, "INCR", self._failures)
            self._client.expire(self._failures, _REMEMBERED_SECONDS)
            delay = min(self._longest_seconds, self._first_seconds * 2.0 ** min(int(told) - 1, 16))
            delay *= random.uniform(0.75, 1)  # noqa: S311  (jitter, no secret)
            even_when_full(self._client, "SET", self._open, 1, "PX", max(1, int(delay * 1000)))
            even_when_full(self._client, "SET", self._why, detail, "EX", _REMEMBERED_SECONDS)
        return delay

    def worked(self) -> None:
        """Closes again; costs a look where it is closed."""
        with available():
            if self._client.exists(self._failures):
                self._client.delete(self._failures, self._open, self._why)

    def trouble(self) -> str | None:
        """Why it failed last, as long as it has not worked since; None where it does."""
        with available():
            told: Any = self._client.get(self._why)
        return told.decode() if told is not None else None


def breakers(client: redis.Redis, prefix: str, names: Iterable[str]) -> dict[str, tuple[bool, int]]:
    """Of each breaker, whether it is open and how many failures in a row it remembers.

    Raises:
        DependencyUnavailable: Redis is away.
    """
    names = tuple(names)
    with available():
        pipe = client.pipeline(transaction=False)
        for name in names:
            pipe.exists(f"{prefix}breaker:{name}:open")
            pipe.get(f"{prefix}breaker:{name}")
        told = pipe.execute()
    return {
        name: (bool(opened), int(failures or 0))
        for name, opened, failures in zip(names, told[0::2], told[1::2], strict=True)
    }
