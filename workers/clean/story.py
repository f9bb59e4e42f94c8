"""Which lines of a text page are its story."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from workers.clean.end_markers import announces_comments, announces_end
from workers.clean.line import Line, prose_words

_PROSE_MOST: Final = 60
_PROSE_LESS: Final = 6
_DENSE_LESS: Final = 5
_SHORT: Final = -6.0
_SHORT_AMONG_LINKS: Final = -1.0
"""Where menus are links, or most of the page is prose, a short line is rather a part of the story."""
_MOSTLY: Final = 0.6
_HEADING: Final = 0.0
_LINKED: Final = -10.0
_LINKED_HEADING: Final = -3.0
_REPEATED: Final = -5.0
_PICTURE: Final = -2.0
_BOILERPLATE: Final = -20.0
_TEASER: Final = -10.0
_END_MARKER: Final = -60.0
_ROW: Final = 2.0
_ITEM: Final = 0.0
_ITEM_LEAST_WORDS: Final = 6
_SENTENCE: Final = -1.0
_SENTENCE_LEAST_WORDS: Final = 2
_ENOUGH_BEFORE_MARKER: Final = 120
"""Words of prose after which a line that announces comments or other stories ends the story."""
_ENOUGH_BEFORE_COMMENTS: Final = 250
"""Words of prose after which nothing is looked for behind a line that announces comments: they may be longer."""
_MANY: Final = 3


def story_range(lines: Sequence[Line]) -> range:
    """The run of lines whose scores add up to most: the story, from its first line of prose to its last.

    Each line is scored by its own features, prose up and menus down, and the run with the largest sum is found in one
    pass (Kadane's algorithm; Pasternack and Roth 2009 cut articles out of pages so). The sites' own markers of an
    end, such as a heading over the comments, end the run.

    Args:
        lines: the page's lines.

    Returns:
        Places in `lines`; empty where no run adds up to anything.
    """
    repeats = Counter(line.text for line in lines if line.shape != "picture")
    among = tells_menus_by_links(lines)
    best, best_sum = range(0), 0.0
    start, total, prose = 0, 0.0, 0
    for place, line in enumerate(lines):
        if total <= 0:
            start, total, prose = place, 0.0, 0
        total += score(line, repeats[line.text], among_links=among)
        prose += line.words if line.is_prose else 0
        if prose >= _ENOUGH_BEFORE_MARKER and announces_end(lines, place):
            if prose >= _ENOUGH_BEFORE_COMMENTS and announces_comments(lines, place):
                break
            total += _END_MARKER
        if total > best_sum:
            best, best_sum = range(start, place + 1), total
    return best


def dense_range(lines: Sequence[Line], story: range) -> range:
    """The run of lines around a story that has most words: a list, a table, short answers to questions.

    Args:
        lines: the page's lines.
        story: the run of its prose, which the other one has to hold.
    """
    best, best_sum = range(0), 0.0
    start, total, prose = 0, 0.0, 0
    for place, line in enumerate(lines):
        if total <= 0:
            start, total, prose = place, 0.0, 0
        if prose >= _ENOUGH_BEFORE_MARKER and announces_end(lines, place):
            break
        total += _density(line)
        prose += line.words if line.is_prose else 0
        if total > best_sum:
            best, best_sum = range(start, place + 1), total
    return best if best and best.start <= story.start and story.stop <= best.stop else story


def _density(line: Line) -> float:
    if line.shape == "picture":
        return _PICTURE
    if line.shape in {"separator", "fence", "markup"}:
        return 0.0
    if line.is_boilerplate:
        return _BOILERPLATE
    return _LINKED if line.link_share > 0.5 else min(line.words, _PROSE_MOST) - _DENSE_LESS


def tells_menus_by_links(lines: Sequence[Line]) -> bool:
    """Whether the page's menus can be told by their links, or there is little room for menus."""
    return sum(1 for line in lines if line.link_share > 0.5) >= _MANY or _is_mostly_prose(lines)


def _is_mostly_prose(lines: Sequence[Line]) -> bool:
    """Whether there is little room for menus."""
    prose = prose_words(lines)
    return prose > _MOSTLY * sum(line.words for line in lines)


def score(line: Line, repeats: int = 1, *, among_links: bool = False) -> float:
    """How much a line looks like a part of a story: above 0 for prose, below for the rest.

    Args:
        line: the line.
        repeats: how often its words stand on the page.
        among_links: whether the page's menus can be told by their links, or there is little room for menus.
    """
    if line.shape == "table":
        return sum(score(row, among_links=among_links) for row in line.rows)
    if line.shape in {"text", "heading", "item"} and line.link_share <= 0.5 and line.is_boilerplate:
        return _BOILERPLATE
    return score_by_shape(line, repeats, among_links=among_links)


def score_by_shape(  # noqa: PLR0911  (one return for each kind of line)
    line: Line, repeats: int = 1, *, among_links: bool = False
) -> float:
    """The same whatever the line says."""
    if line.shape == "picture":
        return _PICTURE
    if line.shape in {"separator", "fence", "markup", "code"}:
        return 0.0
    if line.shape == "table":
        return sum(score_by_shape(row, among_links=among_links) for row in line.rows)
    if line.link_share > 0.5:
        return _LINKED_HEADING if line.shape == "heading" else _LINKED
    if repeats >= _MANY:
        return _REPEATED
    if line.is_prose:
        return _TEASER if _is_teaser(line) else min(line.words, _PROSE_MOST) - _PROSE_LESS
    return _score_without_prose(line, among_links=among_links)


def _score_without_prose(line: Line, *, among_links: bool) -> float:
    if line.raw.count("|") > 1:
        return _ROW
    if line.shape == "heading":
        return _HEADING
    if line.shape == "item" and line.words >= _ITEM_LEAST_WORDS:
        return _ITEM
    if line.ends and line.words >= _SENTENCE_LEAST_WORDS:
        return _SENTENCE
    return _SHORT_AMONG_LINKS if among_links else _SHORT


def _is_teaser(line: Line) -> bool:
    """Whether the text breaks off, as on a card that links to another page."""
    return line.words < 70 and line.text.rstrip(" ])").endswith(("…", "..."))
