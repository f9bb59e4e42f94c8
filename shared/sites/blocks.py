"""What a block of text is called among the blocks of its site, and which of them a site repeats."""

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from shared.models.frozen import Carried

BLOCK_BYTES: Final = 6
"""48 bits: a page's blocks are compared with a few hundred of its own site, so none is taken for another."""
BLOCK_PATTERN: Final = r"^[0-9a-f]{12}$"
BlockId = Annotated[str, Field(pattern=BLOCK_PATTERN)]
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
    """The blocks of a page by id, each once, in order, with as much of its text as is shown to a person."""
    return {
        block_id(text): text if len(text) <= _SAMPLE_CHARS else text[: _SAMPLE_CHARS - 1] + "…" for text in paragraphs
    }
