"""The blocks of text of an HTML page, in order, each with what stands around it."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from workers.clean.tags import BLOCK, UNSEEN

_BLOCKS: Final = frozenset(BLOCK)
_SHORT: Final = 16
_MARKS: Final = "-|•* \t"


class Block(NamedTuple):
    """Some text of the page that stands by itself, or a picture."""

    element: HtmlElement
    text: str
    kept: bool
    """Whether the story has it; for a picture, whether it is between two blocks that the story has."""


class Page(NamedTuple):
    """The page's blocks and pictures, each in the page's order."""

    blocks: Sequence[Block]
    pictures: Sequence[Block]


def read_blocks(tree: HtmlElement, paragraphs: Sequence[str]) -> Page:
    """Cuts the page into its blocks and tells which of them are in the story.

    Args:
        tree: the page; what no reader sees is taken out of it.
        paragraphs: the story.
    """
    strip_elements(tree, *UNSEEN, with_tail=False)
    story = _Story(paragraphs)
    blocks: list[Block] = []
    pictures: list[tuple[HtmlElement, int]] = []
    for element in tree.iter(*BLOCK, "img"):
        if element.tag == "img":
            pictures.append((element, len(blocks)))
        elif text := _printable(_own_text(element)):
            blocks.append(Block(element, text, story.has(text)))
    kept = [place for place, block in enumerate(blocks) if block.kept]
    inside = range(kept[0], kept[-1] + 1) if kept else range(0)
    return Page(blocks, [Block(element, "", place in inside) for element, place in pictures])


class _Story:
    """Answers whether a text is in the story; a short one must be a line or a cell of it."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._whole = " ".join(paragraphs)
        self._lines = {part.strip(_MARKS) for line in paragraphs for part in (line, *line.split("|"))}

    def has(self, text: str) -> bool:
        return text.strip(_MARKS) in self._lines or (len(text) >= _SHORT and text in self._whole)


def _printable(text: str) -> str:
    """The text as trafilatura prints it, without soft hyphens and other signs of no width."""
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _own_text(element: HtmlElement) -> str:
    """The element's text, without that of the blocks inside it."""
    if next(element.iterdescendants("br", *BLOCK), None) is None:
        return " ".join("".join(element.itertext()).split())
    return " ".join("".join(_own_pieces(element)).split())


def _own_pieces(element: HtmlElement) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if child.tag == "br":
            yield " "
        elif child.tag not in _BLOCKS:
            yield from _own_pieces(child)
        else:
            yield " "
        if child.tail:
            yield child.tail
