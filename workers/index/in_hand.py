"""Pages that are in hand while an index is filled, and what is to be written of them."""

import itertools
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Final, NamedTuple

from shared.models.document import Document
from workers.index.cleaning_again import Again

_BYTES_WRITTEN: Final = 256 * 1024
"""Of texts that are written at once, but for one that is longer by itself. A text of strange words takes five seconds
a megabyte, so a slice can end in between, and never lasts as long as a task may."""


class Item(NamedTuple):
    """One page in hand: the live generation's document, the raw page's new one that is being made, or both."""

    id: str
    document: Document | None = None
    again: "Future[Again] | None" = None
    size: int = 0
    """Bytes of the text, and of the raw page."""

    @property
    def written(self) -> int:
        """Bytes of the text that is written, as far as that has been made."""
        again = self.again.result().document if self.again and self.again.done() else None
        document = again or self.document
        return bytes_of(document) if document else 0


def bytes_of(document: Document) -> int:
    """Of its text, whatever is in it."""
    return len(document.text.encode(errors="surrogatepass"))


class Made(NamedTuple):
    """Documents to be written, pages that are rejected and why, and what is counted of them."""

    documents: list[Document]
    rejected: dict[str, str]
    counts: Counter[str]
    broken: Counter[str]


def first_part(made: Sequence[Item]) -> list[Item]:
    """The first of these, no more bytes of texts than are written at once; one at least where there are any."""
    sizes = itertools.accumulate(item.written for item in made)
    return list(made[: max(1, sum(size <= _BYTES_WRITTEN for size in sizes))])


def made_of(part: Sequence[Item]) -> Made:
    """What is to be written of these pages. One that could not be worked on stays as it was, if it was there."""
    made = Made([], {}, Counter(), Counter())
    for item in part:
        again = item.again.result() if item.again else None
        made.counts["done"] += bool(item.document or again)
        if again and again.rejected:
            made.rejected[item.id] = again.rejected
        elif again and again.document:
            made.documents.append(_in_place_of(item.document, again.document))
            made.counts["cleaned"] += 1
        elif item.document:
            made.documents.append(item.document)
            made.counts["copied"] += 1
        if again and again.broken:
            made.broken[again.broken] += 1
    return made


def _in_place_of(old: Document | None, new: Document) -> Document:
    """What a raw page was made into, with what the rooms had added to the document that it takes the place of.

    The version stays, for it is the page's. The revision goes up where anything has changed, so that whoever holds the
    old one under its entity tag is told of it.
    """
    if old is None:
        return new.model_copy(update={"indexed_at": datetime.now(UTC)})
    same = new.model_copy(update={"story": old.story, "indexed_at": old.indexed_at, "revision": old.revision})
    return same if same == old else same.model_copy(update={"revision": min(old.revision + 1, 63)})
