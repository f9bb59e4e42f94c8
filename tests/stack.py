"""The whole house as real processes, for tests and measurements."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil

_START_SECONDS = 60.0


class Stack:
    """`pagemill up` on a folder of its own and any free port.

    Args:
        data: the data folder; also holds what `up` printed, in `up.log`.
        root: the folder whose packages run; ours if absent.
        settings: PAGEMILL_* without the prefix, such as `lease_seconds=2`.
    """

    def __init__(self, data: Path, root: Path | None = None, /, **settings: object) -> None:
        self.data = data
        self.root = root or Path(__file__).parents[1]
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PAGEMILL_")},
            **{f"PAGEMILL_{name.upper()}": str(value) for name, value in settings.items()},
            "PAGEMILL_DATA": str(data),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Stack":
        """Starts it and waits until it is ready for pages.

        Raises:
            RuntimeError: it ended or was not ready in time; what it printed is in the message.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        address = self.data / "url"
        address.unlink(missing_ok=True)
        with (self.data / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.cli.main", "up", "--port", "0"],
                env=self.environment,
                cwd=self.root,  # `-m` looks here first
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if address.exists() and self._ready(address.read_text().strip()):
                return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the stack did not start:\n{(self.data / 'up.log').read_text()[-4000:]}")

    @property
    def url(self) -> str:
        """Where the services answer."""
        return (self.data / "url").read_text().strip()

    @staticmethod
    def _ready(url: str) -> bool:
        try:
            return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> int:
        """Ends it as an operator would; its exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(75)

    def client(self) -> httpx.Client:
        """A client of the services."""
        return httpx.Client(base_url=self.url, timeout=30)

    def run(self, *arguments: str, **kwargs: Any) -> "subprocess.CompletedProcess[str]":
        """One `pagemill` command against this stack."""
        return subprocess.run(
            [sys.executable, "-m", "services.cli.main", *arguments],
            env={**self.environment, "PAGEMILL_URL": self.url},
            capture_output=True,
            text=True,
            timeout=kwargs.pop("timeout", 60),
            check=False,
            **kwargs,
        )

    def ledger(self) -> dict[str, Any]:
        """The ledger's counts."""
        with self.client() as client:
            told: dict[str, Any] = client.get("/v1/monitor/ledger").raise_for_status().json()
        return told

    def drained(self, seconds: float = 60.0) -> dict[str, Any]:
        """Waits until nothing waits and nothing is worked on; the counts then.

        Raises:
            TimeoutError: pages were still on their way.
        """
        until = time.monotonic() + seconds
        with self.client() as client:  # one for all readings: making a client costs more than a page does
            while time.monotonic() < until:
                told: dict[str, Any] = client.get("/v1/monitor/ledger").raise_for_status().json()
                if told["waiting"] == 0 and told["working"] == 0:
                    return told
                time.sleep(0.1)
        raise TimeoutError(f"pages still walk: {told}")

    def processes(self) -> list[psutil.Process]:
        """Everything that `up` started, it excluded."""
        if self.process is None:
            return []
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def workers(self, room: str) -> Iterator[psutil.Process]:
        """The pool processes of one room: the children of its Celery worker."""
        for process in self.processes():
            try:
                words = process.cmdline()
                parent = process.parent()
                if _works(words, room) and parent and _works(parent.cmdline(), room):
                    yield process
            except psutil.NoSuchProcess:
                continue


def _works(words: list[str], room: str) -> bool:
    return "-Q" in words and words[words.index("-Q") + 1] == room
