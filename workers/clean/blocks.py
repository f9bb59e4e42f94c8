"""The blocks of text of an HTML page, in order, each with what stands around it."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from shared.sites.blocks import block_id
from workers.clean.reasons import DropReason
from workers.clean.segments import Cut

_SHORT: Final = 16
_MARKS: Final = "-|•* \t"


class Block(NamedTuple):
    """Some text of the page that stands by itself, or a picture."""

    element: HtmlElement
    text: str
    kept: bool
    """Whether the story has it; for a picture, whether it is between two blocks that the story has."""
    links: Sequence[str | None] = ()
    """Where its links go."""
    reason: DropReason | None = None
    """Why it is not kept, where that is known."""


class Page(NamedTuple):
    """The page's blocks and pictures, each in the page's order."""

    blocks: Sequence[Block]
    pictures: Sequence[Block]


def read_page(cut: Cut, kept: Sequence[bool], reasons: Sequence[DropReason | None]) -> Page:
    """The pieces of a page and its pictures, each with whether the story has it.

    Args:
        cut: the page.
        kept: which of its pieces were chosen.
        reasons: why some of these go all the same.
    """
    blocks = [
        Block(piece.element, piece.text, chosen and reason is None, piece.links, reason)
        for piece, chosen, reason in zip(cut.segments, kept, reasons, strict=True)
    ]
    blocks += [Block(element, text, kept=False, reason="hidden") for element, text in cut.hidden]
    places = [place for place, chosen in enumerate(kept) if chosen]
    inside = range(places[0], places[-1] + 1) if places else range(0)
    return Page(blocks, [Block(element, "", place in inside, ()) for element, place in cut.pictures])


def without(page: Page, gone: Collection[str], reason: DropReason) -> Page:
    """The page with the kept blocks of these ids left out for that reason."""
    blocks = [
        block._replace(kept=False, reason=reason) if block.kept and block_id(block.text) in gone else block
        for block in page.blocks
    ]
    return page._replace(blocks=blocks)


class Story:
    """Answers whether a text is in the story; a short one must be a line or a cell of it.

    Spaces and signs of no width make no difference, as extractors treat them differently.
    """

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._whole = "\n".join(_bare(line) for line in paragraphs)
        self._lines = {_bare(part.strip(_MARKS)) for line in paragraphs for part in (line, *line.split("|"))}

    def has(self, text: str) -> bool:
        """Whether it has this text."""
        return _bare(text.strip(_MARKS)) in self._lines or (len(text) >= _SHORT and _bare(text) in self._whole)

    def has_line(self, text: str) -> bool:
        """Whether this is all of one of its lines."""
        return _bare(text.strip(_MARKS)) in self._lines


def _bare(text: str) -> str:
    text = "".join(text.split())
    return text if text.isprintable() else "".join(filter(str.isprintable, text))
