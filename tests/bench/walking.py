"""Pages per second through the whole house, beside a bare loop over the same functions on the same cores."""

import contextlib
import gzip
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from shared.errors import PageRejected
from shared.models.raw_page import RawPage, Submission
from shared.packing import pack, unpack
from tests.bench.pages import items
from tests.bench.report import heading, row
from tests.stack import Stack
from workers.clean import clean
from workers.enrich import enrich


def _bare(lines: list[str]) -> float:
    items = list(map(json.loads, lines))
    frames = [
        pack(
            Submission(id=f"p{n}", url=item["url"], content_type="text/html", charset="utf-8"), item["content"].encode()
        )
        for n, item in enumerate(items)
    ]
    pages = [unpack(frame, 1_790_000_000_000_000) for frame in frames]
    for page in pages[:5]:
        _both(page)
    begun = time.perf_counter()
    for page in pages:
        _both(page)
    return time.perf_counter() - begun


def _both(page: RawPage) -> None:
    with contextlib.suppress(PageRejected):
        enrich(clean(page))


def bare_loop(lines: list[str], processes: int) -> float:
    """Pages per second of clean and enrich alone, in so many processes at once."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        seconds = pool.map(_bare, [lines[n::processes] for n in range(processes)])
    return len(lines) / max(seconds)


def lines_of(count: int, *, start: int = 0, source: str = "bench", html: bool = True) -> list[str]:
    """Pages as lines to post."""
    return [json.dumps(item) for item in items(count, start=start, source=source, html=html)]


def post_all(stack: Stack, lines: list[str]) -> None:
    """Posts lines in batches of 200."""
    with stack.client() as client:
        for at in range(0, len(lines), 200):
            body = "\n".join(lines[at : at + 200]).encode()
            headers = {"Content-Type": "application/x-ndjson"}
            told = client.post("/v1/pages/batch?results=errors", content=body, headers=headers, timeout=120)
            told.raise_for_status()


def whole_house(lines: list[str], **settings: object) -> float:
    """Pages per second from the first byte posted to the last page ended."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **settings).start()
        try:
            post_all(stack, lines_of(40, start=10**6, source="warm"))  # so that every process has loaded what it needs
            stack.drained()
            begun = time.perf_counter()
            post_all(stack, lines)
            stack.drained(600)
            return len(lines) / (time.perf_counter() - begun)
        finally:
            stack.stop()


def measure(count: int = 3000) -> None:
    """Prints the two and their ratio, for made-up pages, and for pages of yours if `BENCH_PAGES` names a folder."""
    _compare("made-up HTML pages", lines_of(count))
    if folder := os.environ.get("BENCH_PAGES"):
        _compare("HTML pages of that folder", list(_lines_in(Path(folder))))


def _compare(name: str, lines: list[str]) -> None:
    cores = os.cpu_count() or 1
    size = sum(map(len, lines)) / len(lines) / 1024
    heading(f"through the whole house: {len(lines)} {name}, {size:.0f} KiB each, {cores} cores")
    bare = bare_loop(lines, cores)
    row("whole house", whole_house(lines), "pages/s", yardstick=bare, goal=".85 of a bare loop over clean and enrich")


def _lines_in(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.html*")):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        url = f"https://real.example/{path.name}"
        yield json.dumps({"url": url, "content_type": "text/html", "content": raw.decode(errors="replace")})
