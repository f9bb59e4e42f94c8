"""`python -m tests.quality NAME ...`: how good results are, as figures to be compared."""

import sys
from collections.abc import Callable

from tests.quality import language, metadata, relevance
from tests.quality.cleaning import tables

MEASURES: dict[str, Callable[[], None]] = {
    "cleaning": tables.measure,
    "relevance": relevance.measure,
    "metadata": metadata.measure,
    "language": language.measure,
}


def main() -> None:
    """Prints the measures that are named, or all."""
    for name in sys.argv[1:] or list(MEASURES):
        MEASURES[name]()


if __name__ == "__main__":
    main()
