"""A real worker whose pool hangs, and the check that a container asks."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import redis

from shared.ledger.carried import Offer
from shared.ledger.ledger import Ledger
from tests.conftest import start_valkey

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


@pytest.fixture
def environment(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")},
        "PAGEMILL_REDIS_URL": valkey_url,
        "PAGEMILL_DATA": str(tmp_path),
        "PAGEMILL_ALIVE_FILE": str(tmp_path / "alive"),
        "PAGEMILL_ALIVE_SECONDS": "3",
        "PAGEMILL_PAGE_SECONDS": "50",  # a pool process that is stopped is not ended meanwhile
    }


def pagemill(*words: str) -> list[str]:
    return [sys.executable, "-m", "services.cli.main", *words]


@contextmanager
def worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        pagemill("work", "clean", "--concurrency", "1"), env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def asked(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(pagemill("alive", "clean"), env=environment, capture_output=True, text=True, check=False)


def until(holds: Callable[[], bool]) -> None:
    """Waits; the test's time limit is the guard."""
    while not holds():
        time.sleep(0.2)


def some_pages(ledger: Ledger, *names: str) -> None:
    ledger.accept([Offer(id=name, frame=b"no frame at all", content_key=name) for name in names])


def test_a_worker_that_hangs_while_pages_wait_lives_no_longer(environment: dict[str, str], ledger: Ledger) -> None:
    assert asked(environment).returncode == 1
    with worker(environment) as process:
        until(lambda: asked(environment).returncode == 0)
        (pool,) = psutil.Process(process.pid).children()
        pool.suspend()
        some_pages(ledger, "a", "b")
        until(lambda: asked(environment).returncode == 1)
        assert "pages wait and the worker takes none" in asked(environment).stderr
        assert process.poll() is None
        pool.resume()
        until(lambda: asked(environment).returncode == 0)
        process.send_signal(signal.SIGSTOP)
        past = time.time() - 60
        os.utime(environment["PAGEMILL_ALIVE_FILE"], (past, past))
        assert asked(environment).returncode == 1, "its parent stands still as well"
        process.send_signal(signal.SIGCONT)


def test_a_worker_lives_while_its_redis_is_away(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    server, url = start_valkey(tmp_path_factory.mktemp("v"))
    try:
        with worker({**environment, "PAGEMILL_REDIS_URL": url}):
            until(lambda: asked(environment).returncode == 0)
            server.send_signal(signal.SIGSTOP)
            Path(environment["PAGEMILL_ALIVE_FILE"]).unlink()
            until(lambda: asked(environment).returncode == 0)
            server.send_signal(signal.SIGCONT)
    finally:
        server.kill()
        server.wait()


def test_a_check_without_the_file_s_name_is_wrong_use(environment: dict[str, str]) -> None:
    told = asked({name: value for name, value in environment.items() if name != "PAGEMILL_ALIVE_FILE"})
    assert told.returncode == 2
    assert "PAGEMILL_ALIVE_FILE is not set" in told.stderr


def test_a_service_that_is_not_there_does_not_live(environment: dict[str, str]) -> None:
    told = subprocess.run(
        pagemill("alive", "monitor"),
        env={**environment, "PAGEMILL_LISTEN": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert "not ready: no answer" in told.stderr
