"""Lines that end a story: they announce what readers wrote, or other stories."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from workers.clean.line import WORDED, Line
from workers.clean.phrases import opens_comments, opens_related, rest_behind_marker

_SENTENCE = re.compile(r"[^.!?]*\w[.!?]$")
_SENTENCE_WORDS: Final = 3
_ASKS = re.compile(r"(?:leave|post|add|write|join|read|follow|share)\b", re.IGNORECASE)
_BEHIND: Final = 3
"""Lines of prose in a row that no such announcement has behind it."""


def announces_comments(lines: Sequence[Line], place: int) -> bool:
    """Whether a line announces what readers wrote.

    Args:
        lines: the page's lines.
        place: which one.
    """
    return opens_comments(lines[place].bare) and not _is_own(lines, place)


def announces_other(lines: Sequence[Line], place: int) -> bool:
    """Whether a line announces other stories, or ways to share this one."""
    return opens_related(lines[place].bare) and not _is_own(lines, place)


def announces_end(lines: Sequence[Line], place: int) -> bool:
    """Whether a line announces either."""
    return announces_comments(lines, place) or announces_other(lines, place)


def _is_own(lines: Sequence[Line], place: int) -> bool:
    """Whether a line that begins as an announcement says more, and the story goes on behind it: `Related costs`.

    A sentence is none either.
    """
    line, text = lines[place], lines[place].bare
    if not any(map(str.isalpha, rest_behind_marker(text))) or line.link_share > 0.5:
        return False
    if line.words >= _SENTENCE_WORDS and _SENTENCE.fullmatch(text) and not _ASKS.match(text):
        return True
    worded = (lines[at] for at in range(place + 1, len(lines)) if lines[at].shape in WORDED)
    behind = list(islice(worded, _BEHIND))
    return len(behind) == _BEHIND and all(line.is_prose for line in behind)
