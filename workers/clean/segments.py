"""An HTML page cut into the pieces of text that a reader sees apart, each with where it stands."""

from collections.abc import Sequence
from typing import Final, Literal

from lxml.etree import strip_elements, strip_tags
from lxml.html import HtmlElement

from workers.clean.insert_phrases import asks_for_scripts
from workers.clean.piece_text import BREAK, texts_of, tidy
from workers.clean.pieces import (
    code_of,
    code_of_table,
    formula,
    hides,
    is_anchor,
    list_marker,
    part_sources,
    without_edit_link,
    words_of_cell,
)
from workers.clean.places import NOWHERE, Place, groups_of
from workers.clean.sentences import ends_sentence, words_in
from workers.clean.tags import HIDING_STYLE, UNSEEN, names

Kind = Literal["paragraph", "heading", "item", "row", "cell", "code", "caption", "control", "term", "other"]

_INLINE: Final = frozenset(
    names("area del ins label link map meta meter o:p picture progress q rb rp rt ruby source span time track var")
)
_MERGED: Final = names(
    "abbr acronym b bdi bdo big cite code data dfn em font i kbd mark nobr s samp small strike strong sub sup tt u wbr"
)
"""Taken out before the walk, their text stays: half of a page's elements."""
_GONE: Final = (*(tag for tag in UNSEEN if tag != "noscript"), "noframes", "video", "audio", "canvas")
"""A player's words are for browsers that cannot play."""
_KINDS: Final[dict[str, Kind]] = {
    "p": "paragraph", "blockquote": "paragraph", "li": "item", "pre": "code", "figcaption": "caption",
    "caption": "caption", "button": "control", "option": "control", "legend": "control", "dt": "term",
    "summary": "term", "td": "cell", "th": "cell", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading",
    "h5": "heading", "h6": "heading",
}  # fmt: skip
_NAMING: Final = frozenset(("class", "id", "role", "itemprop"))
_HIDING: Final = frozenset(("hidden", "aria-hidden", "style"))
_BLOCKS_IN_CELL: Final = frozenset(names("table ul ol h3 h4 h5 h6 pre blockquote dl"))
"""Blocks that cells of a table of data hold, too; its first row says that it is one."""
_BLOCKS_IN_ROW: Final = names("table ul ol h1 h2 h3 h4 h5 h6 pre form article section blockquote dl")
_LISTS: Final = frozenset(("ul", "ol"))
_LONGEST_ROW: Final = 1_000
_FEW_WORDS: Final = 60
_PROSE_WORDS: Final = 20
_SENTENCE_WORDS: Final = 8


class Segment:
    """One piece of text."""

    __slots__ = ("element", "ends", "kind", "level", "linked", "links", "marker", "place", "prose", "text", "words")

    def __init__(  # noqa: PLR0913  (made for each piece of each page: fields by place are the fastest)
        self,
        element: HtmlElement,
        text: str,
        kind: Kind,
        place: Place,
        linked: int,
        links: Sequence[str | None],
        marker: str | None,
    ) -> None:
        self.element = element
        self.text = text
        """One line, but for code, rows and line breaks."""
        self.kind: Kind = kind
        self.level = int(place.tag[1]) if kind == "heading" else 0
        self.place = place
        self.linked = linked
        """Characters that stand in links."""
        self.links = links
        self.marker = marker
        """Of a list's item: a hyphen or its number."""
        self.words = words_in(text)
        self.ends = ends_sentence(text)
        long = self.words >= _PROSE_WORDS or (self.ends and self.words >= _SENTENCE_WORDS)
        self.prose = long and linked * 2 < len(text)


def is_quoted(segment: Segment) -> bool:
    """Whether it is a block of quotation, or right in one."""
    place = segment.place
    return place.tag == "blockquote" or (place.parent is not None and place.parent.tag == "blockquote")


class Cut:
    """A page's pieces and pictures in their order."""

    def __init__(self, root: Place) -> None:
        self.root = root
        self.segments: list[Segment] = []
        self.pictures: list[tuple[HtmlElement, int]] = []
        """Each with the number of pieces before it."""
        self.hidden: list[tuple[HtmlElement, str]] = []
        """Words within a line that the page hides; they are no pieces."""


