"""How often a key may still be used: a bucket for the minute, a count for the day."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from shared.keys import ApiKey
from shared.keys.store import today

_MINUTE: Final = 60.0
_DAY: Final = 86_400


class Allowance:
    """What one process knows of a key's use. Uses by other processes come in by `others_used`, a second late.

    Args:
        key: whose rate and quota hold.
        clock: seconds that only grow.
    """

    def __init__(self, key: ApiKey, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._quota = key.rate, key.quota
        self._clock = clock
        self._tokens = float(key.rate or 0)
        self._filled_at = clock()
        self._day = today()
        self._used = 0
        self._told = 0
        self._compared = False

    def wait(self) -> float | None:
        """Counts one use; None, or the seconds after which it may be tried again where it is one too many."""
        if self._day != today():
            self._day, self._used, self._told = today(), 0, 0
        if self._quota is not None and self._used >= self._quota:
            return _until_tomorrow()
        if self._rate is not None:
            self._fill(self._rate)
            if self._tokens < 1:
                return (1 - self._tokens) * _MINUTE / self._rate
            self._tokens -= 1
        self._used += 1
        return None

    @property
    def untold(self) -> int:
        """Uses that have not been written down yet."""
        return self._used - self._told

    def noted(self, day: str, added: int, total: int) -> None:
        """What was written down, and how often the key was used that day by all processes together."""
        if day != self._day:
            return
        others = max(0, total - added - self._told)
        self._used += others
        self._told = total
        if self._compared:
            self._tokens -= others
        self._compared = True  # what came before this process began is no part of its minute

    def _fill(self, rate: int) -> None:
        now = self._clock()
        self._tokens = min(float(rate), self._tokens + (now - self._filled_at) * rate / _MINUTE)
        self._filled_at = now


def _until_tomorrow() -> float:
    now = datetime.now(UTC)
    return _DAY - (now.hour * 3600 + now.minute * 60 + now.second)
