"""How the ledger's Redis does: its memory, and whether what it says is on disk."""

from typing import Any

from redis.exceptions import ResponseError

from shared.errors import DependencyFull
from shared.ledger.connection import Scripts, available
from shared.models.frozen import Carried


class ServerState(Carried):
    """What Redis tells of itself."""

    version: str
    used_bytes: int
    max_bytes: int | None
    """Its limit; None where it has none."""
    append_only: bool
    fsync: str | None
    """`appendfsync`: `always` is what an accepted page needs. None where it may not be asked."""
    written: bool
    """Whether its last write of the append-only file, and its last rewrite, went well."""
    delayed_fsyncs: int
    """Times that it had to wait for the disk."""
    pending_fsyncs: int
    uptime_seconds: int
    clients: int


class Server:
    """Every method raises DependencyUnavailable where Redis is away."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def state(self) -> ServerState:
        """What is so now."""
        with available():
            told: Any = self._scripts.client.info()
        return ServerState(
            version=str(told.get("valkey_version") or told.get("redis_version") or "unknown"),
            used_bytes=int(told.get("used_memory", 0)),
            max_bytes=int(told.get("maxmemory") or 0) or None,
            append_only=bool(int(told.get("aof_enabled", 0))),
            fsync=self._fsync(),
            written=told.get("aof_last_write_status", "ok") == told.get("aof_last_bgrewrite_status", "ok") == "ok",
            delayed_fsyncs=int(told.get("aof_delayed_fsync", 0)),
            pending_fsyncs=int(told.get("aof_pending_bio_fsync", 0)),
            uptime_seconds=int(told.get("uptime_in_seconds", 0)),
            clients=int(told.get("connected_clients", 0)),
        )

    def takes_more(self) -> bool:
        """Whether it runs steps that may grow: one that is at its memory limit answers, and refuses those."""
        try:
            with available():
                self._scripts.client.eval("#!lua\nreturn 1", 0)
        except DependencyFull:
            return False
        return True

    def _fsync(self) -> str | None:
        """A Redis that somebody else runs may refuse to be asked."""
        with available():
            try:
                told: Any = self._scripts.client.config_get("appendfsync")
            except ResponseError:
                return None
        return next(iter(told.values()), None)
