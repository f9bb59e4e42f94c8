"""The parent as watchdog over its pool: behind the kernel timer of the child (deadline.py), which a page may block."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from workers.at_hand import position_of

GRACE_SECONDS: Final = 1.0
"""The child's own timer comes first."""


class PageWatch:
    """Tells which pool processes have had one page in hand for too long.

    A note is the same as long as its process is at the same page; for how long is counted by the clock of the parent
    that only goes forward, so wall clocks may jump.

    Args:
        folder: where the pool's notes are (at_hand.py).
        page_seconds: what one page may take.
    """

    def __init__(self, folder: Path, page_seconds: float) -> None:
        self._folder = folder
        self._patience_seconds = page_seconds + GRACE_SECONDS
        self._since: dict[tuple[str, int, int, int], float] = {}

    def overdue(self, pids: Iterable[int], now: float) -> list[int]:
        """Those of these processes that are to be ended.

        Args:
            pids: the pool.
            now: seconds of a clock that only goes forward; asked about once a second.
        """
        seen: dict[tuple[str, int, int, int], int] = {}
        for pid in pids:
            for path in self._folder.glob(f"{pid}-*"):
                if not path.suffix and (sign := _sign(path)):
                    seen[sign] = pid
        self._since = {sign: self._since.get(sign, now) for sign in seen}
        return [pid for sign, pid in seen.items() if now - self._since[sign] > self._patience_seconds]


def _sign(path: Path) -> tuple[str, int, int, int] | None:
    """What changes with every page; None where no page is in hand."""
    try:
        found = path.stat()
        position = position_of(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return None if position is None else (path.name, found.st_ino, found.st_mtime_ns, position)
