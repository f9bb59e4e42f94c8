"""`python -m tests.quality NAME ...`: how good results are, as figures to be compared."""

import sys
from collections.abc import Callable

from tests.quality import cost, language, metadata, names, near_copies, relevance
from tests.quality.cleaning import sites, tables, titles

MEASURES: dict[str, Callable[[], None]] = {
    "cleaning": tables.measure,
    "sites": sites.measure,
    "titles": titles.measure,
    "relevance": relevance.measure,
    "metadata": metadata.measure,
    "language": language.measure,
    "names": names.measure,
    "near_copies": near_copies.measure,
    "cost": cost.measure,
}


def main() -> None:
    """Prints the measures that are named, or all."""
    for name in sys.argv[1:] or list(MEASURES):
        MEASURES[name]()


if __name__ == "__main__":
    main()
