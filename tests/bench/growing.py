"""Whether a page costs the same in a small house and in a large one."""

import tempfile
import time
from pathlib import Path

from tests.bench.report import heading, row
from tests.bench.walking import lines_of, post_all
from tests.stack import Stack


def measure(sizes: tuple[int, ...] = (1_000, 10_000, 100_000), probe: int = 600) -> None:
    """Fills with small text pages, and prints milliseconds a page over the last `probe` HTML pages at each size."""
    heading("milliseconds a page as the index grows")
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data").start()
        try:
            at, first = 0, None
            for size in sizes:
                while at < size - probe:
                    step = min(2000, size - probe - at)
                    post_all(stack, lines_of(step, start=at, source="fill", html=False))
                    at += step
                    stack.drained(900)
                lines = lines_of(probe, start=at)
                begun = time.perf_counter()
                post_all(stack, lines)
                at += probe
                stack.drained(300)
                cost = (time.perf_counter() - begun) * 1000 / probe
                row(f"at {size:,} documents", cost, "ms/page", yardstick=first, goal="flat")
                first = first or cost
        finally:
            stack.stop()
