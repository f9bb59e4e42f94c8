"""How the search index does, asked beside whoever wants to know: one that hangs holds up nothing of the ledger."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from shared.errors import DependencyUnavailable
from shared.models.frozen import Carried
from shared.search.port import Disk, SearchIndex

_FRESH_SECONDS: Final = 10.0
"""It is asked seldom: on Elasticsearch it is several requests."""
_SOON_SECONDS: Final = 0.5
"""So long a question is waited for; after that what was answered last is told."""
_LATE_SECONDS: Final = 5.0
"""A question that is open for longer has no answer, as in `/readyz`."""


class IndexStanding(Carried):
    """How the search index does."""

    ok: bool
    detail: str
    documents: int | None
    disk: Disk | None


_SILENT: Final = IndexStanding(ok=False, detail="no answer in time", documents=None, disk=None)


class IndexWatch:
    """Asks an index one question at a time, each in a thread of its own. Threads share it.

    Args:
        index: the one that is searched.
        clock: seconds, going forward.
    """

    def __init__(self, index: SearchIndex, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._answered.set()
        self._asked_at = -_FRESH_SECONDS
        self._last = _SILENT

    def now(self) -> IndexStanding:
        """What it answered last, within half a second; one that has not answered in time is not well."""
        with self._lock:
            if self._answered.is_set() and self._clock() - self._asked_at >= _FRESH_SECONDS:
                threading.Thread(target=self._ask, name="ask the index", daemon=True).start()
                self._answered.clear()
                self._asked_at = self._clock()
        self._answered.wait(self._asked_at + _SOON_SECONDS - self._clock())
        with self._lock:
            late = not self._answered.is_set() and self._clock() - self._asked_at >= _LATE_SECONDS
            return _SILENT if late else self._last

    def _ask(self) -> None:
        told = self._told()
        with self._lock:
            self._last = told
            self._answered.set()

    def _told(self) -> IndexStanding:
        try:
            ok, detail = self._index.healthy()
            documents: int | None = None
            if ok:
                with suppress(DependencyUnavailable):
                    documents = self._index.count()
            return IndexStanding(ok=ok, detail=detail, documents=documents, disk=self._index.disk())
        except Exception as error:  # noqa: BLE001  (an index that cannot be asked is not well)
            return IndexStanding(ok=False, detail=f"{type(error).__name__}: {error}", documents=None, disk=None)
