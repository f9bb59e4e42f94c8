"""Characters: which belong to words, which are left out, and which plain letter an accented one stands for."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

APOSTROPHES: Final = "'\u2019\u02bc\uff07"
HYPHENS: Final = "\\-\u2010\u2011"
"""The inside of a character class."""
INVISIBLE: Final = "\u00ad\u034f\u200c\u200d\u2060\ufeff"
"""Inside a word they change how it is drawn, not what it says: soft hyphen, joiners, byte order mark."""

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3041-\u3098\u309d-\u30ff"
    "\u3099\u309a\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts whose words are not parted by spaces (Han, kana, Thai, Lao, Khmer, Burmese), and Hangul, whose particles
cling to the word: they are cut into pairs of characters."""

_LEFT_OUT: Final = re.compile(
    f"[{INVISIBLE}{APOSTROPHES}"
    "\u0591-\u05bd\u05bf-\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"  # Arabic vowel signs and the stretched line
    "\u0483-\u0487\u20d0-\u20ff\ufe00-\ufe0f]"  # old Cyrillic marks, enclosures, variation selectors
)
_INSIDE: Final = frozenset(".:+#\u2044")
"""Signs that a word may keep: 3.14, 10:30, C++, C#, ½."""

_SPECIAL: Final = {
    **dict(zip("øłđðħŧ", "olddht", strict=True)),
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "þ": "th",
    **dict(zip("\u0131\u0451", "i\u0435", strict=True)),  # Turkish i without its dot; yo, which most write as ye
    **dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627"),  # Arabic alef with its hamzas
    **dict(zip("\u0649\u06cc\u0629\u06a9", "\u064a\u064a\u0647\u0643", strict=True)),  # Persian yeh, kaf; heh
}
"""Letters that carry their accent inside, so that Unicode does not take them apart."""


DOUBLED: Final = {plain: char for char, plain in _SPECIAL.items() if len(plain) == 2}
"""What two plain letters may be written as."""


@cache
def marks() -> str:
    r"""The combining marks of the basic plane, as the inside of a character class; counted out once, in 5 ms.

    Python's `\w` has letters and digits only, and would cut Hindi, Thai or decomposed French words at each mark.
    """
    found = {code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)).startswith("M")}
    starts = sorted(code for code in found if code - 1 not in found)
    ends = sorted(code for code in found if code + 1 not in found)
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))


def normal(word: str) -> str:
    """A word as written, whatever the keyboard: NFKC, case folded, without what is not drawn; accents stay."""
    if word.isascii() and word.isalnum():
        return word.lower()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    text = _LEFT_OUT.sub("", text).replace("i\u0307", "i")
    return "".join([_digit(char) for char in text if _belongs(char)])


def folded(word: str, kept: frozenset[str] = frozenset()) -> str:
    """A word with plain letters for accented ones, Latin, Greek, Arabic and Hebrew; `kept` are left as they are."""
    return word if word.isascii() else "".join([char if char in kept else _plain(char) for char in word])


def _belongs(char: str) -> bool:
    return char.isalnum() or char in _INSIDE or unicodedata.category(char)[0] == "M"


def _digit(char: str) -> str:
    return char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))


@lru_cache(4096)
def _plain(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    taken_apart = unicodedata.normalize("NFD", char)
    base = taken_apart[0]
    if base == taken_apart:
        return "" if "\u0300" <= char <= "\u036f" else char
    return base if base.isascii() or "\u0370" <= base <= "\u03ff" else char
