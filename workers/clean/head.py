"""What stands over the story of a text page: headline, standfirst, byline."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from workers.clean.byline import is_byline, names_in
from workers.clean.days import day_in
from workers.clean.line import WORDED, Line

_ABOVE: Final = 15
"""Lines over the story in which its headline is looked for."""
_HEADLINE_WORDS: Final = range(2, 31)
_STANDFIRST_WORDS: Final = range(6, 61)
_REPEATED_BONUS: Final = 10
_LONG_ENOUGH: Final = 12
_RATHER_LONG: Final = 18
_MENU_WORDS: Final = 6
_ALIKE: Final = 0.3
_TWO_SENTENCES = re.compile(r"\w{2}[.!?\u3002\uff01\uff1f] ?\S")
_WORD = re.compile(r"\w+")


class Head(NamedTuple):
    """Places in the lines, None where there is no such line, and what the bylines say."""

    title: int | None
    standfirst: int | None
    bylines: tuple[int, ...]
    authors: tuple[str, ...]
    published: str | None


def read_head(  # noqa: PLR0913  (the last one is a flag)
    lines: Sequence[Line],
    story: range,
    declared: str | None,
    description: str | None,
    fetched_at: datetime,
    *,
    whole: bool = False,
) -> Head:
    """Finds the headline and what follows it up to the first paragraph.

    Args:
        lines: the page's lines.
        story: which of them are the story; the headline may stand over it or in its first lines.
        declared: the title that the page's fields give.
        description: what the fields say the page is about.
        fetched_at: a day after it is not believed.
        whole: whether the page is all story, with no site around it: it opens with its title, if it has one.
    """
    title = _declared_title(lines, story, declared) if declared else None
    if title is None and not declared:
        title = _opening(lines)
        title = _title(lines, story) if title is None and not whole else title
    after = story.start if title is None else title + 1
    standfirst = _standfirst(lines, after, story, description, whole=whole) if title is not None else None
    first = max(story.start, (standfirst if standfirst is not None else after - 1) + 1)
    between = [place for place in range(after, _first_prose(lines, first, story)) if place != standfirst]
    bylines = tuple(place for place in between if _is_byline(lines[place], whole=whole))
    authors = next((names for place in bylines if (names := names_in(lines[place].text))), ())
    newest = fetched_at.strftime("%Y-%m-%d")
    days = (day_in(lines[place].text) for place in bylines)
    return Head(
        title, standfirst, bylines, authors, next((each.day for each in days if each and each.day <= newest), None)
    )


def _is_byline(line: Line, *, whole: bool) -> bool:
    """Whether a line names a writer or a day; in a document only a line of text does."""
    return is_byline(line) and (not whole or line.shape == "text")


def _opening(lines: Sequence[Line]) -> int | None:
    """The heading that the page opens with, where no other one is as high; a first one of the highest level is it."""
    place = _first_words(lines)
    if place is None or lines[place].shape != "heading" or not _could_be_title(lines[place]):
        return None
    level = lines[place].level
    others = (line.level for line in lines[place + 1 :] if line.shape == "heading")
    return place if level == 1 or all(other > level for other in others) else None


def _first_prose(lines: Sequence[Line], first: int, story: range) -> int:
    return next((place for place in range(first, story.stop) if lines[place].is_prose), first)


def _declared_title(lines: Sequence[Line], story: range, declared: str) -> int | None:
    """The line down to the story's beginning that has most words in common with the declared title."""
    places = [place for place in range(min(story.start + 3, len(lines))) if _could_be_title(lines[place])]
    alike = [(_likeness(lines[place].text, declared), lines[place].shape == "heading", place) for place in places]
    best = max(alike, default=None)
    return best[2] if best and best[0] >= _ALIKE else None


def _title(lines: Sequence[Line], story: range) -> int | None:
    """The likeliest headline: a heading of the highest level, else a line that is long, near and said twice."""
    first = _first_prose(lines, story.start, story)
    window = range(max(0, first - _ABOVE), min(first + 1, len(lines)))
    if headings := [place for place in window if lines[place].shape == "heading" and _could_be_title(lines[place])]:
        best = min(headings, key=lambda place: (lines[place].level, -place))
        return best if lines[best].level == 1 or best == _first_words(lines) else None
    repeats = Counter(line.text for line in lines)
    scored = [
        (_headline_score(lines[place], repeats[lines[place].text]) - (first - place) / 2, place)
        for place in window
        if _could_be_title(lines[place])
        and lines[place].shape == "text"
        and not is_byline(lines[place])
        and not _in_menu(lines, place)
    ]
    best_line = max(scored, default=None)
    if best_line and best_line[0] > 0 and _has_prose_after(lines, best_line[1]):
        return best_line[1]
    return _one_word(lines)


def _one_word(lines: Sequence[Line]) -> int | None:
    """A single word is a headline where the page begins with it, and prose stands under it after a blank line."""
    place = _first_words(lines)
    if place is None or place + 1 >= len(lines):
        return None
    line, below = lines[place], lines[place + 1]
    alone = line.shape == "text" and line.words == 1 and not line.ends and line.link_share == 0
    return place if alone and below.after_blank and below.is_prose else None


def _headline_score(line: Line, repeats: int) -> float:
    bonus = _REPEATED_BONUS if repeats == 2 and line.words >= 4 else 0
    return min(line.words, _LONG_ENOUGH) - max(0, line.words - _RATHER_LONG) + bonus


def _could_be_title(line: Line) -> bool:
    if line.shape == "heading":
        return 0 < line.words < _HEADLINE_WORDS.stop and line.link_share <= 0.5
    if line.shape != "text" or line.words not in _HEADLINE_WORDS or line.link_share > 0.5:
        return False
    return not line.text.endswith((".", ":", ";", ",", "。", "।")) and not _TWO_SENTENCES.search(line.text)


def _in_menu(lines: Sequence[Line], place: int) -> bool:
    """Whether a short line stands right under two that are as short."""
    run = lines[max(0, place - 2) : place + 1]
    return (
        len(run) == 3
        and all(line.words < _MENU_WORDS for line in run)
        and not any(line.after_blank for line in run[1:])
    )


def _first_words(lines: Sequence[Line]) -> int | None:
    """The first line that has words and is no link."""
    return next((place for place, line in enumerate(lines) if line.shape in WORDED and line.link_share <= 0.5), None)


def _has_prose_after(lines: Sequence[Line], place: int) -> bool:
    return any(line.is_prose for line in lines[place + 1 : place + _ABOVE])


def _standfirst(lines: Sequence[Line], after: int, story: range, description: str | None, *, whole: bool) -> int | None:
    """The line under the headline that sums the story up: no full stop at its end, or it is the page's description."""
    for place in range(after, min(after + 6, story.stop)):
        line = lines[place]
        if line.shape == "text" and line.words in _STANDFIRST_WORDS and not is_byline(line):
            told = bool(description) and _likeness(line.text, description or "") > 0.8
            return place if (told or not (whole or line.ends)) and _has_prose_after(lines, place) else None
        if line.shape == "heading" or line.is_prose:
            return None
    return None


def _likeness(one: str, other: str) -> float:
    """Jaccard's index of the words."""
    mine, theirs = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    return len(mine & theirs) / max(1, len(mine | theirs))
