"""How long a text is to its readers."""

import re
from math import ceil
from typing import Final

from shared.spaceless import IDEOGRAPHS, SOUTH_EAST_ASIAN, has_spaceless, without_spaceless

WORDS_A_MINUTE: Final = 238
"""Silent reading of English non-fiction (Brysbaert, "How many words do we read per minute?", 2019)."""
_IDEOGRAPHS_A_WORD: Final = 1.7
"""Chinese 1.6, Japanese 1.8: characters against words a minute in Trauzettel-Klosinski and Dietz, "Standardized
assessment of reading performance: the new International Reading Speed Texts IReST", 2012."""
_LETTERS_A_WORD: Final = 4.5
"""Thai and its neighbours, vowel signs counted."""
_NO_WORD: Final = re.compile(r"(?<!\S)[^\w\s]++(?!\S)")


def count_words(text: str) -> int:
    """Words, parted by spaces; in scripts that do not part them, as many as so many characters usually make."""
    if not has_spaceless(text):
        return _parted(text)
    ideographs = len(IDEOGRAPHS.findall(text)) / _IDEOGRAPHS_A_WORD
    letters = len(SOUTH_EAST_ASIAN.findall(text)) / _LETTERS_A_WORD
    return _parted(without_spaceless(text)) + ceil(ideographs + letters)


def reading_minutes(words: int) -> int:
    """Whole minutes, rounded up; 0 for no words."""
    return ceil(words / WORDS_A_MINUTE)


def _parted(text: str) -> int:
    """Tokens with a letter or digit in them: a dash between spaces is no word."""
    return len(text.split()) - len(_NO_WORD.findall(text))
