"""CPU seconds of queries made to hurt, over 20,000 documents: each is to be refused in under 50 ms."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.search.tantivy import TantivyIndex, TantivyWriter
from tests.bench.report import heading, row
from tests.integration.query.bombs import ENDURED, REFUSED
from tests.integration.query.conftest import Service, page, serve

_DOCUMENTS = 20_000
_TRIES = 5


def measure() -> None:
    """Prints the least of five tries for each."""
    with tempfile.TemporaryDirectory() as folder:
        writer = TantivyWriter(Path(folder) / "index", heap_bytes=15_000_000)
        writer.index([_document(number) for number in range(_DOCUMENTS)])
        writer.close()
        index = TantivyIndex(Path(folder) / "index", cursor_idle_seconds=300, snapshots_max=8)
        service = serve(index)
        heading("queries made to hurt, refused in strict mode")
        for name, bomb in REFUSED.items():
            row(name, _milliseconds(service, {**bomb.asked, "mode": "strict"}), "ms", goal="< 50")
        heading("the same in lenient mode, cut and answered")
        for name, bomb in REFUSED.items():
            row(name, _milliseconds(service, bomb.asked), "ms")
        heading("queries that only look dangerous, answered")
        for name, asked in ENDURED.items():
            row(name, _milliseconds(service, asked), "ms")
        service.close()
        index.close()


def _document(number: int) -> Any:
    words = f"There is grain number {number} in the harbour of w{number % 1000} a x{number}."
    return page(f"p{number}", words, site=f"s{number}.example", published=f"{1000 + number % 1000}-01-01")


def _milliseconds(service: Service, asked: Mapping[str, Any]) -> float:
    times = []
    for _ in range(_TRIES):
        begun = time.process_time()
        service.ask("POST", "/v1/search", json=asked)
        times.append((time.process_time() - begun) * 1000)
    return min(times)
