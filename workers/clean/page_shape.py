"""What kind of thing a text page is as a whole, and where on it the story is."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Final, Literal, NamedTuple

from workers.clean.explain import by_words
from workers.clean.line import WORDED, Line, prose_words
from workers.clean.phrases import opens_comments, opens_related
from workers.clean.story import dense_range, story_range
from workers.clean.story_edges import extended
from workers.clean.threads import thread_range

_RELATED_WORK = re.compile(
    r"related (?:projects?|work|packages?|tools?|librar(?:y|ies)|software|modules?|resources|documentation)\b",
    re.IGNORECASE,
)
_LINKED_MOST: Final = 0.3
"""Of a document's lines; menus make for more."""
_LONG: Final = 100
"""Lines of a document in which one may sound like what sites say on each page."""
_OPENS: Final = 3
"""Lines that may stand before a document's first heading or sentence."""
_PROSE_MOST: Final = 0.8
"""Of the words of a document without headings; what has more is a story, and its prose says where it ends."""
_SPARSE: Final = 0.45
"""Of the unlinked words, how many the run of prose has at least on a page that is a story in prose."""
_MOST_PROSE: Final = 0.7
_CARD_WORDS: Final = 4
_MANY: Final = 3
Kind = Literal["story", "document", "thread"]


class Extent(NamedTuple):
    """Where the story is, and what kind of page it is on."""

    story: range
    kind: Kind


def extent(lines: Sequence[Line]) -> Extent:
    """Finds the lines that may belong to the story.

    A page with next to nothing around it is a document: somebody's README, a recipe, a note. All of it belongs,
    whatever its lines look like. A thread is its posts, from the first to the last. Any other page is the run of
    lines that reads most like prose, or, where that is a small part of the page, the run with most words.

    Args:
        lines: the page's lines.
    """
    worded = [place for place, line in enumerate(lines) if line.shape in WORDED]
    if _is_document([lines[place] for place in worded]) and not _has_cards(lines):
        return Extent(range(worded[0], worded[-1] + 1), "document")
    if posts := thread_range(lines):
        return Extent(posts, "thread")
    story = story_range(lines)
    if _is_sparse(lines, lines[story.start : story.stop]):
        story = dense_range(lines, story)
    return Extent(extended(lines, story), "story")


def _is_sparse(lines: Sequence[Line], story: Sequence[Line]) -> bool:
    """Whether the story has most of the page's prose, but few of its unlinked words."""
    return (
        bool(story)
        and _words(story) < _SPARSE * _words(lines)
        and prose_words(story) > _MOST_PROSE * prose_words(lines)
    )


def _is_document(lines: Sequence[Line]) -> bool:
    """Whether a page has neither menus nor what sites say on each page, and opens with its own words."""
    linked = sum(1 for line in lines if points_elsewhere(line))
    if not lines or linked > _LINKED_MOST * len(lines):
        return False
    if not any(line.shape == "heading" or line.is_prose for line in _unlinked(lines)[:_OPENS]):
        return False
    if not any(line.shape == "heading" for line in lines) and prose_words(lines) > _PROSE_MOST * _words(lines):
        return False
    said = (line for line in lines if by_words(line.text) or _announces_other(line))
    return next(islice(said, int(len(lines) >= _LONG), None), None) is None


def _has_cards(lines: Sequence[Line]) -> bool:
    """Whether it has cards of other pages: headings that are links near a picture, or the same words under each."""
    pictured = sum(
        1
        for place, line in enumerate(lines)
        if line.shape == "heading"
        and points_elsewhere(line)
        and any(near.shape == "picture" for near in lines[max(0, place - 3) : place + 2])
    )
    said = Counter(line.text for line in lines if line.shape in {"text", "item"} and line.words >= _CARD_WORDS)
    return pictured >= _MANY or sum(times for times in said.values() if times >= _MANY) * 20 > len(lines)


def points_elsewhere(line: Line) -> bool:
    """Whether a line is mostly links to other pages."""
    return line.link_share > 0.5 and not _points_within(line)


def _points_within(line: Line) -> bool:
    """Whether it is an entry of the page's own table of contents."""
    return line.link_share > 0.5 and all(link.startswith("#") for link in line.links)


def _announces_other(line: Line) -> bool:
    """Whether it announces comments or other pages; a README's related projects are its own words."""
    text = line.bare
    return (
        line.shape != "code"
        and not _points_within(line)
        and (opens_comments(text) or (opens_related(text) and not _RELATED_WORK.match(text)))
    )


def _unlinked(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.link_share <= 0.5]


def _words(lines: Sequence[Line]) -> int:
    return sum(line.words for line in lines if line.shape in WORDED and line.link_share <= 0.5)
