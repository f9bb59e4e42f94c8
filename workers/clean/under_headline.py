"""What stands around a page's headline: the few short texts among which are its byline and its day."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.days import Day, day_in, read_day

_MOST: Final = 60
_BEFORE: Final = 12
SHORT: Final = 14
"""Words; in a longer text a day is part of the story."""
_RIGHT_ABOVE: Final = 4
_PROSE: Final = 25
"""Words from which a text is a paragraph of the story; after the second one the byline is over."""
_FOLLOWING: Final = XPath(
    "(following::text()[normalize-space() and not(parent::script or parent::style or parent::noscript)])"
    f"[position() <= {_MOST}]"
)
_PRECEDING: Final = XPath(
    "(preceding::text()[normalize-space() and not(parent::script or parent::style or parent::noscript)])"
    f"[last() - position() < {_BEFORE}]"
)
_UP: Final = 3
_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}


class Near(NamedTuple):
    """One text near the headline.

    Args:
        text: on one line.
        marks: the classes, ids, itemprops and rels of what it stands in, three levels up, lower case.
        element: what it stands in.
    """

    text: str
    marks: str
    element: HtmlElement


def texts_near(heading: HtmlElement, *, story: bool) -> list[Near]:
    """The texts after a headline down to the story, then those right before it, nearest first.

    Args:
        heading: the headline's element.
        story: whether the page is one story; on others the next heading begins another thing, and what stands further
            up is navigation.
    """
    below = list(_down_to_story(_FOLLOWING(heading), story=story))
    above = [_near(text) for text in reversed(_PRECEDING(heading))]
    return [*below, *(above if story else above[:_RIGHT_ABOVE])]


def day_of(text: Near) -> Day | None:
    """The day of a time tag, or the one in a text that is too short to be part of a story."""
    element = text.element
    if element.tag == "time" and (given := element.get("datetime") or element.get("content")):
        return read_day(given) or day_in(text.text)
    return day_in(text.text) if len(text.text.split()) <= SHORT else None


def _down_to_story(texts: list[Any], *, story: bool) -> Iterator[Near]:
    paragraphs = 0
    for text in texts:
        near = _near(text)
        paragraphs += len(near.text.split()) >= _PROSE
        if paragraphs > 1 or (not story and _in_heading(near.element)):
            return
        yield near


def _in_heading(element: HtmlElement) -> bool:
    parent = element.getparent()
    return element.tag in _HEADINGS or (parent is not None and parent.tag in _HEADINGS)


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
