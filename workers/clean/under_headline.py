"""What stands around a page's headline: the few short texts among which are its byline and its day."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.days import Day, Order, as_shown, day_in, read_day
from workers.clean.elsewhere import is_over_all
from workers.clean.line import spaceless

_MOST: Final = 60
_BEFORE: Final = 12
SHORT: Final = 14
"""Words; in a longer text a day is part of the story."""
_RIGHT_ABOVE: Final = 4
_PROSE: Final = 25
"""Words from which a text is a paragraph of the story; after the second one the byline is over."""
_TOLD: Final = 90
"""Words of the story's after which the byline is over, in however short paragraphs and between however many links."""
_SIGNS_PER_WORD: Final = 3
_OTHERS: Final = frozenset(("figure", "figcaption", "blockquote"))
"""Words to a picture, and of somebody else."""
_SENTENCE: Final = 60
"""Letters from which a text is at least a sentence; not all scripts part words."""
_SUBTITLE: Final = re.compile(r"sub-?_?(?:title|head)|\bde(?:c?k)\b|standfirst|\blede?\b|\blead\b|summary|tagline")
_FOLLOWING: Final = XPath(
    "(following::text()[normalize-space() and not(parent::script or parent::style or parent::noscript)])"
    f"[position() <= {_MOST}]"
)
_PRECEDING: Final = XPath(
    "(preceding::text()[normalize-space() and not(parent::script or parent::style or parent::noscript)])"
    f"[last() - position() < {_BEFORE}]"
)
MOMENTS: Final = ("datetime", "data-time", "data-timestamp", "data-datetime", "data-date", "data-utime", "ts", "title")
"""Where the moment stands that is shown as `2 years ago`."""
_OF_TIME: Final = re.compile(r"[tT]ime|Date\b|(?:^|[\s_-])(?:date|age|ago|published|posted)\b")
_UP: Final = 3
_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}


class Near(NamedTuple):
    """One text near the headline.

    Args:
        text: on one line.
        marks: the classes, ids, itemprops and rels of what it stands in, three levels up, lower case.
        element: what it stands in.
        order: of day and month between slashes, None where nothing tells it.
    """

    text: str
    marks: str
    element: HtmlElement
    order: Order | None = None


def texts_near(heading: HtmlElement, *, story: bool) -> list[Near]:
    """The texts after a headline down to the story, then those right before it, nearest first.

    Args:
        heading: the headline's element.
        story: whether the page is one story; on others the next heading begins another thing, and what stands further
            up is navigation.
    """
    below = list(_down_to_story(_FOLLOWING(heading)))
    above = [_near(text) for text in reversed(_PRECEDING(heading))]
    above = above if story else above[:_RIGHT_ABOVE]
    own = [text for text in above if not is_over_all(text.element, heading)]
    return [*(below if story else _own_of_list(below)), *own]


def day_of(text: Near) -> Day | None:
    """The day of a time tag, or the one in a text that is too short to be part of a story."""
    element = text.element
    if element.tag == "time" and (given := element.get("datetime") or element.get("content")):
        shown = day_in(text.text, text.order)
        return as_shown(moment, shown) if (moment := read_day(given)) else shown
    return (day_in(text.text, text.order) or _moment_of(element)) if len(text.text.split()) <= SHORT else None


def _moment_of(element: HtmlElement) -> Day | None:
    """The moment that an element marked as one holds where it shows `2 days ago`."""
    if not (_OF_TIME.search(str(element.tag)) or _OF_TIME.search(element.get("class", ""))):
        return None
    return next((day for name in MOMENTS if (value := element.get(name)) and (day := read_day(value))), None)


def _down_to_story(texts: list[Any]) -> Iterator[Near]:
    paragraphs, told = 0, 0
    for text in texts:
        near = _near(text)
        words = max(len(near.text.split()), spaceless(near.text) // _SIGNS_PER_WORD)
        paragraphs += words >= _PROSE
        if paragraphs > 1 or told > _TOLD:
            return
        told += words if words > SHORT or _is_in_paragraph(near.element) else 0
        if not any(each.tag in _OTHERS for each in (near.element, *islice(near.element.iterancestors(), _UP))):
            yield near


def _is_in_paragraph(element: HtmlElement) -> bool:
    parent = element.getparent()
    return element.tag == "p" or (parent is not None and parent.tag == "p")


def _own_of_list(texts: list[Near]) -> list[Near]:
    """What stands before the next heading, where each begins another thing.

    The subtitle does not: it comes at once, links to nothing, and is marked as such or alone over prose.
    """
    headings = [(at, heading) for at, text in enumerate(texts) if (heading := _heading_of(text.element)) is not None]
    if not headings:
        return texts
    at, first = headings[0]
    if at or next(first.iter("a"), None) is not None:
        return texts[:at]
    end = next((end for end, each in headings if each is not first), len(texts))
    if _SUBTITLE.search(first.get("class", "").lower()):
        return texts[:end]
    told = any(len(text.text) >= _SENTENCE or len(text.text.split()) > SHORT for text in texts)
    return texts if end == len(texts) and told else []


def _heading_of(element: HtmlElement) -> HtmlElement | None:
    near = (element, element.getparent())
    return next((each for each in near if each is not None and each.tag in _HEADINGS), None)


def _near(text: Any) -> Near:
    element = text.getparent()
    holder = element.getparent() if text.is_tail else element
    return Near(" ".join(text.split()), _marks(holder), holder)


def _marks(element: HtmlElement) -> str:
    found: list[str] = []
    for _ in range(_UP):
        if element is None:
            break
        found += [element.get(name, "") for name in ("class", "id", "itemprop", "rel")]
        element = element.getparent()
    return " ".join(found).lower()
