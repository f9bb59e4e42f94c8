"""A pool process that is stopped (SIGSTOP): it is given bells like all others, and never takes them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import redis

from shared.ledger.ledger import Ledger
from tests.integration.workers.test_poison import STORY, offer

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


@contextmanager
def worker(room: str, processes: int, url: str, folder: Path) -> Iterator[psutil.Process]:
    """A worker whose whole pool is there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    environment |= {"PAGEMILL_REDIS_URL": url, "PAGEMILL_DATA": str(folder), "PAGEMILL_PAGE_SECONDS": "1"}
    words = [sys.executable, "-m", "services.cli.main", "work", room, "--concurrency", str(processes), "--json"]
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    main = psutil.Process(started.pid)
    try:
        until(lambda: len(main.children()) == processes, "its pool is there")
        yield main
        started.terminate()
        assert started.wait(60) == 0
    finally:
        for each in (*main.children(), main) if started.poll() is None else ():
            each.kill()
        started.wait()


def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    over = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < over, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)


@pytest.mark.parametrize(("room", "processes"), [("clean", 2), ("index", 1)])
def test_a_stopped_process_is_ended_and_another_takes_its_place(
    room: str, processes: int, valkey: redis.Redis, valkey_url: str, ledger: Ledger, tmp_path: Path
) -> None:
    with worker(room, processes, valkey_url, tmp_path) as main:
        stopped = main.children()[0]
        stopped.suspend()
        until(lambda: stopped not in main.children(), "it is ended", 20)
        until(lambda: len(main.children()) == processes, "the pool is whole again")
        if room == "clean":
            ledger.accept([offer(f"page-{number}", f"Number {number}\n\n{STORY}") for number in range(50)])
            until(lambda: ledger.counts().rooms["clean"].left == 50, "the pool takes what comes")
    told = (tmp_path / "log").read_text()
    assert "stopped for longer than 1 s" in told
    assert [line for line in told.splitlines() if not line.startswith('{"')] == []


def test_a_process_that_goes_on_in_time_is_left_alone(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    with worker("clean", 1, valkey_url, tmp_path) as main:
        (child,) = main.children()
        for _ in range(5):
            child.suspend()
            time.sleep(0.5)
            child.resume()
            time.sleep(1.2)
        assert main.children() == [child]
