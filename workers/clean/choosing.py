"""Which pieces of a page are kept, and how sure that is."""

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from workers.clean.features import NAMES, rows
from workers.clean.forest import Forest, read_forest
from workers.clean.page_facts import PageFacts
from workers.clean.places import FAR, GROUP_NAMES, Place
from workers.clean.segments import Cut, Segment, is_quoted

TABLE: Final = "html_model.json"
_COMMENTS: Final = GROUP_NAMES.index("comments")
_COMMENT_SHARE: Final = 0.15
"""What is left of a comment's likelihood on a page that is no forum."""
_FRAME: Final = tuple(
    map(GROUP_NAMES.index, ("navigation", "header", "footer", "consent", "newsletter", "comments", "share"))
)
_HOME_LIKELY: Final = 0.08
_HEADLINE: Final = (4, 40)
"""Words."""
_REPLY_LIKELY: Final = 0.1
_REPLY_WORDS: Final = 8
_ENOUGH_BESIDE: Final = 80
"""Words expected outside the comments; with fewer, what looks like comments is the page."""
_THRESHOLDS: Final = (0.2, 0.5)


class Choice(NamedTuple):
    """Whether each piece is kept, and the F1 that is expected of that."""

    kept: Sequence[bool]
    sureness: float


def choose(cut: Cut, facts: PageFacts, title: str | None) -> Choice:
    """Keeps the pieces that together promise the best F1.

    Each piece has a likelihood; sorted by it, the expected F1 of keeping the first ones rises to a best and falls
    again (Lewis 1995). A page whose pieces are all unlikely keeps its best ones so, and the best says how sure it is.

    Args:
        cut: the page's pieces.
        facts: what the page says of its kind.
        title: its title tag.
    """
    return choose_by(_forest(), cut, facts, rows(cut, facts, title))


def choose_by(forest: Forest, cut: Cut, facts: PageFacts, features: Sequence[Sequence[float]]) -> Choice:
    """The same by a given table, for its training."""
    likely = [forest.likelihood(row) for row in features]
    words = [segment.words for segment in cut.segments]
    if not facts.is_forum:
        likely = _without_comments(cut, likely, words, is_article=facts.is_article)
    threshold, sureness = _best(likely, words)
    kept = [value >= threshold for value in likely]
    if not facts.is_forum:
        kept = _with_replies(cut, likely, kept)
    if facts.is_home:
        kept = _with_sections(cut.segments, likely, kept)
    return Choice(_with_shapes(cut.segments, kept), sureness)


def _with_sections(segments: Sequence[Segment], likely: Sequence[float], kept: list[bool]) -> list[bool]:
    """Keeps the smaller sections of a home page as well: its hours, its address, its lists of headlines.

    What its frame says, what stands there twice and a heading over nothing do not count.
    """
    seen = {segment.text for segment, chosen in zip(segments, kept, strict=True) if chosen}
    for number in range(len(segments) - 1, -1, -1):
        segment = segments[number]
        if kept[number] or likely[number] < _HOME_LIKELY or segment.kind == "control" or segment.text in seen:
            continue
        over = segment.kind != "heading" or (number + 1 < len(kept) and kept[number + 1])
        kept[number] = over and _is_no_menu(segment) and all(segment.place.distance(group) >= FAR for group in _FRAME)
    return kept


def _is_no_menu(segment: Segment) -> bool:
    """Whether it is no link, or one of so many words as a headline has."""
    if segment.linked * 2 <= len(segment.text):
        return True
    return segment.kind != "row" and _HEADLINE[0] <= segment.words <= _HEADLINE[1]


def _with_replies(cut: Cut, likely: Sequence[float], kept: Sequence[bool]) -> list[bool]:
    """Where comments are the page, keeps the short ones as well."""
    segments = cut.segments
    said = [segment.place.distance(_COMMENTS) < FAR for segment in segments]
    words = sum(segment.words for segment, chosen in zip(segments, kept, strict=True) if chosen)
    inside = sum(s.words for s, chosen, comment in zip(segments, kept, said, strict=True) if chosen and comment)
    if inside * 2 <= words:
        return list(kept)
    return [
        chosen or (comment and value >= _REPLY_LIKELY and segment.words >= _REPLY_WORDS)
        for segment, chosen, comment, value in zip(segments, kept, said, likely, strict=True)
    ]


def _with_shapes(segments: Sequence[Segment], kept: list[bool]) -> list[bool]:
    """Keeps the code, the tables and the quotations that stand between two kept pieces: they are part of the story.

    So are the other items of a list of which a neighbour is kept, where they link to nothing.
    """
    place = 0
    while place < len(kept):
        end = place
        item = _list_of(segments[place - 1]) if place and kept[place - 1] else None
        while end < len(kept) and not kept[end] and (_belongs(segments[end], item) or segments[end].kind == "control"):
            end += 1
        if place < end < len(kept) and place and kept[place - 1] and kept[end]:
            kept[place:end] = [_belongs(segment, item) for segment in segments[place:end]]
        place = max(end, place + 1)
    return kept


def _belongs(segment: Segment, items: Place | None) -> bool:
    return _is_shape(segment) or (items is not None and segment.linked == 0 and _list_of(segment) is items)


def _list_of(segment: Segment) -> Place | None:
    return segment.place.parent if segment.kind == "item" else None


def _is_shape(segment: Segment) -> bool:
    if segment.kind == "item" and segment.linked == 0 and (segment.marker or "").startswith(" "):
        return True
    return segment.kind in {"code", "row"} or segment.place.tag == "caption" or is_quoted(segment)


def _without_comments(cut: Cut, likely: Sequence[float], words: Sequence[int], *, is_article: bool) -> list[float]:
    """Leaves comments out, unless they are the page.

    They are where there is next to nothing beside them, and where they outweigh the rest of a page that does not call
    itself an article.
    """
    beside = [segment.place.distance(_COMMENTS) >= FAR for segment in cut.segments]
    story = sum(value * count for value, count, out in zip(likely, words, beside, strict=True) if out)
    comments = sum(value * count for value, count, out in zip(likely, words, beside, strict=True) if not out)
    if story <= _ENOUGH_BESIDE or (comments > story and not is_article):
        return list(likely)
    return [value if out else value * _COMMENT_SHARE for value, out in zip(likely, beside, strict=True)]


def _best(likely: Sequence[float], words: Sequence[int]) -> tuple[float, float]:
    """The threshold of the best expected F1 within bounds, and that F1."""
    expected = sum(value * count for value, count in zip(likely, words, strict=True))
    kept = right = best = 0.0
    threshold = _THRESHOLDS[1]
    for value, count in sorted(zip(likely, words, strict=True), reverse=True):
        kept += count
        right += value * count
        if (f1 := 2 * right / (kept + expected)) > best:
            best, threshold = f1, value
    return min(_THRESHOLDS[1], max(_THRESHOLDS[0], threshold)), best


@cache
def _forest() -> Forest:
    return read_forest(TABLE, NAMES)
