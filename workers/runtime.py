"""What one worker process holds open: made once after the fork, handed to every task."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from shared import clients
from shared.bell import Bell
from shared.breaker import Breaker, Breaking
from shared.ledger.ledger import Ledger
from shared.models.receipt import Stage
from shared.revisions import Revisions
from shared.settings import Settings
from shared.sites import Sites
from shared.sites.known import KnownSites
from shared.stories import Stories
from shared.tracing import Tracing
from workers.at_hand import AtHand
from workers.deadline import last_words, limit_memory
from workers.pool_table import Row
from workers.stages import Step

_SITES_SECONDS = 1.0
"""What a site repeats is not waited for longer."""
log = structlog.get_logger("workers")


@dataclass
class Runtime:
    """The clients of one worker process, opened on first use and kept."""

    settings: Settings
    ledger: Ledger
    bell: Bell
    stories: Stories
    sites: Sites
    known_sites: KnownSites
    revisions: Revisions
    at_hand: AtHand
    plan: dict[Stage, Step]
    row: Row
    tracing: Tracing
    make_breaker: Callable[[Breaking], Breaker]
    breakers: dict[Breaking, Breaker] = field(default_factory=dict)
    alone: bool = False

    def breaker(self, name: Breaking) -> Breaker:
        """A room's breaker, or the archive's, which all workers share."""
        if name not in self.breakers:
            self.breakers[name] = self.make_breaker(name)
        return self.breakers[name]

    def go_alone(self) -> None:
        """This process takes suspects from now on: its memory may grow so far and no further."""
        if not self.alone:
            limit_memory(self.settings.page_memory_mib)
            self.alone = True


def open_runtime(settings: Settings, notes: Path, plan: dict[Stage, Step], row: Row) -> Runtime:
    """Connects a fresh process.

    Args:
        settings: which parts there are.
        notes: the folder that it shares with its parent (workers/at_hand.py).
        plan: what is done in each stage.
        row: where it counts.
    """
    client = clients.redis_client(settings, timeout=10)
    sites = clients.sites(settings, clients.redis_client(settings, timeout=_SITES_SECONDS))
    at_hand = AtHand(notes)
    last_words(at_hand.last_words)
    return Runtime(
        settings=settings,
        ledger=clients.ledger(settings, client),
        bell=clients.bell(settings, client),
        stories=clients.stories(settings, client, clients.search_index(settings)),
        sites=sites,
        known_sites=clients.known_sites(settings, sites),
        revisions=clients.revisions(settings, client),
        at_hand=at_hand,
        plan=plan,
        row=row,
        tracing=clients.tracing(settings, "worker"),
        make_breaker=lambda name: clients.breaker(settings, client, name),
    )
