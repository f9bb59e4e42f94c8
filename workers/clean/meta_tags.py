"""The meta tags of a page, read in one pass."""

from collections.abc import Sequence
from html import unescape
from typing import Final

from lxml.html import HtmlElement

from workers.clean.decode import visible

LONGEST: Final = 2_000
"""Characters of one value."""
_MOST: Final = 500
_NAMES: Final = ("property", "name", "itemprop", "http-equiv")

MetaTags = dict[str, list[str]]
"""Each name in lower case, with all that is said under it, in the page's order."""


def read_meta_tags(tree: HtmlElement) -> MetaTags:
    """The first 500 meta tags that have a name and a content."""
    found: MetaTags = {}
    for count, meta in enumerate(tree.iter("meta")):
        if count >= _MOST:
            break
        content = (meta.get("content") or "").strip()
        if content:
            for name in {(meta.get(kind) or "").strip().lower() for kind in _NAMES}:
                found.setdefault(name, []).append(visible(content[:LONGEST]))
    found.pop("", None)
    return found


def first(tags: MetaTags, names: Sequence[str]) -> str | None:
    """What is said first under the first of the names that the page has."""
    return next((tags[name][0] for name in names if name in tags), None)


def tidy(value: object, longest: int = LONGEST) -> str | None:
    """One line of visible text out of a field's value; None for nothing, and for what is no text."""
    if not isinstance(value, str):
        return None
    line = " ".join(visible(unescape(value[:longest])).split())
    return line or None
