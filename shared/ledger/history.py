"""A mill's last day, a sample a minute, in the ledger's Redis: it outlives every process."""

from typing import Any, Final

from pydantic import ValidationError

from shared.ledger.connection import Scripts, available
from shared.models.frozen import Carried, Moment

KEPT: Final = 1440
"""Samples: a day of minutes, about a kilobyte each."""


class RoomSample(Carried):
    """A room at the end of a minute, and what passed through it."""

    waiting: int
    oldest_seconds: float
    out: int
    wait_p95: float | None
    work_p95: float | None


class Sample(Carried):
    """A mill at the end of a minute."""

    at: Moment
    accepted: int
    """In that minute, and so are the two behind it."""
    searchable: int
    died: int
    dead: int
    memory_bytes: int
    """Of Redis."""
    documents: int | None
    workers: int
    intake: str
    rooms: dict[str, RoomSample]


class History:
    """Every method raises DependencyUnavailable where Redis is away."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def claim(self, minute: int) -> bool:
        """Whether this minute is the caller's to write: one of several control rooms gets True, once."""
        with available():
            return bool(self._scripts.client.set(self._scripts.key(f"history:{minute}"), 1, nx=True, ex=120))

    def add(self, sample: Sample) -> None:
        """Puts a sample behind the others; those older than a day go."""
        with available():
            pipe = self._scripts.client.pipeline()
            pipe.rpush(self._scripts.key("history"), sample.model_dump_json())
            pipe.ltrim(self._scripts.key("history"), -KEPT, -1)
            pipe.execute()

    def samples(self, count: int = KEPT) -> list[Sample]:
        """The last ones, oldest first; those of another version are left out."""
        with available():
            told: Any = self._scripts.client.lrange(self._scripts.key("history"), -count, -1)
        return [sample for text in told if (sample := _read(text)) is not None]


def _read(text: bytes) -> Sample | None:
    try:
        return Sample.model_validate_json(text)
    except ValidationError:
        return None
