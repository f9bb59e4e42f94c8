"""How rarely texts of a language have a word: counted for English, told by lists and length for others."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from shared.search.analysis.function_words import function_words

TEXTS: Final = 779
"""Texts that were counted for the English table; a word that it does not have stood in at most three of them."""
_UNKNOWN: Final = 2.0
_COMMON: Final = 300.0
_SHORT: Final = (("\u1100", 1), ("\u0900", 2), ("", 4))
"""Letters up to which a word counts as a function word, by the script that it begins with: Hangul, kanji and the like;
the scripts of India; others. Vowel signs count as letters."""


class Rarity:
    """The words of a language.

    Args:
        language: ISO 639-1; `en` and None have the table.
    """

    def __init__(self, language: str | None) -> None:
        self._english: Mapping[str, int] | None = _english() if language in {"en", None} else None
        self._function = function_words(language) | grammar_words(language)

    def frequency(self, word: str) -> float:
        """Of a thousand texts, how many have the word."""
        if self._english is not None:
            return self._english.get(word, self._english.get(word.removesuffix("s"), _UNKNOWN))
        if word in self._function:
            return _COMMON
        return _COMMON if len(word) <= next(most for first, most in _SHORT if word >= first) else _UNKNOWN


@cache
def rarity(language: str | None) -> Rarity:
    """Those of a language, read once."""
    return Rarity(language)


@cache
def grammar_words(language: str | None) -> frozenset[str]:
    """Words of grammar besides those that questions are made of; none for most languages."""
    return frozenset(_table("grammar_words").get(language or "", "").split())


@cache
def _english() -> dict[str, int]:
    """How many of a thousand texts have a word."""
    return {word: int(share) for share, words in _table("english_words").items() for word in words.split()}


def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = json.loads(files("workers.enrich.tables").joinpath(f"{name}.json").read_text("utf-8"))
    return table
