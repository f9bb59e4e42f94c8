"""What is remembered of a document that a saved search has found.

A member is `DIGEST:PAGE`: the digest of what a reader reads of the page, and its id. So a page that comes again with
the same title, standfirst and text, as another version or enriched once more, is the same member: it is told once.
"""

import hashlib
from typing import Final, NamedTuple

from shared.models.document import Document
from shared.models.frozen import PageId
from shared.models.saved_search import SearchId

_DIGEST: Final = 12
_PART: Final = "\x1f"


class Found(NamedTuple):
    """A saved search has found a document.

    Args:
        search: whose id.
        member: from `member`.
        sent: whether a webhook is told of it.
    """

    search: SearchId
    member: str
    sent: bool


def member(document: Document) -> str:
    """What stands for a document as it reads now."""
    read = _PART.join((document.title or "", document.standfirst or "", document.text))
    digest = hashlib.blake2b(read.encode(errors="surrogatepass"), digest_size=_DIGEST).hexdigest()
    return f"{digest}:{document.id}"


def page_of(told: str) -> PageId:
    """The page that a member stands for."""
    return told.partition(":")[2]


def event_id(search: SearchId, told: str) -> str:
    """The id that an alert bears wherever it is told: the same each time."""
    return "al_" + hashlib.blake2b(f"{search}:{told}".encode(), digest_size=12).hexdigest()
