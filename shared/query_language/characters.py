"""Characters that mean something in a query, on whatever keyboard they are typed."""

import re
from typing import Final

QUOTES: Final = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff62\uff63'
"""Straight and typographic; any of them ends what any of them began, since languages pair them differently."""
MINUS: Final = "-\u2010\u2212\ufe63"
PLUS: Final = "+"
_DIRECTIONS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of text; they stand between words where a right-to-left query is pasted."""
SPACE: Final = rf"\s{_DIRECTIONS}"
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SURE_ENDS: Final = frozenset(",;.!?)]")


def narrow(text: str) -> str:
    """Full-width ASCII as its plain characters, one for one, so that places stay."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def is_space(char: str) -> bool:
    """Whether a character parts words and is nothing else; the end of the text, an empty one, does."""
    return not char or re.fullmatch(f"[{SPACE}]", char) is not None


def words_of(text: str) -> list[str]:
    """What stands between spaces."""
    return [word for word in re.split(f"[{SPACE}]+", text) if word]


def begins_quote(text: str, at: int) -> bool:
    """Whether a quote at this place opens a phrase: it is no inch mark (27") and no Hebrew acronym's (צה"ל)."""
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    if before.isdigit() and (is_space(behind) or behind in _SURE_ENDS):
        return False
    return not (_HEBREW.match(before) and _HEBREW.match(behind))


def unescaped(text: str) -> str:
    r"""Without the backslashes that take a sign's meaning away; one before a letter or digit, as in C:\data, stays."""
    return re.sub(rf"\\([^\w{SPACE}])", r"\1", text) if "\\" in text else text


def escaped(text: str, signs: str) -> str:
    """With a backslash before each of these signs, and before each backslash."""
    return "".join([f"\\{char}" if char in signs or char == "\\" else char for char in text])
