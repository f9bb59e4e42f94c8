"""Words and sentences, counted alike in all scripts."""

import re
from typing import Final

_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts without spaces between words."""
_SIGNS_PER_WORD: Final = 2
_ENDS: Final = tuple(".!?…。\uff01\uff1f؟।\u0589:;")
_CLOSERS: Final = "\"'”\u2019»«“)]*_ 」』\uff09"


def words_in(text: str) -> int:
    """How many words a text has; a sign of Chinese, Japanese or Thai counts half a word."""
    signs = 0 if text.isascii() else len(_SPACELESS.findall(text))
    return len(text.split()) + signs // _SIGNS_PER_WORD


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, brackets and quotation marks aside."""
    return text.rstrip(_CLOSERS).endswith(_ENDS)
