"""The words that hold a sentence together and say nothing of what it is about; questions are full of them."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from shared.search.analysis.characters import normal

FUNCTION_WEIGHT: Final = 0.3
"""What a function word counts beside others; chosen over all languages at once, see docs/relevance.md."""
_LISTS: Final = Path(__file__).with_name("function_words.txt")
_PAIRED: Final = ("zh", "ja")
_FIRST_UNSPACED: Final = "\u3041"


def function_words(language: str | None) -> frozenset[str]:
    """Those of an ISO 639-1 code, as an index writes them (`characters.normal`); empty where there is no list."""
    return _lists().get(language or "", frozenset())


def is_function_word(word: str, languages: Iterable[str | None]) -> bool:
    """Whether a word as written (`characters.normal`) is one in any of these languages.

    Chinese and Japanese are not told apart: their words are pairs of characters, which say by themselves what they are.
    """
    codes = _PAIRED if word >= _FIRST_UNSPACED else languages
    return any(word in function_words(language) for language in codes)


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _LISTS.read_text(encoding="utf-8").splitlines():
        code, *words = line.split()
        if code != "#":
            found.setdefault(code, set()).update(map(normal, words))
    return {code: frozenset(words) for code, words in found.items()}
