"""Which rooms wait for something that is away or does not let them, and why."""

from collections.abc import Callable
from typing import Final

from shared.breaker import Breaker, Breaking
from shared.ledger.ledger import Ledger

_NAMES: Final[tuple[Breaking, ...]] = ("clean", "enrich", "index", "archive", "solo")


class HeldUp:
    """What the rooms' breakers know.

    Args:
        ledger: what waits for whom.
        breaker: of a room, or of the archive.
    """

    def __init__(self, ledger: Ledger, breaker: Callable[[Breaking], Breaker]) -> None:
        self._ledger = ledger
        self._breaker = breaker

    def no_way_back(self) -> str | None:
        """Why the index that is kept could not go live again; None where it could, or none is kept.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        shown = self._ledger.rebuilds.shown()
        kept = (each for each in (shown.generations if shown else ()) if each.role == "kept" and each.trouble)
        return next((f"no rollback to {each.name}: {each.trouble}" for each in kept), None)

    def told(self) -> str | None:
        """Rooms where something waits, with the last failure that has not been made good; None where there is none.

        Where nothing waits, a failure may be over: nobody has tried again.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        waiting = {name for name, room in self._ledger.counts().rooms.items() if room.waiting}
        if "index" in waiting or self._ledger.errands.left():
            waiting |= {"index", "archive"}
        found = ((name, self._breaker(name).trouble()) for name in _NAMES if name in waiting)
        return "; ".join(f"{name}: {why}" for name, why in found if why is not None) or None
