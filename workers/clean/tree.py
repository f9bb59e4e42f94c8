"""HTML text to a tree, parsed once for everything that reads it."""

from typing import Any

from lxml.etree import ErrorTypes, ParserError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from workers.clean.guards import rejected
from workers.clean.limits import CleanLimits
from workers.clean.markup import flatten, tame

_LONGEST_TEXT = 9_500_000
"""Bytes; libxml2 drops a text of more than 10,000,000 unless it is told to be generous."""


LONG_TEXT = 2_000_000
"""Characters of text; extractors weigh each element's, so that depth multiplies what they need for it."""
_LIGHT = 1_500
"""Elements that are few enough at any depth."""
_SHORTEST_TAG = len("<b>")
_TEXTS = XPath("//text()[not(parent::script or parent::style)]", smart_strings=False)


def is_crowded(tree: HtmlElement, source: int, limits: CleanLimits) -> bool:
    """Whether trafilatura would need seconds: for the page's elements, or for how deep they stand.

    Args:
        tree: the page.
        source: characters of its source; a short one cannot be crowded.
        limits: see there.
    """
    if source < _SHORTEST_TAG * min(_LIGHT, limits.max_elements):
        return False
    elements = tree.xpath("count(//*)")
    return bool(elements > limits.max_elements or (elements > _LIGHT and _weight(tree) > limits.max_weight))


def is_packed(tree: HtmlElement, limits: CleanLimits) -> bool:
    """Whether there are more elements than our own walk reads in a second."""
    return bool(tree.xpath("count(//*)") > limits.max_own_elements)


def _weight(tree: HtmlElement) -> int:
    """The sum of all elements' levels: each is weighed with each that it stands in."""
    levels: dict[HtmlElement, int] = {}
    for element in tree.iter():
        levels[element] = levels.get(element.getparent(), 0) + 1
    return sum(levels.values())


def is_long(tree: HtmlElement, source: int) -> bool:
    """Whether the text itself, scripts and styles aside, is too long for an extractor that weighs it per element."""
    return source > LONG_TEXT and sum(map(len, _TEXTS(tree))) > LONG_TEXT


def parse(text: str, limits: CleanLimits) -> HtmlElement:
    """The page's tree, at most about `max_depth` levels deep.

    Raises:
        PageRejected: `no-text` if there is no element at all, `nested-too-deep` if taking out tags did not help.
    """
    text = tame(text, limits)
    generous = _has_long_text(text)
    if generous:  # then libxml2 is not strict with the depth either
        text = flatten(text, limits.max_depth)
    tree, too_deep = _parsed(text, generous=generous)
    if too_deep:
        tree, too_deep = _parsed(flatten(text, limits.max_depth), generous=generous)
    if too_deep:
        raise rejected("nested-too-deep", f"more than {limits.max_depth} levels")
    if tree is None:
        raise rejected("no-text", "the HTML holds no element")
    return tree


def _has_long_text(text: str) -> bool:
    return len(text) * 4 > _LONGEST_TEXT and any(len(piece) * 4 > _LONGEST_TEXT for piece in text.split("<"))


def _parsed(text: str, *, generous: bool) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether libxml2 gave up in the middle for its depth."""
    parser = _parser(generous=generous)
    try:
        tree = document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except ParserError:
        return None, False
    last: Any = parser.error_log.last_error
    return tree, last is not None and last.type == ErrorTypes.ERR_RESOURCE_LIMIT


def _parser(*, generous: bool) -> HTMLParser:
    """As trafilatura's own, so that it reads the tree as if it had parsed it."""
    return HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=generous,
    )
