"""Words that begin as a prefix does, as a pattern over words as they are written; accents are read as in `folded`."""

from collections import defaultdict
from functools import cache
from typing import Final

from shared.search.analysis.characters import folded, normal

_ACCENTED: Final = (range(0xC0, 0x250), range(0x370, 0x530), range(0x622, 0x6D4), range(0x1E00, 0x2000))
"""Latin, Greek, Cyrillic and Arabic letters, of which some are accented ones."""


def beginning(word: str) -> str:
    """A regular expression for all words that begin like this one. None of its characters is taken for a sign."""
    return "".join(map(_any_of, word)) + ".*"


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
