import time
from contextlib import suppress
from pathlib import Path
from typing import Final

QUIET_SECONDS: Final = 30.0
"""A worker that does its work touches its file each second, unless the ledger keeps it waiting for ten."""


class Pulse:
    """The file that a worker touches while it does its work (workers/alive.py), as its supervisor sees it.

    How long it was quiet is counted by this process's own clock, so wall clocks may jump.

    Args:
        file: the worker's PAGEMILL_ALIVE_FILE.
        quiet_seconds: for how long it may be untouched.
    """

    def __init__(self, file: Path, quiet_seconds: float = QUIET_SECONDS) -> None:
        self.file = file
        self._quiet_seconds = quiet_seconds
        self._touched = 0
        self._seen = 0.0

    def begin(self) -> None:
        """The worker is about to be started."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)
        self._touched, self._seen = 0, 0.0

    def still(self) -> str:
        """Why the worker is taken to stand still; empty where it is not."""
        now = time.monotonic()
        try:
            touched = self.file.stat().st_mtime_ns
        except OSError:
            touched = 0
        if touched != self._touched or not self._seen:
            self._touched, self._seen = touched, now
        quiet = now - self._seen
        if quiet <= self._quiet_seconds:
            return ""
        return f"pages wait and it takes none, or it does not run; quiet for {quiet:.0f} s"
