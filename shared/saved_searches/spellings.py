"""Needs that a word fulfils by how it is written: by its beginning, or by being like another one."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from shared.search.analysis.alike import Alike
from shared.search.analysis.beginnings import beginning
from shared.search.analysis.characters import folded

_BEGUN: Final = "^"
_ALIKE: Final = "~"
_REMEMBERED: Final = 100_000


def begun(letters: str) -> str:
    """The token of any word that begins so, whatever its accents."""
    return _BEGUN + letters


def alike(word: str, most: int) -> str:
    """The token of any word that so many letters make of this one."""
    return f"{_ALIKE}{most}{word}"


class Spellings:
    """Which of some tokens a word fulfils; remembered, for a page is made of words that were seen before.

    Args:
        tokens: from `begun` and `alike`; others are left out.
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        self._begun: defaultdict[str, list[tuple[str, Callable[[str], object]]]] = defaultdict(list)
        self._alike: list[tuple[str, Alike]] = []
        for token in sorted(tokens):
            if token.startswith(_BEGUN):
                letters = token[1:]
                self._begun[folded(letters)].append((token, re.compile(beginning(letters), re.DOTALL).fullmatch))
            elif token.startswith(_ALIKE):
                self._alike.append((token, Alike(token[2:], int(token[1]))))
        self._lengths = sorted(set(map(len, self._begun)))
        self._known: dict[str, tuple[str, ...]] = {}
        self._plain: set[str] = set()
        self.any = bool(self._begun or self._alike)

    def of(self, words: set[str]) -> set[str]:
        """The tokens that some words fulfil."""
        found: set[str] = set()
        for word in words - self._plain:
            found.update(self._known.get(word) or self._of(word))
        return found

    def _of(self, word: str) -> tuple[str, ...]:
        folds = folded(word)
        near = (each for length in self._lengths for each in self._begun.get(folds[:length], ()))
        told = [token for token, matches in near if matches(word)]
        told += [token for token, is_like in self._alike if is_like(word)]
        if len(self._known) + len(self._plain) >= _REMEMBERED:
            self._known.clear()
            self._plain.clear()
        if told:
            self._known[word] = tuple(told)
        else:
            self._plain.add(word)
        return tuple(told)
