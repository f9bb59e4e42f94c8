"""A house that is damaged on purpose: real processes, and what it takes to break them and to see what came of it."""

import itertools
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from shared.embedded.valkey import EmbeddedValkey
from shared.ledger.connection import connect
from shared.ledger.ledger import Ledger
from shared.settings import Settings
from tests.chaos.preload import Machine
from tests.stack import Stack

LEASE_SECONDS = 6
_QUICK: dict[str, object] = {
    "lease_seconds": LEASE_SECONDS,
    "clean_workers": 2,
    "clean_batch": 8,
    "index_gather_seconds": 0.2,
    "retry_first_seconds": 0.2,
    "log_level": "info",
}


class House(Stack):
    """A house of its own, with a log of every write.

    Args:
        machine: the faults that its processes can have; none if absent.
        root: the folder whose packages run; ours if absent.
        redis_url: of a broker that the test keeps; absent: the embedded one.
        settings: as for Stack.
    """

    def __init__(
        self, *, machine: bool = False, root: Path | None = None, redis_url: str | None = None, **settings: object
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pm-chaos-"))
        self.writes_file = self.folder / "writes"
        named = {"redis_url": redis_url} if redis_url else {}
        super().__init__(self.folder / "d", root, **{**_QUICK, "writes_file": self.writes_file, **named, **settings})
        self.machine = Machine(self.folder / "m") if machine else None
        if self.machine:
            self.environment |= self.machine.environment
        self.redis_url = redis_url or EmbeddedValkey(self.data).url

    def direct(self, timeout: float = 2.0) -> Ledger:
        """The ledger, asked past the services."""
        return Ledger(connect(self.redis_url, timeout=timeout), Settings())

    def main(self, name: str) -> psutil.Process | None:
        """The process that `up` keeps under this name, where it runs."""
        if self.process is None:
            return None
        for process in _children(psutil.Process(self.process.pid)):
            with suppress(psutil.Error):
                if _named(process.cmdline()) == name:
                    return process
        return None

    def pool(self, *rooms: str) -> list[psutil.Process]:
        """The pool processes of these rooms; of every room if none is named."""
        mains = filter(None, map(self.main, rooms or ("clean", "enrich", "index", "solo")))
        return [child for main in mains for child in _children(main)]

    def setting(self, name: str) -> float:
        """A setting that is a number, as its processes have it."""
        told = self.environment.get(f"PAGEMILL_{name.upper()}", Settings.model_fields[name].default)
        return float(told)

    def kill(self, name: str) -> bool:
        """kill -9 of what `up` keeps under this name; whether it ran."""
        return kill(self.main(name))

    def kill_a_child(self, dice: random.Random) -> bool:
        """kill -9 of some pool process."""
        children = self.pool()
        return bool(children) and kill(dice.choice(children))

    def stop_hard(self) -> None:
        """Ends everything at once, whatever state it is in."""
        if self.process is None or self.process.poll() is not None:
            return
        with suppress(psutil.Error):
            for each in [*self.processes(), psutil.Process(self.process.pid)]:
                with suppress(psutil.Error):
                    each.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def logs(self) -> str:
        """The last lines of what its processes said, for a test that fails."""
        files = sorted((self.data / "logs").glob("*.log"))
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-1500:]}" for file in files)

    def get(self, path: str, **parameters: Any) -> Any:
        """An answer of the services, asked again until they give one; None where there is nothing (404)."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with suppress(httpx.TransportError, OSError), self.client() as client:
                answer = client.get(path, params=parameters)
                if answer.status_code == httpx.codes.NOT_FOUND:
                    return None
                if answer.status_code not in {429, 503}:
                    return answer.raise_for_status().json()
            time.sleep(0.2)
        raise TimeoutError(f"no answer from {path}\n{self.logs()}")


@contextmanager
def house(*, machine: bool = False, **settings: Any) -> Iterator[House]:
    """A house that runs as long as the block does, and leaves nothing."""
    made = House(machine=machine, **settings)
    try:
        made.start()
        yield made
        with suppress(Exception):
            made.stop()
    finally:
        made.stop_hard()
        if kept := os.environ.get("CHAOS_KEEP"):
            shutil.copytree(made.data / "logs", Path(kept) / made.folder.name, dirs_exist_ok=True)
        shutil.rmtree(made.folder, ignore_errors=True)


def kill(process: psutil.Process | None, number: signal.Signals = signal.SIGKILL) -> bool:
    """Sends a signal; whether there was somebody to get it."""
    if process is None:
        return False
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return False
    return True


def until(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Waits until it holds; for how many seconds.

    Raises:
        TimeoutError: it did not hold in time.
    """
    begun = time.monotonic()
    for pause in itertools.repeat(0.05):
        if holds():
            return time.monotonic() - begun
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(pause)
    raise AssertionError


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(process.children())
    return []


def _named(words: list[str]) -> str:
    if "-Q" in words:
        return words[words.index("-Q") + 1]
    if words and "valkey-server" in words[0]:
        return "valkey"
    return "services" if "serve" in words else ""
