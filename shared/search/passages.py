"""Where in a text to read for what a query asks, and which of its passages shows most of it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final, NamedTuple

from shared.search.analysis.beginnings import as_written
from shared.search.analysis.function_words import is_function_word
from shared.search.analysis.stems import MARK, stems_of
from shared.search.leaves import Leaf
from shared.search.marking import Mark

_FUNCTION_WORTH: Final = 0.1
"""What a function word is worth beside a word that tells something."""
_BEGINNING_MAX: Final = 8
_BEGINNING_MIN: Final = 3
_PLACES_MAX: Final = 300
_BEGINNINGS_MAX: Final = 24
"""Leaves that a long text is looked through for."""
_RARE_WORTH: Final = 1.5
"""What a word is worth that does not stand nearly everywhere."""
_TO_THE_NEXT: Final = r"\w*\W{1,8}"
_SPOTS_MAX: Final = 6
"""Passages of a long text that are read word by word."""


def worths(leaves: Sequence[Leaf], language: str | None) -> list[float]:
    """What showing each leaf is worth in a text of this language; where all are function words, as much as others."""
    found = [_FUNCTION_WORTH if _holds_together(leaf, language) else 1.0 for leaf in leaves]
    return found if 1.0 in found else [1.0] * len(found)


def densest(marks: Sequence[Mark], worth: Sequence[float], length: int) -> Sequence[Mark]:
    """The marks within `length` characters whose leaves are worth most, then the most marks, then the first."""
    ordered = sorted(set(marks))
    best: Sequence[Mark] = ordered[:1]
    most = (0.0, 0)
    inside: dict[int, int] = {}
    shown = 0.0
    left = 0
    for right, mark in enumerate(ordered):
        inside[mark.leaf] = inside.get(mark.leaf, 0) + 1
        shown += worth[mark.leaf] if inside[mark.leaf] == 1 else 0
        while mark.end - ordered[left].start > length and left < right:
            gone = ordered[left].leaf
            inside[gone] -= 1
            shown -= 0 if inside[gone] else worth[gone]
            left += 1
        if (round(shown, 6), right - left) > most:
            best, most = ordered[left : right + 1], (round(shown, 6), right - left)
    return best


class Spots(NamedTuple):
    """Where to read on in a long text, and what showing each leaf is worth in it."""

    places: list[int]
    worth: list[float]


def spots(body: str, start: int, leaves: Sequence[Leaf], language: str | None, length: int) -> Spots:
    """Places behind `start` where passages begin that look as if they had most of the query, the best first.

    Words are looked for by how their forms begin, whatever their case; where none is written so, also with accents,
    apostrophes and hyphens. A word that stands nearly everywhere is looked for beside the rare ones, which are worth
    more.
    """
    worth = worths(leaves, language)
    text = _small(body)
    found: dict[int, list[int]] = {}
    for number, leaf in islice(_telling(leaves, worth), _BEGINNINGS_MAX):
        found[number] = _places(text, start, leaf, language)
    rare = [number for number, places in found.items() if 0 < len(places) < _PLACES_MAX]
    near = sorted(place for number in rare for place in found[number])[:_PLACES_MAX]
    for number, places in found.items():
        if number in rare:
            worth[number] *= _RARE_WORTH
        elif near:
            word = _beginning(_longest(leaves[number]), language)
            spans = ((max(start, place - length), place + length) for place in near)
            places.extend(at for begin, end in spans if (at := text.find(word, begin, end)) >= 0)
    marks = sorted({Mark(place, place, number) for number, places in found.items() for place in places})
    return Spots([passage[0].start for passage in _best(marks, worth, length)], worth)


def _best(found: Sequence[Mark], worth: Sequence[float], length: int) -> Iterator[Sequence[Mark]]:
    left = list(found)
    for _ in range(_SPOTS_MAX):
        if not left:
            return
        passage = densest(left, worth, length)
        yield passage
        begin, end = passage[0].start - length, passage[-1].end + length
        left = [mark for mark in left if not begin < mark.start < end]


def _telling(leaves: Sequence[Leaf], worth: Sequence[float]) -> Iterator[tuple[int, Leaf]]:
    """The leaves that tell something, with their numbers."""
    return ((number, leaf) for number, leaf in enumerate(leaves) if worth[number] == max(worth) and leaf.slots)


def _longest(leaf: Leaf) -> str:
    """The longest word, which is most often the rarest."""
    return max((slot.exact for slot in leaf.slots), key=len)


def _beginning(word: str, language: str | None) -> str:
    stem = stems_of(language).stem(word).rpartition(MARK)[2]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, stem, strict=False)))
    return word[: same if same >= _BEGINNING_MIN else None][:_BEGINNING_MAX]


def _small(body: str) -> str:
    """The text in small letters, as long as it is."""
    small = body.replace("\u0130", "i").lower()
    return small if len(small) == len(body) else body


def _places(text: str, start: int, leaf: Leaf, language: str | None) -> list[int]:
    """Where a leaf may stand: its longest word; of a phrase whose words are frequent these words beside each other."""
    places = _places_of(text, start, _beginning(_longest(leaf), language))
    if len(places) < _PLACES_MAX or len(leaf.slots) == 1:
        return places
    words = [_beginning(slot.exact, language) for slot in leaf.slots]
    others = min((_places_of(text, start, word) for word in words), key=len)
    if 0 < len(others) < _PLACES_MAX:
        return others
    together = re.compile(_TO_THE_NEXT.join(map(re.escape, words)))
    return [found.start() for found in islice(together.finditer(text, start), _PLACES_MAX)] or places


def _places_of(text: str, start: int, word: str) -> list[int]:
    found: list[int] = []
    at = text.find(word, start)
    while at >= 0 and len(found) < _PLACES_MAX:
        found.append(at)
        at = text.find(word, at + len(word))
    if found or not word:
        return found
    written = re.compile(as_written(word))
    return [match.start() for match in islice(written.finditer(text, start), _PLACES_MAX)]


def _holds_together(leaf: Leaf, language: str | None) -> bool:
    return len(leaf.slots) == 1 and is_function_word(leaf.slots[0].exact, (language,))
