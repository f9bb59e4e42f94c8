import signal
import time
from dataclasses import dataclass, field
from typing import Final

import structlog

from services.supervisor.backoff import Backoff
from services.supervisor.child import Child
from services.supervisor.logs import last_line
from services.supervisor.program import Place, Program
from shared.errors import DependencyUnavailable

log = structlog.get_logger("supervisor")

LOOP: Final = 3
"""Exits in a row that are called a crash loop."""
_WORK_SECONDS: Final = 1.0
"""Between two looks at a program's work."""


@dataclass
class Watched:
    """A program that is started again whenever it exits."""

    program: Program
    place: Place
    backoff: Backoff = field(default_factory=Backoff)
    child: Child | None = None
    ready: bool = False
    starts: int = 0
    _due: float = 0.0
    _asked_again: float = 0.0

    def start(self) -> None:
        """Starts it now; where that fails it is due again later."""
        self.starts += 1
        try:
            self.child = Child(self.program, self.place)
        except (OSError, DependencyUnavailable) as error:
            delay = self._down(lived=0.0)
            log.warning("cannot start", program=self.program.name, detail=str(error), again_in_seconds=delay)
        else:
            log.debug("started", program=self.program.name, pid=self.child.pid)

    def look(self) -> None:
        """Notices an exit, starts it again when that is due, and asks whether it is ready."""
        if self.child is None:
            if time.monotonic() >= self._due:
                self.start()
        elif (code := self.child.exit_code()) is not None:
            self._exited(self.child, code)
        elif not self.ready and self.program.ready():
            self.ready = True
            if self.starts > 1:
                log.info("ready again", program=self.program.name, pid=self.child.pid)
        elif self.ready:
            self._look_at_its_work(self.child)

    def _look_at_its_work(self, child: Child) -> None:
        """That a process runs proves nothing: one that stands still is ended, and the next look starts it again."""
        if time.monotonic() < self._asked_again:
            return
        self._asked_again = time.monotonic() + _WORK_SECONDS
        if not child.killed and (why := self.program.still()):
            log.error("stands still", program=self.program.name, pid=child.pid, why=why)
            child.kill()

    def gone(self) -> bool:
        """Whether nothing runs; what has exited is cleared away."""
        if self.child is not None and self.child.exit_code() is not None:
            self.child.clear_away()
            self.child = None
        return self.child is None

    def last_words(self) -> str:
        """The last line of its log."""
        return last_line(self.place.log_file(self.program.name))

    def end_now(self, why: str) -> None:
        """Ends it and what it has started, if it runs; told once."""
        if self.child is not None and not self.child.killed:
            log.warning("killed", program=self.program.name, pid=self.child.pid, why=why)
            self.child.kill()

    def _down(self, lived: float) -> float:
        delay = self.backoff.exited(lived)
        self.child, self.ready, self._due = None, False, time.monotonic() + delay
        return delay

    def _exited(self, child: Child, code: int) -> None:
        child.clear_away()
        delay = self._down(child.lived)
        row = self.backoff.in_a_row
        (log.error if row >= LOOP else log.warning)(
            "crash loop" if row >= LOOP else "exited",
            program=self.program.name,
            pid=child.pid,
            how=how(code),
            lived_seconds=round(child.lived, 1),
            exits_in_a_row=row,
            again_in_seconds=delay,
            last_line=self.last_words(),
            log=str(self.place.log_file(self.program.name)),
        )


def how(code: int) -> str:
    """An exit code in words: `exit 1`, `SIGKILL`."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
