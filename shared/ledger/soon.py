"""Whether Redis answers at once, asked before many things are asked of it."""

import threading
import time
from typing import Final

import redis

from shared.errors import DependencyUnavailable
from shared.ledger.connection import available

SOON_SECONDS: Final = 0.5
_KEPT_SECONDS: Final = 1.0


class AnswersSoon:
    """One question for all who would ask one each: a Redis that stands still would hold up every one of them.

    Args:
        client: whose calls fail after `SOON_SECONDS`.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._asked_at: float | None = None
        self._error: DependencyUnavailable | None = None

    def __call__(self) -> None:
        """Raises DependencyUnavailable where it does not, or did not within the last second."""
        with self._lock:
            if self._asked_at is None or time.monotonic() - self._asked_at > _KEPT_SECONDS:
                self._error = self._ask()
                self._asked_at = time.monotonic()
            error = self._error
        if error is not None:
            raise DependencyUnavailable(error.name, error.detail)

    def close(self) -> None:
        """Lets the connection go."""
        self._client.close()

    def _ask(self) -> DependencyUnavailable | None:
        try:
            with available():
                self._client.ping()
        except DependencyUnavailable as error:
            return error
        return None
