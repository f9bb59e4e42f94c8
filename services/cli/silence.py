import math
import threading
import time
from collections.abc import Callable
from typing import Final

_QUESTIONS: Final = 12
"""Asked so often within the time that a program may be silent."""
_ABSENT_SECONDS: Final = 10.0
"""The supervisor looks each second; after so long without a look it was held up itself, as the machine was."""


class Silence:
    """How long a program has answered nothing, though it runs.

    It is asked in a thread, so that nobody waits for an answer that does not come, and one question at a time. An
    answer that comes late is one all the same: a machine with too much to do is slow, and no reason to start again.

    Args:
        hears: asks it, and says whether it answered anything within so many seconds.
        patience_seconds: how long it may be silent.
    """

    def __init__(self, hears: Callable[[float], bool], patience_seconds: float) -> None:
        self._hears = hears
        self._patience_seconds = patience_seconds
        self._heard = 0.0
        self._looked = -math.inf
        self._ask_at = 0.0
        self._asking: threading.Thread | None = None

    def begin(self) -> None:
        """The program is about to be started."""
        self._looked = -math.inf

    def still(self) -> str:
        """Why the program is taken to stand still; empty where it is not. Asks it, too, whenever that is due."""
        now = time.monotonic()
        if now - self._looked > _ABSENT_SECONDS:
            self._heard = self._ask_at = now
        self._looked = now
        if now >= self._ask_at and (self._asking is None or not self._asking.is_alive()):
            self._ask_at = now + self._patience_seconds / _QUESTIONS
            self._asking = threading.Thread(target=self._ask, name="asks", daemon=True)
            self._asking.start()
        silent = now - self._heard
        return f"it runs and answers nothing; silent for {silent:.0f} s" if silent > self._patience_seconds else ""

    def _ask(self) -> None:
        if self._hears(self._patience_seconds / 2):
            self._heard = time.monotonic()
