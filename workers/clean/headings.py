"""The headings of a page as readers see them, and which of them name the site over all its pages."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from workers.clean.tags import HIDING_STYLE
from workers.clean.title import joined, parts_of

_UNSEEN: Final = {"button", "svg", "script", "style", "template", "noscript", "select", "dialog"}
_WITHIN_A_LINE: Final = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "rb", "rp", "rt", "ruby", "s", "samp", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
}  # fmt: skip
_BOXES: Final = {"a", "span"}
"""Tags that are set as lines of their own as often as within one; two of them that touch are two lines."""
_WRITTEN: Final = re.compile(r"\w")
_NO_SPACES: Final = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_ROOT: Final = re.compile(r"/(?:(?:index|home|default)\.\w{3,5})?(?:\?s(?:id)?=\w*)?")
_ELSEWHERE: Final = re.compile(
    r"https?://[^/?#]+/?|(?:\./)?(?:index|home|default)\.\w{3,5}(?:\?s(?:id)?=\w*)?", re.IGNORECASE
)
"""The front page of some site, or the first page of some folder."""
_SITES: Final = re.compile(
    r"(?:^|[\s_-])(?:site|blog)[_-]?(?:title|name|heading)\b|(?:^|\s)(?:logo|brand|masthead)(?:$|\s)"
)
_OVER_ALL: Final = {"header", "page-header", "site-header", "masthead", "banner", "top"}
"""Ids of the box that stands over all pages of a site."""
_TO_ITSELF: Final = re.compile(r"\b(?:headerlink|anchor|hash-link|permalink)\b")
_SIGN: Final = 3
_UP: Final = 4
_MOST: Final = 40
_MOST_WITHIN: Final = 500
_LONGEST: Final = 1_000


def heading_text(heading: HtmlElement) -> str:
    """The words of a heading on one line, without its buttons, drawings and links to itself."""
    text = ""
    for piece, apart in _pieces(heading):
        text += " " + piece if apart and text and not _are_letters_of_a_word(text, piece) else piece
        if len(text) > _LONGEST:
            break
    return " ".join(text.split())


def site_headings(tree: HtmlElement, tag: str | None, declared: list[str], url: str | None = None) -> list[HtmlElement]:
    """The first-level headings that are the site's name: the page's own headline stands elsewhere.

    Args:
        tree: the page.
        tag: the text of its title tag; one that says the same as the heading tells of no other headline.
        declared: what the page's fields call it.
        url: the page's address, None where it is not known.
    """
    host = "/".join((url or "").split("/", 3)[:3])
    called = joined(tag or "")
    headings = [(each, joined(heading_text(each))) for each in islice(tree.iter("h1"), _MOST)]
    return [
        each
        for each, words in headings
        if words
        and words != called
        and (_leads_home(each, tag, host) or _is_part_beside_another(each, words, tag, declared))
    ]


def _pieces(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The texts in an element, each with whether it stands apart from the one before."""
    if element.text:
        yield element.text, False
    before, touching = "", False
    for child in islice(element, _MOST_WITHIN):
        name = child.tag if isinstance(child.tag, str) else ""
        apart = name not in _WITHIN_A_LINE and bool(name)
        apart = apart or (touching and name in _BOXES and before in _BOXES)
        if name and _is_seen(child):
            for at, (piece, inner) in enumerate(_pieces(child)):
                yield piece, inner or (apart and not at)
        if child.tail:
            yield child.tail, bool(name) and name not in _WITHIN_A_LINE
        before, touching = name, not child.tail


def _are_letters_of_a_word(text: str, piece: str) -> bool:
    """Whether two touching texts belong together: written without spaces, or set letter by letter."""
    last, first = text[-1], piece[0]
    return bool(_NO_SPACES.match(last) or _NO_SPACES.match(first)) or len(piece.strip()) == 1


def _is_seen(element: HtmlElement) -> bool:
    if element.tag in _UNSEEN or "hidden" in element.attrib or HIDING_STYLE.search(element.get("style", "")):
        return False
    if element.tag != "a" or not element.get("href", "#").startswith("#"):
        return True
    words = "".join(element.itertext()).strip()
    return bool(_WRITTEN.search(words)) and not (len(words) < _SIGN and _TO_ITSELF.search(element.get("class", "")))


def _leads_home(heading: HtmlElement, tag: str | None, host: str) -> bool:
    """Whether all of a heading is a link to the site's front page, or its marks call it the site's name.

    A link to another site's front page, or to a folder's first page, may be a headline's, too; there the title tag has
    to end with the heading.
    """
    if _SITES.search(f"{heading.get('class', '')} {heading.get('id', '')}".lower()):
        return True
    words = joined(heading_text(heading))
    parent = heading.getparent()
    link = parent if parent is not None and parent.tag == "a" else next(heading.iter("a"), None)
    if link is None or joined("".join(link.itertext())) != words:
        return False
    target = (link.get("href") or "").strip()
    if not target:
        return False
    if _ROOT.fullmatch(target.removeprefix(host) or "/"):
        return True
    return joined(parts_of(tag or "")[-1]) == words and bool(_ELSEWHERE.fullmatch(target))


def _is_part_beside_another(heading: HtmlElement, words: str, tag: str | None, declared: list[str]) -> bool:
    """Whether the title tag names the heading beside what another heading, or a field, calls the page."""
    parts = [joined(part) for part in parts_of(tag or "")]
    if len(parts) < 2 or words not in {parts[0], parts[-1]}:
        return False
    rest = {part for part in parts if part and part != words}
    if rest & set(map(joined, declared)):
        return True
    box = _box_over_all(heading)
    if words == parts[0] and box is None:
        return False
    others = islice(heading.getroottree().iter("h1", "h2", "h3"), _MOST)
    return any(joined(heading_text(each)) in rest for each in others if box is None or box not in each.iterancestors())


def _box_over_all(heading: HtmlElement) -> HtmlElement | None:
    above = islice(heading.iterancestors(), _UP)
    return next((each for each in above if each.get("id") in _OVER_ALL or each.get("role") == "banner"), None)
