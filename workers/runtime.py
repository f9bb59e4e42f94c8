"""What one worker process holds open: made once after the fork, handed to every task."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from shared import clients
from shared.bell import Bell
from shared.ledger.ledger import Ledger
from shared.models.receipt import Room, Stage
from shared.settings import Settings
from shared.stories import Stories
from workers.at_hand import AtHand
from workers.deadline import limit_memory
from workers.stages import Step

log = structlog.get_logger("workers")


@dataclass
class Breaker:
    """Keeps a process from asking a dependency that has just failed: twice as long each time, with jitter."""

    first_seconds: float
    longest_seconds: float
    failures: int = 0
    open_until: float = 0.0

    def opened(self) -> bool:
        """Whether it is too early to ask again."""
        return time.monotonic() < self.open_until

    def failed(self) -> float:
        """Opens for the seconds that it returns."""
        delay = min(self.longest_seconds, self.first_seconds * 2.0**self.failures)
        delay *= random.uniform(0.75, 1.25)  # noqa: S311  (jitter, no secret)
        self.failures = min(self.failures + 1, 16)
        self.open_until = time.monotonic() + delay
        return delay

    def worked(self) -> None:
        """Closes again."""
        self.failures = 0


@dataclass
class Runtime:
    """The clients of one worker process, opened on first use and kept."""

    settings: Settings
    ledger: Ledger
    bell: Bell
    stories: Stories
    at_hand: AtHand
    plan: dict[Stage, Step]
    breakers: dict[Room, Breaker] = field(default_factory=dict)
    alone: bool = False

    def breaker(self, room: Room) -> Breaker:
        """The room's breaker in this process."""
        return self.breakers.setdefault(
            room, Breaker(self.settings.retry_first_seconds, self.settings.retry_longest_seconds)
        )

    def go_alone(self) -> None:
        """This process takes suspects from now on: its memory may grow so far and no further."""
        if not self.alone:
            limit_memory(self.settings.page_memory_mib)
            self.alone = True


def open_runtime(settings: Settings, notes: Path, plan: dict[Stage, Step]) -> Runtime:
    """Connects a fresh process.

    Args:
        settings: which parts there are.
        notes: the folder that it shares with its parent (workers/at_hand.py).
        plan: what is done in each stage.
    """
    client = clients.redis_client(settings, timeout=10)
    return Runtime(
        settings=settings,
        ledger=clients.ledger(settings, client),
        bell=clients.bell(settings, client),
        stories=clients.stories(settings, client, clients.search_index(settings)),
        at_hand=AtHand(notes),
        plan=plan,
    )
