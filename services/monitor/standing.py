"""How the parts do that pages need beside the workers: the intake, the ledger's server, the index, the breakers."""

import threading
import time
from collections.abc import Callable
from typing import Final, Generic, Literal, TypeVar

from services.monitor.index_watch import IndexStanding, IndexWatch
from shared.ledger.carried import Counts
from shared.ledger.ledger import Ledger
from shared.ledger.server import ServerState
from shared.models.frozen import Carried
from shared.search.port import SearchIndex
from shared.settings import Settings

_NEAR: Final = 0.8
"""Share of a limit from which the intake is told as slowing: senders will be refused soon unless the line drains."""
_FRESH_SECONDS: Final = 2.0

T = TypeVar("T")
IntakeState = Literal["open", "slowing", "refusing"]


class Intake(Carried):
    """Whether pages are taken in."""

    state: IntakeState
    detail: str | None
    """Why it is not open."""
    pages: int
    """Waiting or worked on."""
    pages_max: int
    bytes: int
    bytes_max: int
    memory_share: float
    """Of Redis's maxmemory."""
    memory_high_water: float
    retry_after_seconds: float | None
    """What refused senders are told to wait; None while none are refused."""


class BreakerStanding(Carried):
    """A room's breaker."""

    open: bool
    failures: int
    """In a row."""


class Standing(Carried):
    """Everything but pages and workers."""

    intake: Intake
    server: ServerState
    index: IndexStanding
    breakers: dict[str, BreakerStanding]


class Recent(Generic[T]):
    """An answer that is kept for some seconds; threads share it.

    Args:
        seconds: that it is kept.
        ask: for it; what it raises is raised.
    """

    def __init__(self, seconds: float, ask: Callable[[], T]) -> None:
        self._seconds = seconds
        self._ask = ask
        self._lock = threading.Lock()
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        """The answer, asked anew where it is too old."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > self._seconds:
                self._kept = (time.monotonic(), self._ask())
            return self._kept[1]


class Standings:
    """Asks for it, every few seconds at most, however many want to know.

    Args:
        settings: the limits.
        ledger: whose server, line and breakers.
        index: asked beside all else, and more seldom.
    """

    def __init__(self, settings: Settings, ledger: Ledger, index: SearchIndex) -> None:
        self._settings = settings
        self._ledger = ledger
        self._server = Recent(_FRESH_SECONDS, ledger.server.state)
        self._index = IndexWatch(index)

    def now(self, counts: Counts) -> Standing:
        """What is so now.

        Args:
            counts: the ledger's, as just read.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        return Standing(
            intake=self.intake(counts),
            server=self._server.get(),
            index=self.index(),
            breakers={
                room: BreakerStanding(open=opened, failures=failures)
                for room, (opened, failures) in self._ledger.breakers().items()
            },
        )

    def index(self) -> IndexStanding:
        """How the index does; one that cannot be asked, or does not answer in time, is not well."""
        return self._index.now()

    def intake(self, counts: Counts) -> Intake:
        """Whether pages are taken in, by the rules of `Ledger.accept`."""
        settings, pages = self._settings, counts.waiting + counts.working
        memory, stood = self._ledger.memory_share(), counts.stood_seconds
        held = self._ledger.held_off()
        shares = {
            f"{pages} pages wait, of {settings.line_max_pages} that may": pages / settings.line_max_pages,
            f"{counts.waiting_bytes} bytes wait, of {settings.line_max_bytes} that may": counts.waiting_bytes
            / settings.line_max_bytes,
            f"Redis holds {memory:.0%} of its memory, of {settings.redis_high_water:.0%} that it may": memory
            / settings.redis_high_water,
            f"pages have waited for {stood:.0f} seconds in one room, of {settings.line_max_seconds:.0f}": stood
            / settings.line_max_seconds,
        }
        told, fullest = max(shares.items(), key=lambda one: one[1])
        state: IntakeState = "refusing" if held or fullest >= 1 else "slowing" if fullest >= _NEAR else "open"
        return Intake(
            state=state,
            detail=held or (told if state != "open" else None),
            pages=pages,
            pages_max=settings.line_max_pages,
            bytes=counts.waiting_bytes,
            bytes_max=settings.line_max_bytes,
            memory_share=memory,
            memory_high_water=settings.redis_high_water,
            retry_after_seconds=self._ledger.retry_after() if state == "refusing" else None,
        )
