"""How far a run has got: a bar on a terminal, else a line now and then."""

import sys
import time
from types import TracebackType
from typing import Final, Self

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from services.cli.posting.tally import Tally
from services.cli.showing.terminal import err, one_line

_EVERY: Final = 5.0
"""Seconds between two lines where there is no terminal."""


class Shown:
    """Progress of a run, on standard error.

    Args:
        size: bytes of all files; 0 where it is not known.
        quiet: nothing is shown but remarks.
    """

    def __init__(self, size: int, *, quiet: bool = False) -> None:
        self._console = err()
        self._begun = self._told = time.monotonic()
        self._remarked = ""
        self._quiet = quiet
        self._bar: Progress | None = None
        if sys.stderr.isatty() and not quiet:
            self._bar = Progress(
                BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn(),
                console=self._console, transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("", total=size or None)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def moved(self, tally: Tally, read: int) -> None:
        """So much is answered, and so many bytes of the files have been read."""
        line = self._line(tally)
        if self._bar:
            self._bar.update(self._task, completed=read, description=line)
        elif not self._quiet and time.monotonic() - self._told > _EVERY:
            self._told = time.monotonic()
            self._console.print(line)

    def remark(self, text: str) -> None:
        """Why nothing moves; the same reason is told once until another comes."""
        reason = text.partition(";")[0]
        if reason != self._remarked:
            self._console.print(one_line(text))
        self._remarked = reason

    def _line(self, tally: Tally) -> str:
        fresh = tally.answered - tally.earlier
        seconds = max(time.monotonic() - self._begun, 1e-3)
        rejected = tally.counts["rejected"]
        return f"{tally.answered:,} answered, {fresh / seconds:,.0f}/s" + (f", {rejected:,} rejected" * bool(rejected))
