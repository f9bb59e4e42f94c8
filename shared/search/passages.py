"""Where in a text to read for what a query asks, and which of its passages shows most of it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import Final, NamedTuple

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
_SPOTS_MAX: Final = 6
"""Passages of a long text that are read word by word."""


class _Beginning(NamedTuple):
    """How the forms of a leaf's word begin in a text."""

    leaf: int
    written: str


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


def spots(body: str, start: int, leaves: Sequence[Leaf], language: str | None, length: int) -> list[int]:
    """Places behind `start` where passages begin that look as if they had most of the query, the best first.

    Words are looked for by how their forms begin, as they were typed, with a capital, and in capitals alone.
    """
    worth = worths(leaves, language)
    found = sorted(
        Mark(place, place, beginning.leaf)
        for beginning in islice(_beginnings(leaves, language, worth), _BEGINNINGS_MAX)
        for place in _places(body, start, beginning.written)
    )
    return [passage[0].start for passage in _best(found, worth, length)]


def _best(found: Sequence[Mark], worth: Sequence[float], length: int) -> Iterator[Sequence[Mark]]:
    left = list(found)
    for _ in range(_SPOTS_MAX):
        if not left:
            return
        passage = densest(left, worth, length)
        yield passage
        begin, end = passage[0].start - length, passage[-1].end + length
        left = [mark for mark in left if not begin < mark.start < end]


def _beginnings(leaves: Sequence[Leaf], language: str | None, worth: Sequence[float]) -> Iterator[_Beginning]:
    """One for each leaf that tells something: its longest word, which is the rarest."""
    for number, leaf in enumerate(leaves):
        if worth[number] == max(worth) and leaf.slots:
            word = max((slot.exact for slot in leaf.slots), key=len)
            yield _Beginning(number, _beginning(word, language))


def _beginning(word: str, language: str | None) -> str:
    stem = stems_of(language).stem(word).rpartition(MARK)[2]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, stem, strict=False)))
    return word[: same if same >= _BEGINNING_MIN else None][:_BEGINNING_MAX]


def _places(body: str, start: int, written: str) -> Iterable[int]:
    found: set[int] = set()
    for form in {written, written.capitalize(), written.upper()}:
        at = body.find(form, start)
        for _ in range(_PLACES_MAX):
            if at < 0:
                break
            found.add(at)
            at = body.find(form, at + len(form))
    return found


def _holds_together(leaf: Leaf, language: str | None) -> bool:
    return len(leaf.slots) == 1 and is_function_word(leaf.slots[0].exact, (language,))
