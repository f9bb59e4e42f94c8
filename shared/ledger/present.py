"""Which workers there are, as each tells of itself every few seconds."""

from typing import Any, Final

from pydantic import ValidationError

from shared.ledger.connection import Scripts, available
from shared.models.frozen import Carried, Moment
from shared.moments import from_ms

SILENT_SECONDS: Final = 60
"""A worker that has told nothing for so long is not there any more."""


class Present(Carried):
    """One Celery worker: a parent with its pool of processes."""

    name: str
    """Of its machine and process: `clean-17@host`."""
    rooms: tuple[str, ...]
    host: str
    pid: int
    started_at: Moment
    at: Moment
    """When it told this."""
    processes: int
    """Pool processes that live."""
    active: int
    """Of these, how many hold pages."""
    pages: int
    """Pages that they hold."""
    memory_bytes: int
    """Resident, parent and pool together; shared pages count in each."""
    restarts: int
    """Pool processes that were replaced since the worker began."""
    progress_at: Moment | None = None
    """When one of them last finished a batch."""
    metrics: str | None = None
    """Where its figures are, where they are served."""


class Presence:
    """Every method raises DependencyUnavailable where Redis is away."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def tell(self, worker: Present) -> None:
        """Says that it is there."""
        with available():
            self._scripts.client.hset(self._key, worker.name, worker.model_dump_json())

    def leave(self, name: str) -> None:
        """Says that it ends."""
        with available():
            self._scripts.client.hdel(self._key, name)

    def all(self) -> list[Present]:
        """Those that told something lately, by room and name; what silent ones told is taken away."""
        client = self._scripts.client
        with available():
            told: Any = client.hgetall(self._key)
            seconds, micros = client.time()
        oldest = from_ms(int(seconds) * 1000 + int(micros) // 1000 - SILENT_SECONDS * 1000)
        found = {name: _read(text) for name, text in told.items()}
        silent = [name for name, worker in found.items() if worker is None or worker.at < oldest]
        if silent:
            with available():
                client.hdel(self._key, *silent)
        there = [worker for worker in found.values() if worker is not None and worker.at >= oldest]
        return sorted(there, key=lambda each: (each.rooms, each.name))

    def now_ms(self) -> int:
        """The server's clock, which workers on other machines go by."""
        with available():
            seconds, micros = self._scripts.client.time()
        return int(seconds) * 1000 + int(micros) // 1000

    @property
    def _key(self) -> str:
        return self._scripts.key("workers")


def _read(text: bytes) -> Present | None:
    try:
        return Present.model_validate_json(text)
    except ValidationError:  # a worker of another version
        return None
