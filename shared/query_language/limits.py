"""What a query may cost, and the names of the settings that say so."""

from typing import Final, NamedTuple

SLOP_MAX: Final = 50
"""Words between two that are near each other; engines part a title from its text by a hundred."""
BOOST_MAX: Final = 1000.0
FUZZY_LEAST: Final = {1: 3, 2: 5}
"""Letters that a word needs for so many of them to be wrong: with fewer, nearly every word would be alike."""
WARNINGS_MAX: Final = 10


class Limits(NamedTuple):
    """The limits of one query.

    Args:
        chars: code points.
        depth: levels of AND, OR, NOT and words side by side within each other.
        clauses: words, phrases and ranges.
        wildcards: words that end with an asterisk or `~`: each stands for many.
        wildcard_lead: letters and digits before an asterisk, at least.
        phrases: words within phrases without a slop: an engine looks through the places of each, in every page that
            has them all.
        near: words within phrases with a slop: each is looked for beside its neighbours, wherever these stand.
    """

    chars: int = 4096
    depth: int = 24
    clauses: int = 256
    wildcards: int = 16
    wildcard_lead: int = 2
    phrases: int = 128
    near: int = 32


DEFAULT: Final = Limits()
SETTINGS: Final = {
    "chars": "PAGEMILL_QUERY_MAX_CHARS",
    "depth": "PAGEMILL_QUERY_MAX_DEPTH",
    "clauses": "PAGEMILL_QUERY_MAX_CLAUSES",
    "wildcards": "PAGEMILL_QUERY_MAX_WILDCARDS",
    "wildcard_lead": "PAGEMILL_QUERY_WILDCARD_MIN_CHARS",
    "phrases": "PAGEMILL_QUERY_MAX_PHRASE_WORDS",
    "near": "PAGEMILL_QUERY_MAX_NEAR_WORDS",
}
