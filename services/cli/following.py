"""How far what was asked of the index has got: a bar on a terminal, else a line now and then."""

import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, Final

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from services.cli.client import Client, ServerAway, ServerRefused
from services.cli.showing.generations import progress
from services.cli.showing.terminal import err

_LOOK_SECONDS: Final = 0.3
_EVERY: Final = 5.0
"""Seconds between two lines where there is no terminal, and until it is told that nobody has begun."""
_AWAY: Final = 503
_AWAY_SECONDS: Final = 60.0
"""How long the services may be away: they may be started anew while the index is worked on."""


def followed(client: Client, path: str, told: Mapping[str, Any], *, quiet: bool) -> Mapping[str, Any]:
    """Asks at `path` until what was asked has ended, or another was asked; the last answer.

    Args:
        client: of the services.
        path: `GET` gives the index's report.
        told: the answer to what was asked.
        quiet: nothing is shown.
    """
    number = told["rebuild"]["number"]
    shown = _Shown(quiet=quiet)
    with shown.bar or nullcontext():
        while not told["rebuild"]["ended_at"] and told["rebuild"]["number"] == number:
            shown.moved(told["rebuild"])
            time.sleep(_LOOK_SECONDS)
            told = _asked(client, path)
    return told


def _asked(client: Client, path: str) -> Mapping[str, Any]:
    until = time.monotonic() + _AWAY_SECONDS
    while True:
        try:
            told: Mapping[str, Any] = client.get(path)
        except (ServerAway, ServerRefused) as error:
            if time.monotonic() > until or getattr(error, "status", _AWAY) != _AWAY:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return told


class _Shown:
    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._console = err()
        self._told, self._line = time.monotonic(), ""
        self.bar: Progress | None = None
        self._task = TaskID(0)
        if sys.stderr.isatty() and not quiet:
            columns = BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
            self.bar = Progress(*columns, console=self._console, transient=True)
            self._task = self.bar.add_task("", total=None)

    def moved(self, rebuild: Mapping[str, Any]) -> None:
        line = progress(rebuild)
        if self.bar:
            done = rebuild["comparison"]["live"] if rebuild["state"] == "checking" else rebuild["done"]
            total = max(rebuild["total"], done) or None
            self.bar.update(self._task, description=line, completed=done, total=total)
        elif not self._quiet and line != self._line and time.monotonic() - self._told > _EVERY:
            self._told, self._line = time.monotonic(), line
            self._console.print(line)
