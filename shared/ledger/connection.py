"""Redis as the ledger calls it: scripts by name, and every failure told as DependencyUnavailable."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, RedisError
from redis.retry import Retry

from shared.errors import DependencyFull, DependencyUnavailable
from shared.ledger.scripts import script

Argument = str | int | float | bytes


def connect(url: str, *, timeout: float = 2.0) -> redis.Redis:
    """A client that answers or fails within `timeout` seconds: no retries of its own, they took 26 s when measured."""
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
        decode_responses=False,
    )


def even_when_full(client: "redis.Redis", *words: Argument) -> Any:
    """Runs one command that Redis would refuse at its memory limit: what frees memory may need some first."""
    return client.eval("#!lua flags=allow-oom\nreturn redis.call(unpack(ARGV))", 0, *words)


@contextmanager
def available(name: str = "ledger") -> Iterator[None]:
    """Turns what Redis raises into DependencyUnavailable; where it has no memory left, into DependencyFull."""
    try:
        yield
    except OutOfMemoryError as error:
        raise DependencyFull(name, f"{type(error).__name__}: {error}") from error
    except RedisError as error:
        raise DependencyUnavailable(name, f"{type(error).__name__}: {error}") from error


class Scripts:
    """The ledger's scripts on one Redis.

    Args:
        client: made by `connect`.
        prefix: put before every key.
        settings: what every script is told: receipt ms, shared and solo tries, outcomes kept.
    """

    def __init__(self, client: redis.Redis, prefix: str, settings: Sequence[Argument]) -> None:
        self.client = client
        self.prefix = prefix
        self._settings = tuple(settings)
        self._known: dict[tuple[str, bool], Any] = {}
        self._memory: tuple[float, float] = (0.0, 0.0)

    def run(self, name: str, *arguments: Argument, when_full: bool = False) -> Any:
        """Runs one step; its answer as Redis gives it, texts as bytes.

        Args:
            name: of its file in lua/.
            arguments: its own.
            when_full: also at the memory limit, though the step is one that grows: with these arguments it does not.
        """
        with available():
            known = self._known.get((name, when_full))
            if known is None:
                known = self.client.register_script(script(name, when_full=when_full))
                self._known[name, when_full] = known
            return known(keys=(), args=(self.prefix, *self._settings, *arguments))

    def key(self, name: str) -> str:
        """A key's whole name."""
        return self.prefix + name

    def memory_share(self) -> float:
        """Share of maxmemory in use, 0 where there is no limit; asked of Redis once a second at most.

        Pages under way count twice: beside each one will lie what a room has made of it, about as large at most.
        """
        asked_at, share = self._memory
        if time.monotonic() - asked_at > 1.0:
            with available():
                told: Any = self.client.info("memory")
                growth: Any = self.client.hget(self.key("n"), "bytes")
            limit = int(told.get("maxmemory") or 0)
            share = (int(told["used_memory"]) + int(growth or 0)) / limit if limit else 0.0
            self._memory = (time.monotonic(), share)
        return share

    def note_full(self) -> None:
        """Redis has just refused for want of memory: what was asked of it before that is outdated."""
        self._memory = (time.monotonic(), max(1.0, self._memory[1]))
