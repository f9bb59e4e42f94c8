import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from typing import Final

from services.supervisor import orphans
from services.supervisor.logs import open_log, put_aside_if_large
from services.supervisor.program import Place, Program

_LAUNCH: Final = (sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py")))


def tied_to_us(argv: Sequence[str]) -> tuple[str, ...]:
    """The command line that runs a program so that the kernel ends it when this process ends, however that ends.

    The thread that starts it has to live as long as the process. Where the kernel knows no such wish (macOS) the
    program outlives a process that is killed.
    """
    return (*_LAUNCH, str(os.getpid()), *argv)


class Child:
    """One start of a program: a process with a session and a group of its own, so that Ctrl-C does not reach it."""

    def __init__(self, program: Program, place: Place) -> None:
        self.program = program
        self._data = place.data
        log = place.log_file(program.name)
        put_aside_if_large(log, place.log_max_bytes)
        program.prepare()
        with open_log(log) as output:
            self._process = subprocess.Popen(  # noqa: S603  (programs of our own, no shell)
                tied_to_us(program.argv),
                env={**program.env, orphans.INSTANCE: orphans.mark(place.data)},
                cwd=place.run,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=program.fds,
                start_new_session=True,
            )
        self.pid = self._process.pid
        self.killed = False
        self._since = time.monotonic()
        orphans.record(place.data, program.name, self.pid)

    @property
    def lived(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._since

    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number where a signal ended it."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Sends the program's own signal."""
        self._process.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        """Ends it at once, with what it has started."""
        self.killed = True
        with suppress(ProcessLookupError, PermissionError):  # no group is left; macOS says so by the second
            os.killpg(self.pid, SIGKILL)

    def clear_away(self) -> None:
        """After its exit: ends what it has started and left, and takes its record away."""
        self.kill()
        orphans.forget(self._data, self.program.name)
