"""What it costs to be watched, in CPU: an idle house with and without eyes on it, and a page with and without events.

CPU, not time, and in turns: other work on the machine must not be counted. Being watched costs by the second, however
many pages walk; Celery's events cost by the bell.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import redis

from services.cli.worker_command import LANES
from tests.bench.report import heading, row
from tests.bench.walking import lines_of, post_all
from tests.scraping import four_free_ports, worker_address
from tests.stack import Stack

_ROUNDS = 3
_IDLE_SECONDS = 12.0
_SCRAPE_SECONDS = 1.0
"""Fifteen times as often as deploy/prometheus does."""


def measure(count: int = 200) -> None:
    """Prints shares of the machine's cores, and CPU of a page."""
    heading(f"being watched: {_ROUNDS} rounds, idle for {_IDLE_SECONDS:g} s and with {count} made-up HTML pages")
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", metrics_listen=f"127.0.0.1:{four_free_ports()}").start()
        try:
            _warm(stack)
            _idle(stack)
            _beside(stack, Path(folder) / "telling", count)
        finally:
            stack.stop()


def _beside(stack: Stack, data: Path, count: int) -> None:
    telling = Stack(data, task_events=True).start()
    try:
        _warm(telling)
        _events(stack, telling, count)
    finally:
        telling.stop()


def _warm(stack: Stack) -> None:
    post_all(stack, lines_of(60, start=10**6, source="warm"))
    stack.drained()


def _idle(stack: Stack) -> None:
    alone, watched = [], []
    for _ in range(_ROUNDS):
        alone.append(_share_while_idle(stack))
        with _eyes(stack):
            watched.append(_share_while_idle(stack))
    row("an idle house, nobody looks", 100 * statistics.median(alone), "% of the cores")
    row("two open pages, every process scraped each second", 100 * statistics.median(watched), "% of the cores")
    more = [one - other for one, other in zip(watched, alone, strict=True)]
    row("  more, median of the rounds", 100 * statistics.median(more), "% of the cores", goal="under 2")


def _share_while_idle(stack: Stack) -> float:
    before, begun = _cpu(stack), time.monotonic()
    time.sleep(_IDLE_SECONDS)
    return (_cpu(stack) - before) / (time.monotonic() - begun) / (os.cpu_count() or 1)


def _events(stack: Stack, telling: Stack, count: int) -> None:
    without, told, heard = [], [], 0
    for at in range(_ROUNDS):
        without.append(_cpu_of_a_page(stack, 2 * at * count, count))
        with _listening(telling) as events:
            told.append(_cpu_of_a_page(telling, (2 * at + 1) * count, count))
        heard += len(events)
    if not heard:
        raise RuntimeError("no event was sent, so nothing was measured")
    row("a page", statistics.median(without), "ms of CPU")
    row("with Celery's task events on, for Flower", statistics.median(told), "ms of CPU")
    row("  events heard for each page", heard / (_ROUNDS * count), "")
    more = [one / other - 1 for one, other in zip(told, without, strict=True)]
    row("  more, median of the rounds", 100 * statistics.median(more), "%", goal="under 2")


@contextmanager
def _listening(stack: Stack) -> Iterator[list[object]]:
    """Celery's events of tasks, heard as Flower hears them: what is published on its exchange, but for heartbeats."""
    heard: list[object] = []
    client = redis.Redis(unix_socket_path=f"{stack.data}/run/valkey.sock")
    with client.pubsub(ignore_subscribe_messages=True) as told:  # type: ignore[no-untyped-call]
        told.psubscribe(**{"*celeryev/task.*": heard.append})
        thread = told.run_in_thread(sleep_time=0.2, daemon=True)
        try:
            yield heard
        finally:
            thread.stop()
            thread.join()
    client.close()


def _cpu_of_a_page(stack: Stack, start: int, count: int) -> float:
    """Milliseconds of CPU that all processes of the house take for each of so many pages."""
    before = _cpu(stack)
    post_all(stack, lines_of(count, start=start))
    stack.drained(600)
    return (_cpu(stack) - before) * 1000 / count


def _cpu(stack: Stack) -> float:
    """Seconds so far; children that ended count with the parent that waited for them."""
    total = 0.0
    for process in stack.processes():
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def _eyes(stack: Stack) -> Iterator[None]:
    ended = threading.Event()
    addresses = [stack.url.removeprefix("http://"), *(worker_address(stack, room) for room in LANES)]

    def scrape() -> None:
        with httpx.Client(timeout=10) as client:
            while not ended.wait(_SCRAPE_SECONDS):
                for address in addresses:
                    client.get(f"http://{address}/metrics")

    def look() -> None:
        with httpx.stream("GET", f"{stack.url}/v1/monitor/live", timeout=30) as answer:
            for _ in answer.iter_lines():
                if ended.is_set():
                    return

    threads = [threading.Thread(target=each) for each in (scrape, look, look)]
    for thread in threads:
        thread.start()
    yield
    ended.set()
    for thread in threads:
        thread.join()
