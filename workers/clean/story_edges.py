"""What belongs to a story though it does not read like prose: short answers, lists and steps at its edges."""

from collections.abc import Sequence
from typing import Final

from workers.clean.byline import is_byline
from workers.clean.end_markers import announces_end
from workers.clean.explain import by_words
from workers.clean.line import WORDED, Line

_SENTENCE_WORDS: Final = 2
_GAP: Final = 10
"""Short lines that may stand between two parts of a story."""
_STEPS: Final = 3
"""Sentences in a row that are worth a gap of short lines."""


def extended(lines: Sequence[Line], story: range) -> range:
    """The story with the sentences right behind it, and with what goes on behind a list or a few short lines.

    Args:
        lines: the page's lines.
        story: the run of its prose.
    """
    if not story:
        return story
    start, stop = _back_over_list(lines, story.start), story.stop
    while (further := _further(lines, stop)) > stop:
        stop = further
    return range(start, stop)


def is_said(lines: Sequence[Line], place: int) -> bool:
    """Whether a line is a sentence of the page's own, however short."""
    return _is_sentence(lines[place]) and lines[place].words > _SENTENCE_WORDS and _may_belong(lines, place)


def _further(lines: Sequence[Line], stop: int) -> int:
    """Where the next part ends; `stop` where there is none."""
    place, gap, in_list = stop, 0, True
    while place < len(lines) and gap <= _GAP and _may_belong(lines, place):
        if _is_sentence(lines[place]):
            end = place
            while end < len(lines) and _may_belong(lines, end) and _is_sentence(lines[end]):
                end += 1
            if gap == 0 or end - place >= _STEPS or (in_list and any(line.is_prose for line in lines[place:end])):
                return end
            gap, place, in_list = gap + end - place, end, False
        else:
            in_list = in_list and lines[place].shape in {"item", "separator"}
            gap += lines[place].shape in WORDED
            place += 1
    return stop


def _back_over_list(lines: Sequence[Line], start: int) -> int:
    """Where the story begins if what stands over it is a list under prose."""
    place = start
    while place > 0 and lines[place - 1].shape in {"item", "separator"} and _may_belong(lines, place - 1):
        place -= 1
    listed = sum(1 for line in lines[place:start] if line.shape == "item")
    over = place - 1
    return over if 0 < listed <= _GAP and over >= 0 and lines[over].is_prose and _may_belong(lines, over) else start


def _may_belong(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    if line.link_share > 0.5 or line.shape in {"picture", "fence", "markup"}:
        return False
    return not (by_words(line.text, prose=line.is_prose) or is_byline(line) or announces_end(lines, place))


def _is_sentence(line: Line) -> bool:
    return line.shape in {"text", "item"} and (line.is_prose or (line.ends and line.words >= _SENTENCE_WORDS))
