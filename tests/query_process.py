"""A query service in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class QueryProcess:
    """The service.

    Args:
        data: the folder whose index it reads.
    """

    def __init__(self, data: Path, **settings: str) -> None:
        self._data = data
        self._settings = settings
        self.url = ""
        self.start("127.0.0.1:0")

    def start(self, listen: str) -> None:
        """Starts it, and waits until it listens."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
        given = {f"PAGEMILL_{name.upper()}": value for name, value in self._settings.items()}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", "serve", "query"],
            env={**kept, **given, "PAGEMILL_DATA": str(self._data), "PAGEMILL_LISTEN": listen},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stderr
        line = self._process.stderr.readline()
        assert "listens on" in line, line
        self.url = line.split()[-1]

    def again(self) -> None:
        """Kills it, and starts another on the same port."""
        self.kill()
        self.start(self.url.removeprefix("http://"))

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def kill(self) -> None:
        """Ends it at once."""
        self._process.kill()
        self._process.wait()
        assert self._process.stderr
        self._process.stderr.close()


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[QueryProcess]:
    """A service of one's own."""
    service = QueryProcess(data, **settings)
    try:
        yield service
    finally:
        service.kill()
