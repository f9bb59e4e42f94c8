"""What tells the headline of a dump from its other lines: its looks, its place, and whether the story speaks of it."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from math import log1p
from typing import Final

from workers.clean.byline import is_byline
from workers.clean.line import Line
from workers.clean.page_shape import Extent

NAMES: Final = (
    "words",
    "few words",
    "words over 16",
    "ends as a sentence",
    "colon",
    "capitals",
    "all capitals",
    "prose",
    "lines above prose",
    "lines below prose",
    "above prose",
    "lines from top",
    "near top",
    "longest around",
    "after blank",
    "before blank",
    "short lines before",
    "prose next",
    "prose soon",
    "byline soon",
    "right under short lines",
    "words of the opening",
    "words of the story",
    "words of the address",
    "nothing of the address",
)
"""In the order of a row."""
PAGE_NAMES: Final = ("any", "outside of the story")
"""Of a page, which may have no headline at all."""

_DOWN: Final = 80
"""Lines of the story in which its headline may stand: menus are taken for its beginning now and then."""
_MOST: Final = 600
"""Lines that are judged; more than all labelled pages have over and in the beginning of their story."""
_LONGEST: Final = 34
_MOST_WORDS: Final = 14
_LONG: Final = 16
_NEAR_TOP: Final = 5
_OPENING: Final = 12
"""Paragraphs."""
_OFTEN: Final = 6
_BEFORE: Final = 3
_AFTER: Final = 4
_SOON: Final = 7
_SHORT_LINE: Final = 4
_MENU_WORDS: Final = 6
_UNLIKE: Final = 0.2
_TELLING: Final = 3
_WORD: Final = re.compile(r"\w+")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_COMMON: Final = {
    "the", "and", "for", "with", "are", "how", "what", "why", "your", "you", "from", "its", "this", "that", "best",
    "der",
    "die", "das", "und", "für", "mit", "ein", "eine", "les", "des", "une", "pour", "avec", "dans", "los", "las", "una",
    "para", "con", "por", "del", "che", "per", "non", "uma", "com", "não",
}  # fmt: skip


def terms(text: str) -> list[str]:
    """The words of a text in small letters; where words are not parted by spaces, each pair of signs."""
    words: list[str] = _WORD.findall(text.lower())
    if text.isascii() or not _UNSPACED.search(text):
        return words
    found: list[str] = []
    for word in words:
        if _UNSPACED.search(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        else:
            found.append(word)
    return found


class Page:
    """A dump around the lines that may be its headline.

    Args:
        lines: its lines.
        found: which of them are the story.
        address: the words of its address, None where it has none.
    """

    def __init__(self, lines: Sequence[Line], found: Extent, address: str | None) -> None:
        self._lines, self._story = lines, found.story
        self._prose = [line.is_prose for line in lines]
        prose = [place for place in found.story if self._prose[place]]
        self._first = prose[0] if prose else found.story.start
        paragraphs = [terms(lines[place].text) for place in prose]
        self._opening = {word for words in paragraphs[:_OPENING] for word in words}
        self._said = Counter(word for words in paragraphs for word in words)
        self._address = frozenset(terms(address)) if address else frozenset[str]()

    @cached_property
    def places(self) -> list[int]:
        """The lines that may be the headline."""
        end = min(len(self._lines), self._story.start + _DOWN, self._story.stop)
        return [place for place in range(max(0, end - _MOST), end) if _may_be(self._lines[place])]

    @cached_property
    def _bylines(self) -> set[int]:
        first, last = (self.places[0], self.places[-1] + _BEFORE) if self.places else (0, 0)
        return {first + at for at, line in enumerate(self._lines[first : last + 1]) if is_byline(line)}

    def page_row(self) -> list[float]:
        """The features of the page itself."""
        return [1.0, 1 - len(self._story) / max(1, len(self._lines))]

    def row(self, place: int) -> list[float]:
        """The features of one line, in the order of `NAMES`."""
        line = self._lines[place]
        return [
            *self._looks(line),
            self._prose[place],
            *self._stands(place),
            *self._around(place),
            *self._speaks(line.text),
        ]

    def _stands(self, place: int) -> list[float]:
        above = self._first - place
        return [log1p(max(0, above)), log1p(max(0, -above)), above > 0, log1p(place), place < _NEAR_TOP]

    def _looks(self, line: Line) -> list[float]:
        text, words = line.text, line.text.split()
        capitals = sum(word[0].isupper() or not word[0].isalpha() for word in words) / max(1, len(words))
        return [
            min(line.words, _MOST_WORDS) / _MOST_WORDS,
            line.words <= 2,
            max(0, line.words - _LONG) / 8,
            text.endswith((".", ":", ";", ",", "。")),
            ": " in text or "：" in text,  # noqa: RUF001  (as it is written in Chinese)
            capitals,
            text.isupper(),
        ]

    def _around(self, place: int) -> list[float]:
        lines, line, prose = self._lines, self._lines[place], self._prose
        before = range(max(0, place - _BEFORE), place)
        after = range(place + 1, min(len(lines), place + 1 + _AFTER))
        return [
            all(lines[at].words < line.words for at in (*before, *after) if not prose[at]),
            line.after_blank,
            bool(after) and lines[place + 1].after_blank,
            sum(lines[at].words <= _SHORT_LINE for at in before) / _BEFORE,
            bool(after) and prose[place + 1],
            sum(prose[place + 1 : place + 1 + _SOON]) / _SOON,
            any(at in self._bylines for at in range(place + 1, place + 1 + _BEFORE)),
            in_menu(lines, place),
        ]

    def _speaks(self, text: str) -> list[float]:
        words = terms(text)
        telling = {word for word in words if word not in _COMMON and (len(word) >= _TELLING or _UNSPACED.match(word))}
        count = max(1, len(telling))
        alike = len(self._address & set(words)) / len(self._address | set(words)) if self._address else 0.0
        return [
            len(telling & self._opening) / count,
            sum(min(self._said[word], _OFTEN) for word in telling) / count / _OFTEN,
            alike,
            bool(self._address) and alike < _UNLIKE,
        ]


def _may_be(line: Line) -> bool:
    return line.shape in {"text", "heading"} and 1 <= line.words <= _LONGEST


def in_menu(lines: Sequence[Line], place: int) -> bool:
    """Whether a short line stands right under two that are as short."""
    *above, line = lines[max(0, place - 2) : place + 1]
    if len(above) < 2 or line.words > 2 * max(each.words for each in above):
        return False
    return all(each.words < _MENU_WORDS for each in (*above, line)) and not (line.after_blank or above[1].after_blank)
