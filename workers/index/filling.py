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
from concurrent.futures import wait
from typing import Final, Protocol

from shared.archive.port import ArchivedPage, PageArchive
from shared.ledger.ledger import Ledger
from shared.models.document import Document
from shared.models.rebuild import Rebuild
from shared.search.generations import IndexGenerations
from workers.index.cleaning_again import CleaningAgain
from workers.index.in_hand import Item, bytes_of, first_part, made_of

_MOST: Final = 500
_MOST_MADE: Final = 100
"""Pages in hand that are made anew: making one takes ten times as long as writing it."""
_READ: Final = 50
_FEWEST_WRITTEN: Final = 20

Change = dict[str, object]


class Assigning(Protocol):
    """Which near copies share a story; `shared.stories.Stories` on the new generation."""

    def assign(self, documents: Sequence[Document]) -> list[str]:
        """The story of each document."""

    def settle(self, documents: Sequence[Document]) -> None:
        """They are indexed."""


class Filling:
    """Reads, makes and writes; what it has in hand is written a part at a time, over several slices where that is much.

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
        self._behind: str | None = None
        self._size = _FEWEST_WRITTEN
        self._read = _FEWEST_WRITTEN

    def slice(self, asked: Rebuild, name: str, live: str, seconds: float) -> Change | None:
        """Goes on behind the cursor for about so long; at least one part is written where it is made.

        Returns:
            What has changed, nothing where pages are still being made; None where this part is at its end.
        """
        until = time.monotonic() + seconds
        if not self._in_hand(asked, name):
            self._hand = list(self._next(asked, name, live))
        return self._go_on(asked, name, until) if self._hand else None

    def _go_on(self, asked: Rebuild, name: str, until: float) -> Change:
        """Writes part after part, each only while the work is ours. A failure behind the first part is met again."""
        changed: Change = {}
        took = 0.0
        while self._hand and (not changed or time.monotonic() + took < until) and self._ledger.rebuilds.renew():
            begun = time.monotonic()
            try:
                part = self._made_by(until)
                if not part:
                    break
                changed |= self._write(asked.model_copy(update=changed), name, part)
            except Exception:
                if not changed:
                    raise
                break
            took = time.monotonic() - begun
        return changed

    def drop(self) -> None:
        """Forgets what is in hand."""
        self._let_go(len(self._hand))

    def _let_go(self, count: int) -> None:
        """Forgets the first ones in hand."""
        for item in self._hand[:count]:
            if item.again:
                item.again.cancel()
        self._hand = self._hand[count:]

    def _in_hand(self, asked: Rebuild, name: str) -> bool:
        """Whether there is something in hand behind the cursor; what another process is done with is forgotten."""
        of = (asked.number, name, asked.part)
        if (self._hand_of, self._behind) != (of, asked.cursor):
            ids = [item.id for item in self._hand] if self._hand_of == of else []
            self._let_go(ids.index(asked.cursor) + 1 if asked.cursor in ids else len(self._hand))
        self._hand_of, self._behind = of, asked.cursor
        return bool(self._hand)

    def _made_by(self, until: float) -> list[Item]:
        """The next ones in hand that are to be written at once; of pages that are being made those made by then."""
        part = self._hand[: self._size]
        making = [item.again for item in part if item.again and not item.again.done()]
        if making:
            self._ledger.rebuilds.waits(waits=True)
            wait(making, timeout=max(0.0, until - time.monotonic()))
            self._ledger.rebuilds.waits(waits=False)
        return first_part([*itertools.takewhile(lambda item: item.again is None or item.again.done(), part)])

    def close(self) -> None:
        """Ends the processes that make documents."""
        self.drop()
        self._cleaning.close()

    def _next(self, asked: Rebuild, name: str, live: str) -> Iterator[Item]:
        if asked.part == "archive":
            return self._from_archive(asked, name, live)
        return self._from_documents(asked, live)

    def _from_documents(self, asked: Rebuild, live: str) -> Iterator[Item]:
        """Where documents are long, few are read at once."""
        after, size, count = asked.cursor, 0, 0
        most = _MOST_MADE if asked.from_raw else _MOST
        while count < most and size < self._bytes_most:
            documents = self._generations.reader(live).documents(after, min(self._read, most - count))
            if not documents:
                return
            items = [self._item(document, from_raw=asked.from_raw) for document in documents]
            yield from items
            read = sum(item.size for item in items)
            self._read = max(1, min(_READ, self._bytes_most * len(items) // max(read, 1)))
            size, after, count = size + read, documents[-1].id, count + len(documents)

    def _item(self, document: Document, *, from_raw: bool) -> Item:
        raw = self._archive.get(document.id, document.version) if from_raw else None
        site = document.site if document.url else None
        again = self._cleaning.begin(raw, site) if raw else None
        return Item(document.id, document, again, bytes_of(document) + len(raw.packed if raw else b""))

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
            again = self._cleaning.begin(wanted, None) if wanted else None
            yield Item(page.id, None, again, len(wanted.packed) if wanted else 0)

    def _raw_pages(self, after: str | None) -> list[ArchivedPage]:
        pages: list[ArchivedPage] = []
        for page in itertools.islice(self._archive.scan(after), _MOST_MADE):
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

    def _write(self, asked: Rebuild, name: str, part: Sequence[Item]) -> Change:
        begun = time.monotonic()
        made = made_of(part)
        made.counts["deleted"] = self._put(name, made.documents, made.rejected)
        self._ledger.rebuilds.reject(made.rejected)
        self._size = _sized(self._size, time.monotonic() - begun)
        self._hand, self._behind = self._hand[len(part) :], part[-1].id
        return {
            "cursor": self._behind,
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


def _sized(size: int, seconds: float) -> int:
    """How many to write at once, so that it takes most of a slice."""
    return max(_FEWEST_WRITTEN, min(_MOST, int(size * min(2.0, 0.4 / max(seconds, 0.001)))))
