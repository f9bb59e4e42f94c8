"""The posts of a thread in a text page, told by the lines over them that say who wrote each and when."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from workers.clean.byline import BY
from workers.clean.days import day_in
from workers.clean.line import WORDED, Line, prose_words
from workers.clean.phrases import opens_comments

_POSTS: Final = 3
_HEAD_WORDS: Final = 14
_AGO = re.compile(r"\b\d{1,3} (?:second|minute|hour|day|week|month|year)s? ago\b", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?\b", re.IGNORECASE)
_FIRST_MOST: Final = 4
"""Times the words of a usual post that the first one has at most: what has more is a story with comments under it."""
_NAME_WORDS: Final = 4


def thread_range(lines: Sequence[Line]) -> range:
    """From the line over the first post to the end of the last one; empty where the page is no thread.

    Args:
        lines: the page's lines.
    """
    heads = [place for place, line in enumerate(lines) if _is_head(line)]
    if len(heads) < _POSTS:
        return range(0)
    ends = [*heads[1:], len(lines)]
    posts = [(head, end, prose_words(lines[head:end])) for head, end in zip(heads, ends, strict=True)]
    written = [(head, end, words) for head, end, words in posts if words]
    if len(written) < _POSTS or prose_words(lines[: heads[0]]):
        return range(0)
    first, last = written[0], written[-1]
    usual = median(words for _, _, words in written[1:])
    if first[2] > _FIRST_MOST * usual or any(opens_comments(line.text) for line in lines[first[0] : first[1]]):
        return range(0)
    return range(_with_name(lines, first[0]), _last_prose(lines, last[0], last[1]) + 1)


def _is_head(line: Line) -> bool:
    """Whether a short line says when something was written: a day with a name or a clock, or how long ago."""
    if line.shape not in {"text", "item", "heading"} or line.words > _HEAD_WORDS or line.is_prose:
        return False
    if not any(map(str.isdigit, line.text)):
        return False
    if _AGO.search(line.text):
        return True
    return bool(_CLOCK.search(line.text) or BY.match(line.text)) and bool(day_in(line.text))


def _with_name(lines: Sequence[Line], head: int) -> int:
    """The post's first line, with up to two short ones over it that name who wrote it."""
    first = head
    while first > max(0, head - 2) and lines[first - 1].shape in WORDED and lines[first - 1].words <= _NAME_WORDS:
        first -= 1
    return first


def _last_prose(lines: Sequence[Line], head: int, end: int) -> int:
    return max(place for place in range(head, end) if lines[place].is_prose)
