"""`make bench`, or `python -m tests.bench [NAME ...]` for some of it."""

import sys
from collections.abc import Callable

from tests.bench import accepting, composed, growing, latency, million, walking
from tests.bench.report import machine

MEASURES: dict[str, Callable[[], None]] = {
    "walking": walking.measure,
    "accepting": accepting.measure,
    "latency": latency.measure,
    "growing": growing.measure,
    "million": million.measure,
    "composed": composed.measure,
}


def main() -> None:
    """Runs the measurements that are named, or all."""
    asked = sys.argv[1:] or list(MEASURES)
    print(machine())
    for name in asked:
        MEASURES[name]()


if __name__ == "__main__":
    main()
