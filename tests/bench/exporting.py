"""Whole results of 50,000 documents, read from a service of its own: what its processor and its memory have to do."""

import random
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from shared.search.tantivy import TantivyWriter
from tests.bench.report import heading, row
from tests.integration.query.conftest import page
from tests.query_process import QueryProcess, serving

_DOCUMENTS = 50_000
_BATCH = 5_000
_WORDS = 400
_MIB = 2**20
_FORMATS = ("ndjson", "csv", "parquet")


def measure() -> None:
    """Prints documents a second of the service's processor time, and how far its memory grows."""
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        for form in _FORMATS:
            with serving(Path(folder)) as service:
                _export(service, form)


def _export(service: QueryProcess, form: str) -> None:
    process = psutil.Process(service.pid)
    with httpx.Client(base_url=service.url, timeout=60) as client:
        client.get("/v1/search", params={"q": "harbour"})
        before, begun = _anonymous(service.pid), sum(process.cpu_times()[:2])
        with _watched(service.pid) as seen:
            sent = 0
            asked = {"q": "harbour", "format": form}
            with client.stream("GET", "/v1/export", params=asked) as answer:
                count = int(answer.headers["Pagemill-Export-Count"])
                for chunk in answer.iter_raw():
                    sent += len(chunk)
        spent = sum(process.cpu_times()[:2]) - begun
    heading(f"{count} documents as {form}")
    row("documents a second of processor time", count / spent, "")
    row("bytes", sent / _MIB, "MiB")
    row("memory before", before / _MIB, "MiB")
    row("most that it grew by", (max(seen) - before) / _MIB, "MiB")


def _fill(folder: Path) -> None:
    chance = random.Random(3)
    words = [f"{chance.randrange(16**5):05x}" for _ in range(30_000)]
    writer = TantivyWriter(folder / "index", heap_bytes=64_000_000)
    for start in range(0, _DOCUMENTS, _BATCH):
        texts = [f"harbour {' '.join(chance.choices(words, k=_WORDS))}" for _ in range(_BATCH)]
        day = f"{1990 + start // _BATCH}-01-01"
        writer.index([page(f"p{start + at:06}", text, published=day) for at, text in enumerate(texts)])
    writer.close()


@contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """Looks at the memory every 20 ms until it is left."""
    seen, done = [_anonymous(pid)], threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            seen.append(_anonymous(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def _anonymous(pid: int) -> int:
    """Bytes of memory that are no file's."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0
