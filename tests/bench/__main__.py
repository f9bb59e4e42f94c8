"""`make bench`, or `python -m tests.bench [NAME ...]` for some of it."""

import sys
from collections.abc import Callable

from tests.bench import (
    accepting,
    alerts,
    bombs,
    composed,
    elasticsearch,
    exporting,
    growing,
    latency,
    million,
    page,
    searching,
    stories,
    walking,
    watching,
)
from tests.bench.report import machine

MEASURES: dict[str, Callable[[], None]] = {
    "walking": walking.measure,
    "accepting": accepting.measure,
    "latency": latency.measure,
    "searching": searching.measure,
    "growing": growing.measure,
    "million": million.measure,
    "composed": composed.measure,
    "watching": watching.measure,
    "elasticsearch": elasticsearch.measure,
    "bombs": bombs.measure,
    "page": page.measure,
    "exporting": exporting.measure,
    "alerts": alerts.measure,
    "stories": stories.measure,
}


def main() -> None:
    """Runs the measurements that are named, or all; exits 2 where a name is none."""
    asked = sys.argv[1:] or list(MEASURES)
    if not set(asked) <= set(MEASURES):
        sys.exit(_names(0 if {"-h", "--help"} & set(asked) else 2))
    print(machine())
    for name in asked:
        MEASURES[name]()


def _names(code: int) -> int:
    print(f"measurements: {', '.join(MEASURES)}; all, if none is named", file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    main()
