from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals


def _nothing() -> None:
    """What a program needs done before it starts, when it needs nothing."""


def _at_once() -> bool:
    """The readiness of a program that has none to show."""
    return True


@dataclass(frozen=True)
class Program:
    """One process to keep running.

    Args:
        name: names its log file and its record.
        argv: what is run; an absolute path, or a name on the PATH.
        env: its whole environment.
        prepare: called before each start.
        ready: asked again and again after a start, until it says yes; answers within a second.
        lacks: what it was waiting for when it was last asked, in words.
        still: asked about once a second once it is ready: why it does no work though it runs, in words; empty where it
            does. Such a program is ended, and so started again.
        stop_signal: what asks it to end.
        grace: seconds between that and SIGKILL.
        fds: file descriptors that it inherits.
        gate: whether what comes after it waits until it is ready; it is also spared when the others are hurried.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    prepare: Callable[[], None] = _nothing
    ready: Callable[[], bool] = _at_once
    lacks: Callable[[], str] = str
    still: Callable[[], str] = str
    stop_signal: Signals = SIGTERM
    grace: float = 45.0
    fds: tuple[int, ...] = ()
    gate: bool = False


@dataclass(frozen=True)
class Place:
    """Where programs run.

    Args:
        data: the data folder that they all belong to, absolute.
        log_max_bytes: bytes of a log file before it is put aside.
    """

    data: Path
    log_max_bytes: int = 16 * 1024 * 1024

    @property
    def run(self) -> Path:
        """Records and sockets; the programs' working folder."""
        return self.data / "run"

    @property
    def logs(self) -> Path:
        """What they print."""
        return self.data / "logs"

    def log_file(self, name: str) -> Path:
        """What one of them prints."""
        return self.logs / f"{name}.log"