def cut(tree: HtmlElement) -> Cut:
    """Cuts a page into its pieces; where there is next to no text, what stands for readers without scripts counts.

    Args:
        tree: the page; scripts and inline formatting are taken out of it.
    """
    strip_elements(tree, *_GONE, with_tail=False)
    part_sources(tree)
    strip_tags(tree, *_MERGED)
    found = _Cutter(scripts=True).read(tree)
    if found.root.words < _FEW_WORDS and _speaks_without_scripts(tree):
        return _Cutter(scripts=False).read(tree)
    return found


def _speaks_without_scripts(tree: HtmlElement) -> bool:
    """Whether there is more for readers without scripts than the advice to turn them on."""
    texts = (" ".join(" ".join(element.itertext()).split()) for element in tree.iter("noscript"))
    return any(text and not asks_for_scripts(text) for text in texts)


class _Cutter:
    """Walks the elements once, with the text that waits for its piece to end."""

    def __init__(self, *, scripts: bool) -> None:
        self._scripts = scripts
        self._pieces: list[str] = []
        self._linked = 0
        self._in_link = 0
        self._links: list[str | None] = []
        self._marker: str | None = None

    def read(self, tree: HtmlElement) -> Cut:
        body = tree.find("body")
        top = tree if body is None else body
        root = Place(None, "body", "body", "body", NOWHERE)
        self._cut = Cut(root)
        self._into(top, root, "other")
        self._end_piece(top, root, "other")
        return self._cut

    def _into(self, element: HtmlElement, place: Place, kind: Kind) -> None:  # noqa: C901, PLR0912  (the one hot loop)
        if (text := element.text) and (self._pieces or not text.isspace()):
            self._pieces.append(text)
            if self._in_link:
                self._linked += len(text)
        for child in element:
            tag = child.tag
            if tag == "br":
                self._pieces.append(BREAK)
            elif tag == "img":
                self._cut.pictures.append((child, len(self._cut.segments)))
            elif tag == "a":
                if kind != "heading" or not is_anchor(child):
                    self._part_links(child)
                    self._links.append(child.get("href"))
                    self._in_link += 1
                    self._into(child, place, kind)
                    self._in_link -= 1
            elif tag in _INLINE:
                if tag == "rt":
                    self._reading(child, place, kind)
                elif tag != "span" or not hides(child) or not self._hide(child):
                    self._into(child, place, kind)
            elif tag == "math":
                self._pieces.append(formula(child))
            else:
                if self._pieces:
                    self._end_piece(element, place, kind)
                if len(child) or child.text:
                    self._block(child, tag, place)
            if (tail := child.tail) and (self._pieces or not tail.isspace()):
                self._pieces.append(tail)
                if self._in_link:
                    self._linked += len(tail)

    def _part_links(self, link: HtmlElement) -> None:
        """Puts a gap between links of a menu that stand side by side with nothing between."""
        before = link.getprevious()
        if before is not None and before.tag == "a" and not before.tail and self._pieces:
            self._pieces.append(" ")

    def _reading(self, element: HtmlElement, place: Place, kind: Kind) -> None:
        """How a word of Chinese signs is read aloud, in brackets, as browsers show it that know no ruby."""
        before = element.getprevious()
        bare = before is None or before.tag != "rp"
        self._pieces.append("\uff08" if bare else "")
        self._into(element, place, kind)
        self._pieces.append("\uff09" if bare else "")

    def _hide(self, element: HtmlElement) -> bool:
        """Takes words within a line out of it; False where there are blocks, or a formula, in there."""
        if any(inner.tag not in _INLINE and inner.tag != "a" for inner in element.iterdescendants()):
            return False
        if text := tidy("".join(element.itertext())):
            self._cut.hidden.append((element, text))
        return True

    def _block(self, element: HtmlElement, tag: str, parent: Place) -> None:
        if not isinstance(tag, str) or tag == "hr" or (tag == "noscript" and self._scripts):
            return
        name, unit = _name_of(element, tag)
        place = Place(parent, tag, name, unit, groups_of(name, parent.groups, parent.depth + 1))
        place.hidden = parent.hidden or hides(element)
        if tag == "tr" and self._row(element, place):
            _add(parent, place)
            return
        if tag == "li":
            self._marker = list_marker(element, parent)
        kind = _KINDS.get(tag) or "other"
        code = code_of(element) if tag == "pre" and len(element) else code_of_table(element) if tag == "table" else None
        if code is None:
            self._into(element, place, kind)
        else:
            kind = "code"
            self._code(element, code)
        if self._pieces:
            self._end_piece(element, place, kind)
        if tag == "li":
            self._marker = None
        _add(parent, place)

    def _code(self, element: HtmlElement, code: str) -> None:
        self._pieces.append(code)
        for link in element.iter("a"):
            self._links.append(link.get("href"))
            self._linked += len("".join(link.itertext()))

    def _row(self, row: HtmlElement, place: Place) -> bool:
        """Takes a row of a table of data as one piece; False for one of a table that only lays out the page."""
        blocks = {block.tag for block in row.iterdescendants(*_BLOCKS_IN_ROW)}
        lists_alone = blocks <= _LISTS and (not blocks or next(row.iter("a"), None) is None)
        if not lists_alone and not (blocks <= _BLOCKS_IN_CELL and _is_headed(row)):
            return False
        cells = [tidy(words_of_cell(cell, _INLINE)) for cell in row if cell.tag in {"td", "th"}]
        filled = list(filter(None, cells))
        text = " | ".join(cells) if len(filled) > 1 else "".join(filled)
        if len(text) > _LONGEST_ROW or (len(cells) < 2 and (blocks or row.find(".//p") is not None)):
            return False
        if not any(cells):
            return True
        links = list(row.iter("a"))
        linked = sum(len("".join(link.itertext())) for link in links)
        self._cut.pictures += [(picture, len(self._cut.segments)) for picture in row.iter("img")]
        hrefs = [link.get("href") for link in links]
        self._add_segment(Segment(row, text, "row", place, min(linked, len(text)), hrefs, None))
        return True

    def _end_piece(self, element: HtmlElement, place: Place, kind: Kind) -> None:
        raw = "".join(self._pieces)
        links, linked = self._links, self._linked
        self._pieces, self._links, self._linked = [], [], 0
        texts = texts_of(without_edit_link(raw) if kind == "heading" else raw, code=kind == "code")
        whole = sum(map(len, texts))
        for text in texts:
            share = min(len(text), linked * len(text) // whole)
            self._add_segment(Segment(element, text, kind, place, share, links, self._marker))
            links, self._marker = [], None

    def _add_segment(self, segment: Segment) -> None:
        self._cut.segments.append(segment)
        place = segment.place
        place.words += segment.words
        place.linked += segment.words * segment.linked // len(segment.text)
        place.segments += 1
        if segment.prose:
            place.prose += segment.words


def _is_headed(row: HtmlElement) -> bool:
    """Whether a row of several cells stands in a table whose first row is headings of columns."""
    table = next(row.iterancestors("table"), None)
    first = table.find(".//tr") if table is not None else None
    cells = 0 if first is None else sum(1 for cell in first if cell.tag == "th")
    return cells > 1 and first is not row and len(row.findall("td")) > 1


def _name_of(element: HtmlElement, tag: str) -> tuple[str, str]:
    """What names an element, and the unit that it may be a record of."""
    name = unit = tag
    for key, value in element.items():
        if key in _NAMING:
            name = f"{name} {value}"
            if key == "class":
                unit = tag + value.split(" ", 1)[0]
        elif key in _HIDING and (key == "hidden" or value == "true" or HIDING_STYLE.search(value)):
            name += " hidden"
    return name, unit


def _add(parent: Place, place: Place) -> None:
    """Adds what an element holds to the one around it, once it has been read."""
    if place.segments:
        parent.inside.append(place)
        parent.words += place.words
        parent.linked += place.linked
        parent.prose += place.prose
        parent.segments += place.segments
