import signal
from types import FrameType, TracebackType
from typing import Any, Final, Self

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AskedToStop:
    """Whether a signal has asked this process to stop, and whether a second one wants it at once.

    SIGHUP, a terminal that closes, counts too, but not where it was ignored from the start (nohup).
    """

    def __init__(self) -> None:
        self._times = 0
        self._before: dict[signal.Signals, Any] = {}

    @property
    def asked(self) -> bool:
        """Once, at least."""
        return self._times > 0

    @property
    def hurried(self) -> bool:
        """Twice, at least."""
        return self._times > 1

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._count)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def ask(self) -> None:
        """Asks, as a signal would."""
        self._times += 1

    def _count(self, _number: int, _frame: FrameType | None) -> None:
        self.ask()
