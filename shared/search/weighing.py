"""What words count beside each other, on any engine. The figures are chosen over all collections: docs/relevance.md."""

from collections.abc import Collection
from typing import Final

from shared.search.leaves import Leaf

NEAR_BOOST: Final = 0.2
"""What two neighbours of the query count that are near each other in the text, in their order."""
NEAR_WORDS: Final = 3
"""Words that may stand between them."""
PAIR_PRESENCE: Final = 0.6
"""What it counts that a pair of characters is there at all, times its rarity: pairs are parts of words, so how often
they are there says less."""
_TELLING_LEAST: Final = 2
"""Words that a query must have beside function words for these to be spared."""


def spared_leaves(leaves: Collection[Leaf], function_words: Collection[str]) -> set[Leaf]:
    """The leaves of a whole question that a page may lack and still answer it."""
    spared = {leaf for leaf in leaves if len(leaf.slots) == 1 and leaf.slots[0].exact in function_words}
    return spared if len(set(leaves) - spared) >= _TELLING_LEAST else set()


def unspaced(word: str) -> bool:
    """Whether a word is of a script without spaces, so that it is a pair of characters."""
    return word >= "\u0e00" and not word.isascii()


def overlap(one: str, two: str) -> bool:
    """Pairs of characters of one run: whether they stand together is told by the phrase already."""
    return unspaced(one) and one[1:] == two[:1]
