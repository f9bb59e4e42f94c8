"""Pages whose deletes have not reached the index: while it cannot be written to it still has their documents."""

import threading
import time
from collections.abc import Mapping
from typing import Final

from shared.errors import DependencyUnavailable
from shared.ledger.errands import Errands
from shared.models.frozen import PageId

MOST: Final = 10_000
"""Pages that are told of; an engine takes no query without more."""
_NONE_SECONDS: Final = 0.5
"""How long it is believed that there are none. Where there are some each call asks: a page may have come back."""
_AWAY_SECONDS: Final = 2.0
"""How long a ledger that is away is not asked again; what it told last is what is known."""


class BeingDeleted:
    """The deletes that wait, as readers of the index ask for them; threads may share it.

    Args:
        errands: of the ledger, whose client answers or fails soon.
    """

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._known: Mapping[PageId, int] = {}

    def __call__(self) -> Mapping[PageId, int]:
        """The version of the delete of each, `MOST` at most."""
        with self._lock:
            if time.monotonic() >= self._next_at:
                self._look()
            return self._known

    def _look(self) -> None:
        try:
            found = self._errands.waiting("delete", MOST)
        except DependencyUnavailable:
            self._next_at = time.monotonic() + _AWAY_SECONDS
            return
        self._known = {each.id: each.version for each in found[:MOST]}
        self._next_at = 0.0 if found else time.monotonic() + _NONE_SECONDS
