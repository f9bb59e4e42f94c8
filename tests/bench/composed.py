"""The processes of docker-compose.yml by hand: pages through the gateway, and what the gateway costs. Needs nginx."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from tests.bench.report import heading, row, spread
from tests.bench.walking import lines_of
from tests.deploy.composed import Composed

_BATCH = 200


def _times(house: Composed, url: str, count: int, ask: Callable[[httpx.Client, int], httpx.Response]) -> list[float]:
    """Milliseconds of requests, one after the other on one connection."""
    times = []
    with httpx.Client(base_url=url, headers=house.key) as client:
        for number in range(count):
            begun = time.perf_counter()
            ask(client, number).raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
    return times


def _search(client: httpx.Client, _number: int) -> httpx.Response:
    return client.get("/v1/search", params={"q": "harbour bridge"})


def _post(client: httpx.Client, number: int) -> httpx.Response:
    url = f"https://bench.example/{client.base_url.port}/{number}"
    return client.post("/v1/pages", json={"url": url, "content": f"The harbour has a page of little text, {number}."})


def _walk(house: Composed, pages: int) -> float:
    """Pages a second, from the first post to the last page searchable."""
    begun = time.perf_counter()
    with house.client() as client:
        for at in range(0, pages, _BATCH):
            lines = "\n".join(lines_of(_BATCH, start=at))
            told = client.post("/v1/pages/batch", content=lines, headers={"Content-Type": "application/x-ndjson"})
            told.raise_for_status()
        while (counts := client.get("/v1/monitor/ledger").json())["waiting"] + counts["working"]:
            time.sleep(0.1)
    return pages / (time.perf_counter() - begun)


def measure(pages: int = 2_000) -> None:
    """Prints pages a second, then requests directly and through the gateway, then what each process took."""
    with tempfile.TemporaryDirectory() as folder:
        house = Composed(Path(folder)).start()
        try:
            heading("the processes of docker-compose.yml, by hand")
            row("pages of 40 KiB through the gateway, searchable", _walk(house, pages), "pages/s")
            for name, ask, service, count in (("search", _search, "query", 400), ("post", _post, "ingest", 200)):
                spread(f"{name}, directly", _times(house, house.own_url(service), count, ask))
                spread(f"{name}, through the gateway", _times(house, house.url, count, ask))
            heading("MiB resident and CPU seconds of each process, its children in it")
            for name, started in house.processes.items():
                parent = psutil.Process(started.pid)
                family = [parent, *parent.children(recursive=True)]
                memory = sum(process.memory_info().rss for process in family) / 2**20
                cpu = sum(process.cpu_times().user + process.cpu_times().system for process in family)
                print(f"  {name:<16} {memory:>8.0f} MiB {cpu:>8.1f} s")
        finally:
            house.stop()
