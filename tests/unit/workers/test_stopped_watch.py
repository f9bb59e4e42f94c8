"""A parent's look at stopped processes; real ones."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from workers.stopped_watch import StoppedWatch


@pytest.fixture
def child() -> Iterator[psutil.Process]:
    """A process that does nothing."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as started:
        yield psutil.Process(started.pid)
        started.kill()


def stop(process: psutil.Process) -> None:
    process.suspend()
    while process.status() != psutil.STATUS_STOPPED:
        pass


def go_on(process: psutil.Process) -> None:
    process.resume()
    while process.status() == psutil.STATUS_STOPPED:
        pass


def test_one_that_stays_stopped_is_overdue(child: psutil.Process) -> None:
    watch = StoppedWatch(15)
    assert watch.overdue([child], now=90) == watch.overdue([child], now=110) == [], "it runs"
    stop(child)
    assert watch.overdue([child], now=120) == watch.overdue([child], now=135) == []
    assert watch.overdue([child], now=136) == [child.pid]


def test_one_that_goes_on_begins_anew(child: psutil.Process) -> None:
    watch = StoppedWatch(15)
    stop(child)
    assert watch.overdue([child], now=100) == []
    go_on(child)
    assert watch.overdue([child], now=110) == []
    stop(child)
    assert watch.overdue([child], now=120) == watch.overdue([child], now=130) == []


def test_one_that_is_gone_is_nobody_s_worry(child: psutil.Process) -> None:
    watch = StoppedWatch(15)
    stop(child)
    assert watch.overdue([child], now=100) == []
    child.kill()
    child.wait()
    assert watch.overdue([child], now=200) == []
