"""The lines under the headline of an HTML page that say in short what the story says."""

import re
from collections.abc import Sequence
from typing import Final

from workers.clean.blocks import Block
from workers.clean.metadata import Metadata

_LONGEST: Final = 600
_SHORTEST_WORDS: Final = 4
_BLOCKS_UNDER: Final = 8
"""Between the headline and the lines: byline, day, ways to share, a caption."""
_NAMED = re.compile(
    r"(?<![a-z])(?:stand-?first|dek|deck|sub-?title|sub-?head(?:line|ing)?|lede|chap[oô]|vorspann|ingress|entradilla|bajada"
    r"|sottotitolo|antetitulo|manchette|podtytul|zajawka)(?![a-z])",
    re.IGNORECASE,
)
_ALSO_NAMED = re.compile(
    r"(?<![a-z])(?:lead|intro|summary|excerpt|abstract|description|teaser)(?![a-z])", re.IGNORECASE
)
"""Names that mean it only where the page's description says the same."""


def standfirst_of(blocks: Sequence[Block], meta: Metadata, paragraphs: Sequence[str]) -> str | None:
    """The standfirst: what stands under the headline and is named so, or is what the page describes itself with.

    The first paragraph of a story is often a page's description, too. So what is kept counts only in the page's
    header, or where a name says what it is.

    Args:
        blocks: the page's pieces.
        meta: its title and description.
        paragraphs: the story.
    """
    return _described(blocks, meta, paragraphs) or _named(blocks, meta)


def _described(blocks: Sequence[Block], meta: Metadata, paragraphs: Sequence[str]) -> str | None:
    said = meta.description
    if not said or len(said) > _LONGEST:
        return None
    for block in blocks:
        if block.text == said or (len(block.text) > 40 and block.text.startswith(said.rstrip(".… "))):
            over = not block.kept or next(block.element.iterancestors("header"), None) is not None
            over = over or bool(_ALSO_NAMED.search(_name(block)))
            return block.text if over and len(block.text) <= _LONGEST else None
        if block.kept and block.text in paragraphs and block.text != meta.title and len(block.text) > len(said):
            return None
    return None


def _named(blocks: Sequence[Block], meta: Metadata) -> str | None:
    title = (meta.title or "").casefold()
    under = next((place for place, block in enumerate(blocks) if title and block.text.casefold() == title), None)
    if under is None:
        return None
    for block in blocks[under + 1 : under + 1 + _BLOCKS_UNDER]:
        fits = len(block.text) <= _LONGEST and len(block.text.split()) >= _SHORTEST_WORDS
        if fits and block.reason is None and _NAMED.search(_name(block)):
            return block.text
    return None


def _name(block: Block) -> str:
    """Class and id of the element and the one around it."""
    around = block.element.getparent()
    elements = (block.element,) if around is None or around.tag == "body" else (block.element, around)
    return " ".join(f"{element.get('class', '')} {element.get('id', '')}" for element in elements)
