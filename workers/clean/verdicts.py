"""Line by line: kept in the story, or left out and why."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from workers.clean.byline import is_byline, is_credit
from workers.clean.end_markers import announces_comments, announces_other
from workers.clean.explain import by_words
from workers.clean.head import Head
from workers.clean.line import WORDED, Line
from workers.clean.page_shape import Extent, points_elsewhere
from workers.clean.phrases import opens_related
from workers.clean.reasons import DropReason
from workers.clean.running_lines import running_lines

Use = Literal["title", "standfirst", "paragraph", "picture"]

_BY_SHAPE: Final[dict[str, DropReason]] = {"separator": "separator", "fence": "separator", "markup": "markup"}
_COLONS: Final = (":", "\uff1a")
_MENU_WORDS: Final = 8
_SOME: Final = 2
_MANY: Final = 3
_CONTROL_WORDS: Final = 3
_FIELD = re.compile(r"(?:- )?[^\W\d][\w ()/-]{0,30}[:\uff1a]\s*\S")
_FIELD_WORDS: Final = 12
_UNDER_TITLE: Final = 8
"""Lines between a headline and its story, among which a picture is theirs."""


class Verdict(NamedTuple):
    """What becomes of a line; a picture outside the story is both listed and dropped."""

    line: Line
    use: Use | None
    reason: DropReason | None


def judge(lines: Sequence[Line], found: Extent, head: Head) -> Iterator[Verdict]:
    """Says of each line what becomes of it, in their order.

    Args:
        lines: the page's lines.
        found: which of them are the story, and on what kind of page. All of a document is its story, and what links
            elsewhere a part of it, too; a thread's bylines are a part of it.
        head: the headline's place and those under it.
    """
    kind = found.kind
    story = _trimmed(lines, found.story) if kind == "story" else found.story
    opens = _first_own_words(lines, head.title) if kind == "document" else len(lines)
    lead = _lead_pictures(lines, head, story.start)
    sheets = running_lines(lines)
    repeats = Counter(line.text for line in lines if line.text)
    comments = False
    for place, line in enumerate(lines):
        if place == head.title:
            yield Verdict(line, "title", None)
        elif place == head.standfirst:
            yield Verdict(line, "standfirst", None)
        elif place in lead:
            yield Verdict(line, "picture", None)
        elif place in sheets:
            yield Verdict(line, None, "repeated")
        elif place in story and (place not in head.bylines or kind == "thread"):
            yield _inside(lines, place, linked_may_stay=place > opens)
        else:
            comments = comments or (place >= story.stop and announces_comments(lines, place))
            verdict = _outside(line, place, head, repeats[line.text], after_comments=comments)
            comments = comments and verdict.reason != "boilerplate"  # the site's own words end what readers wrote
            yield verdict


def _lead_pictures(lines: Sequence[Line], head: Head, first: int) -> frozenset[int]:
    """The pictures right over the headline, and between it and the story's `first` line: they are the story's own."""
    if head.title is None:
        return frozenset()
    under = range(head.title + 1, first if first - head.title <= _UNDER_TITLE else 0)
    return frozenset(place for place in (head.title - 1, *under) if place >= 0 and lines[place].shape == "picture")


def _trimmed(lines: Sequence[Line], story: range) -> range:
    """The story without a lone item at its end, and with the list that its last sentence announces.

    One or two items right after a full stop are headlines of other stories; a list of the story's own is announced,
    by a colon or a heading, or is longer.
    """
    stop = _with_announced(lines, story.stop)
    if stop > story.stop:
        return range(story.start, stop)
    first = stop
    while first > story.start and lines[first - 1].shape in {"item", "picture", "separator"}:
        first -= 1
    items = sum(1 for line in lines[first:stop] if line.shape == "item")
    announced = first > story.start and (lines[first - 1].shape == "heading" or lines[first - 1].text.endswith(_COLONS))
    return range(story.start, first if 0 < items < _MANY and first > story.start and not announced else stop)


def _with_announced(lines: Sequence[Line], stop: int) -> int:
    """Where the story ends with the list or the properties under its end.

    That is the items that a colon announces; those that are no links where other pages are told by links; and three
    fields or more, such as `Weight: 2 kg`, under a heading of their own or none.
    """
    announced = stop < len(lines) and lines[stop].text.endswith(_COLONS)
    items = stop + 1 if announced else stop
    end = _run(lines, items, lambda line: line.shape == "item" and line.link_share <= 0.5)
    if end > items and (lines[items - 1].text.endswith(_COLONS) or (not announced and _tells_others_by_links(lines))):
        return end
    titled = stop < len(lines) and lines[stop].words <= _CONTROL_WORDS and not is_field(lines[stop])
    first = stop + 1 if titled else stop
    end = _run(lines, first, is_field)
    return end if end - first >= _MANY else stop


def _run(lines: Sequence[Line], start: int, belongs: Callable[[Line], bool]) -> int:
    return next((place for place in range(start, len(lines)) if not belongs(lines[place])), max(start, len(lines)))


def _tells_others_by_links(lines: Sequence[Line]) -> bool:
    return sum(1 for line in lines if line.link_share > 0.5) >= _SOME


def is_field(line: Line) -> bool:
    """Whether a line is a name, a colon and a short value."""
    short = line.shape in {"text", "item"} and line.words <= _FIELD_WORDS and line.link_share <= 0.5
    return short and bool(_FIELD.match(line.text)) and not (is_byline(line) or by_words(line.text))


def _first_own_words(lines: Sequence[Line], title: int | None) -> int:
    """The first line under the title that has words and is no link; links before it are badges and the like."""
    after = 0 if title is None else title + 1
    own = (place for place in range(after, len(lines)) if lines[place].shape in WORDED)
    return next((place for place in own if lines[place].link_share <= 0.5), len(lines))


def _inside(lines: Sequence[Line], place: int, *, linked_may_stay: bool) -> Verdict:
    line = lines[place]
    if line.shape == "picture":
        return Verdict(line, "picture", None)
    if reason := _unwanted(lines, place, linked_may_stay=linked_may_stay and points_elsewhere(line)):
        return Verdict(line, None, reason)
    return Verdict(line, "paragraph", None)


def _unwanted(lines: Sequence[Line], place: int, *, linked_may_stay: bool) -> DropReason | None:
    """Why a line between the story's paragraphs is not one of them."""
    line = lines[place]
    if line.shape in _BY_SHAPE or line.shape == "code":
        return _BY_SHAPE.get(line.shape)
    if line.is_boilerplate:
        return by_words(line.text, prose=line.is_prose)
    if line.is_prose or line.shape == "heading" or linked_may_stay:
        return None
    if line.link_share > 0.5:
        return "navigation"
    return "related" if announces_other(lines, place) else None


def _outside(line: Line, place: int, head: Head, repeats: int, *, after_comments: bool) -> Verdict:
    if line.shape == "picture":
        return Verdict(line, "picture", "thumbnail")
    return Verdict(line, None, _reason(line, place, head, repeats, after_comments=after_comments))


def _reason(line: Line, place: int, head: Head, repeats: int, *, after_comments: bool) -> DropReason:
    if line.shape in _BY_SHAPE:
        return _BY_SHAPE[line.shape]
    if said := by_words(line.text):
        return said
    if place in head.bylines:
        return "caption" if is_credit(line.text) else "byline"
    if after_comments:
        return "comments"
    return "repeated" if repeats > 1 else by_looks(line)


def by_looks(line: Line) -> DropReason:
    """The reason that a line's shape and first words give, where nothing else says more."""
    if opens_related(line.bare) or (line.shape == "item" and line.words >= _MENU_WORDS):
        return "related"
    if line.link_share > 0.5 or line.shape == "item" or line.words < _CONTROL_WORDS:
        return "navigation"
    return "related" if line.shape == "heading" else "outside-story"
