"""From posted to searchable, one page at a time in an idle house; and searches, beside the engine called directly."""

import json
import tempfile
import time
import uuid
from pathlib import Path

import psutil

from shared import clients
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from shared.settings import Settings
from tests.bench.pages import items
from tests.bench.report import heading, spread
from tests.bench.walking import lines_of, post_all
from tests.stack import Stack

QUERIES = ("harbour bridge", "council budget meeting", '"railway museum"', "glacier", "lantern theatre reported")


def posted_to_searchable(stack: Stack, count: int = 60) -> list[float]:
    """Milliseconds until a search finds a page, polled every 5 ms; a pause between pages lets the house fall idle."""
    times = []
    with stack.client() as client:
        for number in range(count):
            mark = uuid.uuid4().hex
            item = next(items(1, start=number, source=mark))
            body = json.dumps({**item, "content": item["content"].replace("<p>", f"<p>{mark} ", 1)})
            begun = time.perf_counter()
            client.post("/v1/pages", content=body, headers={"Content-Type": "application/json"}).raise_for_status()
            while not client.get("/v1/search", params={"q": mark}).json()["total"]["value"]:
                time.sleep(0.005)
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.2)
    return times


def searches(stack: Stack, count: int = 400) -> tuple[list[float], list[float]]:
    """Milliseconds of the same searches through HTTP, and of the engine alone in this process."""
    index = clients.search_index(Settings(data=stack.data))
    through, direct = [], []
    with stack.client() as client:
        for number in range(count):
            text = QUERIES[number % len(QUERIES)]
            begun = time.perf_counter()
            client.get("/v1/search", params={"q": text}).raise_for_status()
            through.append((time.perf_counter() - begun) * 1000)
            query = EngineQuery(tree=parse(text).tree)
            begun = time.perf_counter()
            index.search(query)
            direct.append((time.perf_counter() - begun) * 1000)
    index.close()
    return through, direct


def measure(documents: int = 20_000) -> None:
    """Prints both."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data").start()
        try:
            heading("posted to searchable, idle")
            posted_to_searchable(stack, 3)
            spread("one page", posted_to_searchable(stack), goal="p95 under 1000 ms, 400 if possible")
            heading(f"search over {documents:,} documents")
            for at in range(0, documents, 2000):
                post_all(stack, lines_of(min(2000, documents - at), start=at, html=False))
                stack.drained(600)
            through, direct = searches(stack)
            spread("through HTTP", through)
            spread("the engine called directly", direct)
            heading("memory of each process (MiB resident)")
            for process in stack.processes():
                print(f"  {_program(process):<12} {process.pid:>8} {process.memory_info().rss / 2**20:>10.1f}")
        finally:
            stack.stop()


def _program(process: psutil.Process) -> str:
    """What `pagemill up` calls it."""
    words = process.cmdline()
    if "-Q" in words:
        return str(words[words.index("-Q") + 1])
    return "services" if "serve" in words else str(process.name()).removesuffix("-server")
