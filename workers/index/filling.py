"""Fills a new generation: documents of the live one as they are, or made anew from raw pages.

A page that was deleted must not come back. Tombstones are asked for right before the write. On the embedded engine
this process is the only one that writes, so no delete can come between. On Elasticsearch one can: it reaches both
generations and leaves its version in the new one for an hour (`index.gc_deletes`), so the older document that is
written within that hour is refused.
"""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from typing import Final, NamedTuple, Protocol

from shared.archive.port import ArchivedPage, PageArchive
from shared.ledger.ledger import Ledger
from shared.models.document import Document
from shared.models.rebuild import Rebuild
from shared.search.generations import IndexGenerations
from workers.index.cleaning_again import Again, CleaningAgain

_FEWEST: Final = 20
_MOST: Final = 500
_MOST_MADE: Final = 100
"""Pages that are made anew at once: making one takes ten times as long as writing it."""
_READ: Final = 50

Change = dict[str, object]


class Assigning(Protocol):
    """Which near copies share a story; `shared.stories.Stories` on the new generation."""

    def assign(self, documents: Sequence[Document]) -> list[str]:
        """The story of each document."""

    def settle(self, documents: Sequence[Document]) -> None:
        """They are indexed."""


class Item(NamedTuple):
    """One page in hand: the live generation's document, the raw page's new one that is being made, or both."""

    id: str
    document: Document | None = None
    again: "Future[Again] | None" = None


class Made(NamedTuple):
    """Documents to be written, pages that are rejected and why, and what is counted of them."""

    documents: list[Document]
    rejected: dict[str, str]
    counts: Counter[str]
    broken: Counter[str]


