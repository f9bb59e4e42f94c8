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


class Totals(Carried):
    """What had been counted at the end of a minute; the next sample tells what has come since."""

    minute: int
    """Since 1970."""
    accepted: int
    searchable: int
    died: int
    out: dict[str, int]
    """What has left each room."""


class Sample(Carried):
    """A mill at the end of a minute."""

    at: Moment
    minutes: int = 1
    """How long ago the sample before it was taken: more where nobody was there to take one."""
    accepted: int
    """In these minutes, and so are the two behind it, and what went out of each room."""
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

    def add(self, sample: Sample, totals: Totals) -> None:
        """Puts a sample behind the others, with what the next one counts from; those older than a day go."""
        with available():
            pipe = self._scripts.client.pipeline()
            pipe.rpush(self._scripts.key("history"), sample.model_dump_json())
            pipe.ltrim(self._scripts.key("history"), -KEPT, -1)
            pipe.set(self._scripts.key("history:totals"), totals.model_dump_json())
            pipe.execute()

    def totals(self) -> Totals | None:
        """What the last sample left off at, whoever wrote it; None where there is none."""
        with available():
            told: Any = self._scripts.client.get(self._scripts.key("history:totals"))
        try:
            return Totals.model_validate_json(told) if told else None
        except ValidationError:
            return None  # of another version

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
