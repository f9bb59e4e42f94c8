"""What a block of text is called among the blocks of its site, and which of them a site repeats."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from shared.models.frozen import Carried

BLOCK_BYTES: Final = 6
"""48 bits: a page's blocks are compared with a few hundred of its own site, so none is taken for another."""
BLOCK_PATTERN: Final = r"^[0-9a-f]{12}$"
MOST_BLOCKS: Final = 60
"""Of one page."""
_MARKS: Final = re.compile(r"(?:[-\u2022*>|\s]+|\d{1,3}[.)]\s)+")
"""What a list or a quotation puts before a text: the same block may stand in either, at any number."""
_SAMPLE_CHARS: Final = 200


class SiteBlocks(Carried):
    """The blocks that one site repeats, by their ids; cleaning leaves them out."""

    ids: frozenset[str] = frozenset()


NO_BLOCKS: Final = SiteBlocks()


class Sighting(NamedTuple):
    """What one page of a site says.

    Args:
        site: its registered domain.
        page: its id; its versions have the same.
        story: which near copies share.
        blocks: what it kept, by id.
        dropped: ids of what was left out as the site's.
    """

    site: str
    page: str
    story: str
    blocks: dict[str, str]
    dropped: tuple[str, ...] = ()


def block_id(text: str) -> str:
    """The id of a block: twelve hexadecimal digits of its words; case and a list's mark make no difference.

    Numbers do: figures are what tells two weather reports apart.
    """
    found = _MARKS.match(text)
    bare = text[found.end() :] if found else text
    return hashlib.blake2b(bare.casefold().encode("utf-8", "ignore"), digest_size=BLOCK_BYTES).hexdigest()


def blocks_of(paragraphs: Iterable[str]) -> dict[str, str]:
    """The blocks that a page is seen by: each once by its id, in order, with as much of its text as a person is shown.

    Of a page of more than 60 they are those of its beginning and of its end.
    """
    return {block_id(text): _sample(text) for text in both_ends(list(dict.fromkeys(paragraphs)))}


def both_ends(blocks: list[str]) -> list[str]:
    """The first and the last blocks of a page, where there are many."""
    return blocks if len(blocks) <= MOST_BLOCKS else blocks[: MOST_BLOCKS // 2] + blocks[-MOST_BLOCKS // 2 :]


def _sample(text: str) -> str:
    return text if len(text) <= _SAMPLE_CHARS else text[: _SAMPLE_CHARS - 1] + "…"
