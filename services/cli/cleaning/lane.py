"""A child process that cleans lines, replaced whenever a page has ended it."""

import contextlib
import os
import signal
import subprocess
import tempfile
from types import TracebackType
from typing import IO, Final, Self

from services.cli.cleaning.answers import refused
from services.cli.cleaning.frames import read_frame, write_frame
from services.cli.failure import CommandFailed
from shared.children import child_environment, module_command
from shared.errors import Refused
from shared.settings import Settings

_ENDING_SECONDS: Final = 5.0
_LAST_BYTES: Final = 4096
_TOO_LONG: Final = Refused("page-too-large", "The line is longer than any page.", limit="PAGEMILL_PAGE_MAX_BYTES")


class Lane:
    """Cleans one line at a time, in a process of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        """What the child says on standard error until it is ready."""
        self.answered = 0
        """Lines that the child lived to answer."""
        self.lost = 0
        """Lines that ended it."""
        self._start()

    def clean(self, line: bytes | None) -> bytes:
        """The answer to a line, also where the page ended the process that worked on it.

        Args:
            line: to be cleaned; None is one too long.

        Raises:
            CommandFailed: the process does not even start.
        """
        if line is None:
            return refused(None, _TOO_LONG)
        child = self._ready()
        with contextlib.suppress(OSError):
            write_frame(_open(child.stdin), line)
            if (answer := read_frame(_open(child.stdout))) is not None:
                self.answered += 1
                return answer
        self.lost += 1
        return self._lost(line, child)

    def close(self) -> None:
        """Ends the process; whoever waits for its answer gets one at once."""
        if child := self._child:
            child.kill()
            _ended(child)
        if self._said:
            self._said.close()

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
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed once the child is ready)
        self._child = subprocess.Popen(  # noqa: S603  (our own module)
            module_command("services.cli.cleaning.child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=child_environment(),
        )
        return self._child

    def _ready(self) -> "subprocess.Popen[bytes]":
        """The child, once it has said that it is ready; a new one where the last page has ended it."""
        child = self._child
        if child is None or (self._said is None and child.poll() is not None):
            child = self._start()
        if said := self._said:
            if read_frame(_open(child.stdout)) is None:
                raise _not_started(_ended(child), said)
            said.close()
            self._said = None
        return child


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the child has no pipes")
    return pipe


def _not_started(code: int, said: IO[bytes]) -> CommandFailed:
    from services.cli.showing.terminal import plain  # noqa: PLC0415  (for this rare case only)

    said.seek(max(0, said.seek(0, os.SEEK_END) - _LAST_BYTES))
    lines = plain(said.read().decode(errors="replace")).split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")
    return CommandFailed(f"the process that cleans pages does not start (exit status {code})", last)


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
