"""A child process that cleans lines, replaced whenever a page has ended it."""

import contextlib
import signal
import subprocess
import sys
from types import TracebackType
from typing import Final, Self

from services.cli.cleaning.answers import refused
from services.cli.cleaning.frames import read_frame, write_frame
from shared.errors import Refused
from shared.settings import Settings

_ENDING_SECONDS: Final = 5.0
_TOO_LONG: Final = Refused("page-too-large", "The line is longer than any page.", limit="PAGEMILL_PAGE_MAX_BYTES")


class Lane:
    """Cleans one line at a time, in a process of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = self._start()

    def clean(self, line: bytes | None) -> bytes:
        """The answer to a line, also where the page ended the process that worked on it; None is one too long."""
        if line is None:
            return refused(None, _TOO_LONG)
        child = self._child if self._child and self._child.poll() is None else self._start()
        self._child = child
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the child has no pipes")
        with contextlib.suppress(OSError):
            write_frame(child.stdin, line)
            if (answer := read_frame(child.stdout)) is not None:
                return answer
        return self._lost(line, child)

    def close(self) -> None:
        """Ends the process; whoever waits for its answer gets one at once."""
        if child := self._child:
            child.kill()
            _ended(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _lost(self, line: bytes, child: "subprocess.Popen[bytes]") -> bytes:
        from services.cli.cleaning.lines import id_of  # noqa: PLC0415  (the parser is for this rare case only)

        code = _ended(child)
        self._child = None
        seconds = self._settings.page_seconds
        if code == -signal.SIGALRM:
            why = Refused("cleaning-failed", f"The page took longer than {seconds:g} s.", limit="PAGEMILL_PAGE_SECONDS")
        else:
            why = Refused("cleaning-failed", f"The page ended the process that worked on it (exit status {code}).")
        return refused(id_of(line, self._settings), why)

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "services.cli.cleaning.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def _ended(child: "subprocess.Popen[bytes]") -> int:
    """The exit status of a child that has ended, or should have."""
    try:
        code = child.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        code = child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()
    return code
