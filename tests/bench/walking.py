"""Pages per second through the whole house, beside a bare loop over the same functions on the same cores."""

import json
import multiprocessing
import os
import tempfile
import time
from pathlib import Path

from shared.models.raw_page import Submission
from shared.packing import pack, unpack
from tests.bench.pages import items
from tests.bench.report import heading, row
from tests.stack import Stack
from workers.clean import clean
from workers.enrich import enrich


def _bare(numbers: tuple[int, int]) -> float:
    frames = [
        pack(
            Submission(id=f"p{n}", url=item["url"], content_type="text/html", charset="utf-8"), item["content"].encode()
        )
        for n, item in enumerate(items(numbers[1], start=numbers[0]))
    ]
    pages = [unpack(frame, 1_790_000_000_000_000) for frame in frames]
    for page in pages[:5]:
        enrich(clean(page))
    begun = time.perf_counter()
    for page in pages:
        enrich(clean(page))
    return time.perf_counter() - begun


def bare_loop(count: int, processes: int) -> float:
    """Pages per second of clean and enrich alone, in so many processes at once."""
    share = count // processes
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        seconds = pool.map(_bare, [(n * share, share) for n in range(processes)])
    return share * processes / max(seconds)


def lines_of(count: int, *, start: int = 0, source: str = "bench", html: bool = True) -> list[str]:
    """Pages as lines to post."""
    return [json.dumps(item) for item in items(count, start=start, source=source, html=html)]


def post_all(stack: Stack, lines: list[str]) -> None:
    """Posts lines in batches of 500."""
    with stack.client() as client:
        for at in range(0, len(lines), 500):
            body = "\n".join(lines[at : at + 500]).encode()
            headers = {"Content-Type": "application/x-ndjson"}
            told = client.post("/v1/pages/batch?results=errors", content=body, headers=headers, timeout=120)
            told.raise_for_status()


def whole_house(count: int, **settings: object) -> float:
    """Pages per second from the first byte posted to the last page searchable."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **settings).start()
        try:
            post_all(stack, lines_of(40, start=10**6, source="warm"))  # so that every process has loaded what it needs
            stack.drained()
            lines = lines_of(count)
            begun = time.perf_counter()
            post_all(stack, lines)
            stack.drained(600)
            return count / (time.perf_counter() - begun)
        finally:
            stack.stop()


def measure(count: int = 3000) -> None:
    """Prints the two and their ratio."""
    cores = os.cpu_count() or 1
    heading(f"through the whole house: {count} HTML pages of 40 KB, {cores} cores")
    bare = bare_loop(count, cores)
    row("whole house", whole_house(count), "pages/s", yardstick=bare, goal=".85 of a bare loop over clean and enrich")
