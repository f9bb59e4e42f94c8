"""`pagemill demo`, as `make demo` runs it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from services.cli.demonstration.pages import demo_pages

pytestmark = pytest.mark.processes

T = TypeVar("T")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder with a short name, as they have outside of tests: sockets cannot have long ones."""
    made = Path(tempfile.mkdtemp(prefix="pm-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


def _start(folder: Path, **settings: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli.main", "demo"],
        env={**kept, "TMPDIR": str(folder), **settings},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=10)[1]


def test_the_demo_shows_the_whole_way_and_leaves_nothing_behind(folder: Path) -> None:
    # When it runs where another Redis and a broken settings file are configured
    (folder / "pagemill.toml").write_text("this is no TOML")
    process = _start(folder, PAGEMILL_REDIS_URL="redis://127.0.0.1:1/0", PAGEMILL_PAGE_MAX_BYTES="10")
    out, err = process.communicate(timeout=110)
    # Then it goes through, on the defaults
    assert (process.returncode, err) == (0, "")
    count = len(demo_pages())
    assert f"{count} accepted = {count} searchable + 0 dead" in out
    assert "balanced" in out
    assert "1 near copy" in out
    assert "*rule of twelfths*" in out
    assert "language fr" in out
    for step in ("accepted", "clean", "enrich", "index"):
        assert step in out
    assert [path.name for path in folder.iterdir()] == ["pagemill.toml"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_can_be_cut_and_leaves_nothing_behind(folder: Path, number: signal.Signals) -> None:
    process = _start(folder)
    me = psutil.Process(process.pid)
    until = time.monotonic() + 60
    while len(me.children(recursive=True)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    started = me.children(recursive=True)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in err
    assert _gone(started)
    assert list(folder.iterdir()) == []


def test_the_demo_can_be_cut_while_it_stops_and_leaves_nothing_behind(folder: Path) -> None:
    process = _start(folder)
    me = psutil.Process(process.pid)
    (address,) = _until(lambda: list(folder.glob("*/data/url")))
    started = me.children(recursive=True)
    _until(lambda: not address.exists())  # the stack has been asked to stop
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert [one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel ends nobody with its parent")
def test_the_stack_of_a_demo_that_is_killed_ends_with_it(folder: Path) -> None:
    process = _start(folder)
    me = psutil.Process(process.pid)
    _until(lambda: list(folder.glob("*/data/url")))
    started = me.children(recursive=True)
    assert len(started) > 3
    process.kill()
    process.communicate(timeout=60)
    assert _gone(started)


def _until(found: Callable[[], T]) -> T:
    until = time.monotonic() + 90
    while not (told := found()) and time.monotonic() < until:
        time.sleep(0.01)
    return told


def test_a_demo_that_fails_says_where_its_logs_are(folder: Path) -> None:
    process = _start(folder)
    me = psutil.Process(process.pid)
    while not (started := me.children()):
        time.sleep(0.02)
    started[0].kill()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    logs = next(line for line in err.splitlines() if "logs:" in line)
    assert Path(logs.partition("logs: ")[2].partition(",")[0]).exists()