class Filling:
    """Reads, makes and writes; some pages are in its hand until all of them are made.

    Args:
        ledger: tombstones, receipts, and who was rejected.
        generations: where documents are read and written.
        archive: raw pages.
        cleaning: makes documents of these.
        stories: of one generation, for documents that the live one does not have.
        bytes_most: bytes of texts and raw pages that are in hand at once, about.
    """

    def __init__(  # noqa: PLR0913  (one keyword per part)
        self,
        ledger: Ledger,
        generations: IndexGenerations,
        archive: PageArchive,
        cleaning: CleaningAgain,
        stories: Callable[[str], Assigning],
        bytes_most: int,
    ) -> None:
        self._ledger = ledger
        self._generations = generations
        self._archive = archive
        self._cleaning = cleaning
        self._stories = stories
        self._bytes_most = bytes_most
        self._hand: list[Item] = []
        self._hand_of: tuple[object, ...] = ()
        self._size = _FEWEST

    def slice(self, asked: Rebuild, name: str, live: str, seconds: float) -> Change | None:
        """Goes on behind the cursor for about so long.

        Returns:
            What has changed, nothing where pages are still being made; None where this part is at its end.
        """
        until = time.monotonic() + seconds
        if not self._hand or self._hand_of != (asked.number, name, asked.part, asked.cursor):
            self.drop()
            self._hand = list(self._next(asked, name, live))
            self._hand_of = (asked.number, name, asked.part, asked.cursor)
        if not self._hand:
            return None
        making = [item.again for item in self._hand if item.again]
        if wait(making, timeout=max(0.0, until - time.monotonic())).not_done:
            return {}
        return self._write(asked, name)

    def drop(self) -> None:
        """Forgets what is in hand."""
        for item in self._hand:
            if item.again:
                item.again.cancel()
        self._hand = []

    def close(self) -> None:
        """Ends the processes that make documents."""
        self.drop()
        self._cleaning.close()

    def _next(self, asked: Rebuild, name: str, live: str) -> Iterator[Item]:
        if asked.part == "archive":
            return self._from_archive(asked, name, live)
        return self._from_documents(asked, live)

    def _from_documents(self, asked: Rebuild, live: str) -> Iterator[Item]:
        after, size, count = asked.cursor, 0, 0
        most = min(_MOST_MADE, self._size) if asked.from_raw else self._size
        while count < most and size < self._bytes_most:
            documents = self._generations.reader(live).documents(after, min(_READ, most - count))
            if not documents:
                return
            for document in documents:
                raw = self._archive.get(document.id, document.version) if asked.from_raw else None
                site = document.site if document.url else None
                yield Item(document.id, document, self._cleaning.begin(raw, site) if raw else None)
                size += len(document.text) + len(raw.packed if raw else b"")
            after, count = documents[-1].id, count + len(documents)

    def _from_archive(self, asked: Rebuild, name: str, live: str) -> Iterator[Item]:
        """Raw pages that neither generation has a document of; where they are from is not known before they are read.

        Every page read makes an item, so that the cursor moves behind those that are left out, too.
        """
        pages = self._raw_pages(asked.cursor)
        ids = [page.id for page in pages]
        there = set(self._generations.reader(name).held(ids))
        if not asked.lost:
            there |= set(self._generations.reader(live).held(ids))
        let_go = self._ledger.rebuilds.let_go([(page.id, page.version) for page in pages])
        for page in pages:
            wanted = None if page.id in there else self._searchable(page, let_go=page.id in let_go)
            yield Item(page.id, None, self._cleaning.begin(wanted, None) if wanted else None)

    def _raw_pages(self, after: str | None) -> list[ArchivedPage]:
        pages: list[ArchivedPage] = []
        for page in itertools.islice(self._archive.scan(after), min(_MOST_MADE, self._size)):
            pages.append(page)
            if sum(len(each.packed) for each in pages) >= self._bytes_most:
                break
        return pages

    def _searchable(self, page: ArchivedPage, *, let_go: bool) -> ArchivedPage | None:
        """The raw page of the version that was searchable.

        The newest one is not where it was a dead letter that was let go, or was sent again and is still on its way.
        Which one was before it is known as long as there is a receipt.
        """
        if not let_go and not self._ledger.receipts.walking(page.id, page.version):
            return page
        receipt = self._ledger.receipts.get(page.id)
        before = receipt.searchable_version if receipt else None
        return self._archive.get(page.id, before) if before and before != page.version else None

    def _write(self, asked: Rebuild, name: str) -> Change:
        begun = time.monotonic()
        made = _made(self._hand)
        made.counts["deleted"] = self._put(name, made.documents, made.rejected)
        self._ledger.rebuilds.reject(made.rejected)
        self._size = _sized(self._size, time.monotonic() - begun)
        cursor, self._hand = self._hand[-1].id, []
        return {
            "cursor": cursor,
            "broken": dict(Counter(asked.broken) + made.broken),
            **{field: getattr(asked, field) + count for field, count in made.counts.items()},
        }

    def _put(self, name: str, documents: list[Document], rejected: dict[str, str]) -> int:
        """Writes them; how many were deleted meanwhile. What the engine rejects is told in `rejected`."""
        new = [document for document in documents if document.story is None]
        stories = self._stories(name)
        assigned = dict(zip((each.id for each in new), stories.assign(new), strict=True)) if new else {}
        told = [each.model_copy(update={"story": assigned.get(each.id, each.story)}) for each in documents]
        tombs = self._ledger.rebuilds.tombstones([each.id for each in told])
        kept = [each for each in told if tombs.get(each.id, 0) <= each.version]
        for outcome in self._generations.writer(name).index(kept) if kept else ():
            if outcome.result == "rejected":
                rejected[outcome.id] = "index-refused"
        if new:
            stories.settle(new)
        return len(told) - len(kept)


def _made(hand: Sequence[Item]) -> Made:
    """What is to be written of the pages in hand. One that could not be worked on stays as it was, if it was there."""
    made = Made([], {}, Counter(), Counter())
    for item in hand:
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


def _sized(size: int, seconds: float) -> int:
    """How many to take next, so that writing them takes half a slice or so."""
    return max(_FEWEST, min(_MOST, int(size * min(2.0, 0.4 / max(seconds, 0.001)))))
