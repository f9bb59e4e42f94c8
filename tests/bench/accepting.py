"""What the front door costs: accepted over HTTP, beside bare MULTI writes of the same bytes."""

import json
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import redis

from shared.json_reading import read_json
from shared.packing import squeeze
from shared.redis_urls import redis_url
from shared.settings import Settings
from tests.bench.pages import items
from tests.bench.report import heading, row
from tests.stack import Stack

_PAUSED = {"clean_workers": 1}


def _bodies(count: int) -> list[bytes]:
    run = uuid.uuid4().hex
    return [json.dumps(item).encode() for item in items(count, source=run)]


def bare_writes(url: str, bodies: list[bytes], group: int, clients: int) -> float:
    """Pages per second of parsing, compressing and writing with MULTI, a transaction a group, and nothing else."""
    groups = [bodies[at : at + group] for at in range(0, len(bodies), group)]
    local = threading.local()

    def write(lines: list[bytes]) -> None:
        if not hasattr(local, "client"):
            local.client = redis.Redis.from_url(url)
        pipe = local.client.pipeline(transaction=True)
        for line in lines:
            content = read_json(line, 32)["content"]
            key = uuid.uuid4().hex
            pipe.set(f"bare:b:{key}", squeeze(content.encode()))
            pipe.hset(f"bare:e:{key}", mapping={"state": "w", "url": key})
            pipe.zadd("bare:line", {key: time.time()})
        pipe.execute()

    return _rate(write, groups, len(bodies), clients)


def posted(url: str, bodies: list[bytes], group: int, clients: int) -> float:
    """Pages per second over HTTP, one page a request, or `group` lines a batch.

    The client is the plainest there is: what it costs is no cost of the service, but it runs on the same cores.
    """
    groups = [bodies[at : at + group] for at in range(0, len(bodies), group)]
    path, kind = ("/v1/pages", "json") if group == 1 else ("/v1/pages/batch?results=errors", "x-ndjson")
    local = threading.local()

    def post(lines: list[bytes]) -> None:
        if not hasattr(local, "client"):
            local.client = HTTPConnection(url.partition("//")[2], timeout=30)
        local.client.request("POST", path, b"\n".join(lines), {"Content-Type": f"application/{kind}"})
        answer = local.client.getresponse()
        told = answer.read()
        if answer.status != 202:
            raise RuntimeError(told.decode())

    return _rate(post, groups, len(bodies), clients)


def _rate(work: Callable[[list[bytes]], None], groups: list[list[bytes]], pages: int, clients: int) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, groups))
    return pages / (time.perf_counter() - begun)


def fsync_ms(folder: Path, count: int = 200) -> float:
    """Milliseconds that one fsync after 40 KB takes here."""
    import os  # noqa: PLC0415

    with (folder / "fsync").open("wb") as file:
        begun = time.perf_counter()
        for _ in range(count):
            file.write(b"x" * 40_000)
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - begun) * 1000 / count


def measure(count: int = 1000) -> None:
    """Prints each way of posting beside bare writes; the rooms are not at work meanwhile."""
    heading("accepted, the append-only file fsynced for each transaction (pages of 40 KB)")
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **_PAUSED).start()
        try:
            print(f"  an fsync here costs {fsync_ms(stack.data):.2f} ms")
            url = redis_url(Settings(data=stack.data))
            for worker in [p for p in stack.processes() if "worker" in p.cmdline()]:
                worker.suspend()
            for name, group, clients in (
                ("one by one, 1 client", 1, 1),
                ("one by one, 8 clients", 1, 8),
                ("batches of 50, 1 client", 50, 1),
            ):
                bare = bare_writes(url, _bodies(count), group, clients)
                row(name, posted(stack.url, _bodies(count), group, clients), "pages/s", yardstick=bare, goal=".8")
        finally:
            for worker in [p for p in stack.processes() if "worker" in p.cmdline()]:
                worker.resume()
            stack.stop()
