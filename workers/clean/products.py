"""What a page that sells something says of it: its properties, which extractors of stories take for menus."""

import re
from collections.abc import Sequence
from typing import Final

from workers.clean.places import FAR, GROUP_NAMES, Place
from workers.clean.segments import Cut, Segment
from workers.clean.tags import names

_NAMES: Final = frozenset(
    names(
        "description desc spec specs specification specifications feature features properties attributes technical"
        " price ingredients dimensions"
    )
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_ELSEWHERE: Final = tuple(
    map(GROUP_NAMES.index, ("navigation", "footer", "related", "newsletter", "comments", "review", "share", "consent"))
)
_KINDS: Final = frozenset(("item", "row", "term", "heading", "paragraph", "other"))
_MOST_WORDS: Final = 80
_PRICE = re.compile(r"[$€£¥₹₽₩]\s*\d|\d\s*(?:[$€£¥₹₽₩]|zł|kr\b|CHF|EUR|USD|GBP)")
_MOST_PRICES: Final = 1


def with_properties(cut: Cut, kept: Sequence[bool]) -> list[bool]:
    """Keeps the pieces of a product's description and properties as well, and the first price.

    Args:
        cut: the page.
        kept: the pieces that are kept already.
    """
    found = list(kept)
    known: dict[int, frozenset[str]] = {}
    prices = 0
    for number, segment in enumerate(cut.segments):
        around = _around(segment.place, known)
        if found[number] or not around or not _is_property(segment):
            continue
        if "price" in around:
            prices += bool(_PRICE.search(segment.text))
            found[number] = 0 < prices <= _MOST_PRICES and bool(_PRICE.search(segment.text))
        else:
            found[number] = True
    return found


def _around(place: Place, known: dict[int, frozenset[str]]) -> frozenset[str]:
    """The names of this kind that the elements around have."""
    if (found := known.get(id(place))) is None:
        above = _around(place.parent, known) if place.parent is not None else frozenset()
        own = _NAMES.intersection(word.lower() for word in _WORD.findall(place.name)) if place.depth else frozenset()
        known[id(place)] = found = above | own
    return found


def _is_property(segment: Segment) -> bool:
    if segment.kind not in _KINDS or segment.words > _MOST_WORDS or segment.linked * 2 > len(segment.text):
        return False
    return all(segment.place.distance(group) >= FAR for group in _ELSEWHERE)
