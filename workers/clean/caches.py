"""Keeps the vendors' caches from growing with each page that a long-lived worker has seen."""

from trafilatura.meta import reset_caches

_BYTES_BETWEEN = 64 * 1024 * 1024


class CacheKeeper:
    """Empties the caches once so many bytes of HTML have gone through.

    They are bounded by their entries, not by size: whole lines of text are keys, so a few large pages could hold
    hundreds of megabytes. Emptying costs some 50 ms, most of it a full garbage collection: under 1 % of the time that
    64 MiB of HTML take.
    """

    def __init__(self, bytes_between: int = _BYTES_BETWEEN) -> None:
        self._bytes_between = bytes_between
        self._seen = 0

    def saw(self, size: int) -> None:
        """Counts a page of `size` bytes."""
        self._seen += size
        if self._seen >= self._bytes_between:
            self._seen = 0
            reset_caches()
