"""Words of scripts that do not part them, without a dictionary: what a text repeats, and where its scripts change."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from shared.search.analysis.function_words import is_function_word
from workers.enrich.rarity import grammar_words
from workers.enrich.repeats import BREAK, repeats

_HAN: Final = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KATAKANA: Final = "\u30a1-\u30fa\u30fc"
_JAPANESE: Final = re.compile(f"[\u3041-\u309f]+|[{_KATAKANA}]+|[{_HAN}]+")
_HIRAGANA: Final = re.compile("[\u3041-\u309f]")
_CHINESE_UNIT: Final = re.compile(f"[{_HAN}]|[^{_HAN}]+")
_THAI_UNIT: Final = re.compile(
    "[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[\u0e30\u0e32\u0e33\u0e45]?|."
)
"""A Thai consonant with the vowels before, above, below and after it: no word begins or ends within one."""
_THAI: Final = re.compile("[\u0e01-\u0e2e]")
_LONGEST_CHINESE: Final = 8
_LONGEST_THAI: Final = 10
_SHORTEST_THAI: Final = 3
_CHINESE_GRAMMAR: Final = frozenset(
    "的了在是和与與及而也都就被把这這那他她它我你们們着著吗嗎呢吧个個对對于於为為以之其并並但或将將不所次很"
)
"""Characters that begin or end a row of others for grammar's sake far more often than as part of a word."""
_CHINESE_ENDS: Final = frozenset("中后後前时時内內里裡上下等说說")


class Repeated(NamedTuple):
    """A word as far as repeats tell: how it is written, how many characters a reader sees, how often it stands."""

    word: str
    units: int
    times: int


def is_japanese(text: str, language: str | None) -> bool:
    """Whether a text is in Japanese; hiragana say so where nothing else does."""
    return language == "ja" or (language is None and _HIRAGANA.search(text) is not None)


def parted_japanese(text: str) -> str:
    """Japanese text with a space where kanji and katakana meet, and a stop in place of hiragana.

    What is left between two stops is a word or a few in a row: grammar is written in hiragana.
    """
    return _JAPANESE.sub(lambda run: " . " if _HIRAGANA.match(run[0]) else f" {run[0]} ", text)


def repeated_words(text: str) -> Iterator[Repeated]:
    """The Chinese and Thai words that a text repeats.

    Args:
        text: whatever else is in it parts words.
    """
    chinese = [unit if len(unit) == 1 and _is_han(unit) else BREAK for unit in _CHINESE_UNIT.findall(text)]
    for row, count in repeats(chinese, _LONGEST_CHINESE):
        if not _is_chinese_grammar(row):
            yield Repeated("".join(row), len(row), count)
    if _THAI.search(text):
        yield from _thai_words(text)


def _thai_words(text: str) -> Iterator[Repeated]:
    units = [unit if _THAI.search(unit) else BREAK for unit in _THAI_UNIT.findall(text)]
    for row, count in repeats(units, _LONGEST_THAI):
        word = "".join(row)
        if len(row) >= _SHORTEST_THAI and not any(_begins_or_ends(row, many) for many in (1, 2)):
            yield Repeated(word, len(row), count)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "\u3005" or "\uf900" <= char <= "\ufaff"


def _is_chinese_grammar(row: tuple[str, ...]) -> bool:
    first, last = row[0], row[-1]
    if first in _CHINESE_GRAMMAR or last in _CHINESE_GRAMMAR or last in _CHINESE_ENDS:
        return True
    return is_function_word("".join(row[:2]), ()) or is_function_word("".join(row[-2:]), ())


def _begins_or_ends(row: tuple[str, ...], many: int) -> bool:
    """Whether so many of its first or last syllables are a word of grammar."""
    grammar = grammar_words("th")
    return "".join(row[:many]) in grammar or "".join(row[-many:]) in grammar
