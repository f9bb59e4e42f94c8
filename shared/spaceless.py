"""Scripts that write words without spaces between them."""

import re
from typing import Final

IDEOGRAPHS: Final = re.compile(
    "[\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Han, hiragana and katakana."""
SOUTH_EAST_ASIAN: Final = re.compile("[\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3]")
"""Thai, Lao, Burmese and Khmer, with their vowel signs."""
_ANY: Final = re.compile(f"(?:{IDEOGRAPHS.pattern}|{SOUTH_EAST_ASIAN.pattern})+")


def has_spaceless(text: str) -> bool:
    """Whether any of the text is in such a script."""
    return not text.isascii() and _ANY.search(text) is not None


def without_spaceless(text: str) -> str:
    """The rest of the text, a space where something was taken out."""
    return _ANY.sub(" ", text)
