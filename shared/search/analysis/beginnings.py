"""Words that begin as a prefix does, as a pattern over words as they are written; accents are read as in `folded`."""

from collections import defaultdict
from functools import cache
from typing import Final

from shared.search.analysis.characters import APOSTROPHES, DOUBLED, HYPHENS, INVISIBLE, folded, marks, normal

_ACCENTED: Final = (range(0xC0, 0x250), range(0x370, 0x530), range(0x622, 0x6D4), range(0x1E00, 0x2000))
"""Latin, Greek, Cyrillic and Arabic letters, of which some are accented ones."""


def beginning(word: str) -> str:
    """A regular expression for all words that begin like this one. None of its characters is taken for a sign."""
    return "".join(map(_any_of, word)) + ".*"


def as_written(word: str) -> str:
    """A regular expression for a word's beginning as texts in small letters write it: with accents, hyphens, marks.

    Its last letter may be the first of two that are written as one, such as `ß`.
    """
    found, at = [], 0
    while at < len(word):
        single = _any_of(word[at])
        if (other := DOUBLED.get(word[at : at + 2])) is None:
            last = "".join(char for plain, char in DOUBLED.items() if at == len(word) - 1 and plain[0] == word[at])
            found.append(f"(?:{single}|[{last}])" if last else single)
            at += 1
        else:
            found.append(f"(?:{single}{_any_of(word[at + 1])}|{other})")
            at += 2
    return _between().join(found)


@cache
def _between() -> str:
    return f"[{HYPHENS}{APOSTROPHES}{INVISIBLE}{marks()}]*"


@cache
def _any_of(char: str) -> str:
    plain = folded(char)
    return f"[{''.join(sorted({*_accents().get(plain, ()), *(plain if len(plain) == 1 else ''), char}))}]"


@cache
def _accents() -> dict[str, frozenset[str]]:
    """The accented letters of each plain one."""
    found = defaultdict(set)
    for code in (code for codes in _ACCENTED for code in codes):
        char = chr(code)
        if normal(char) == char and (plain := folded(char)) != char:
            found[plain].add(char)
    return {plain: frozenset(chars) for plain, chars in found.items()}
