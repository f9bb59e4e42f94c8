"""The parent's watch over processes of its pool that are stopped (SIGSTOP), which none of the other watches sees.

Such a process has no page in hand, but is in the pool all the same: it is given bells, takes none, and each one that
it is given keeps the next from being rung for seconds.
"""

from collections.abc import Iterable

import psutil


class StoppedWatch:
    """Tells which pool processes have been stopped for too long.

    Args:
        patience_seconds: how long one may be; whoever stops one for a moment finds it again.
    """

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._since: dict[int, float] = {}

    def overdue(self, pool: Iterable[psutil.Process], now: float) -> list[int]:
        """The ids of those of these processes that are to be ended.

        Args:
            pool: all of it.
            now: seconds of a clock that only goes forward; asked about once a second.
        """
        self._since = {each.pid: self._since.get(each.pid, now) for each in pool if _stopped(each)}
        return [pid for pid, since in self._since.items() if now - since > self._patience_seconds]


def _stopped(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False
