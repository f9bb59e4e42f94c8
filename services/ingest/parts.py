from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from shared.archive.port import PageArchive
from shared.errors import Refused
from shared.ledger.idempotency import Idempotency
from shared.ledger.ledger import Ledger
from shared.models.document import Document
from shared.models.receipt import Receipt, Room
from shared.search.port import SearchIndex
from shared.settings import Settings
from shared.sites.known import KnownSites
from shared.tracing import NoTracing, Tracing

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Parts:
    """What the front door works with; opened and closed by whoever made it.

    `archive` and `index` are only read here. `ring` tells a room that there is work, unless it was told already; `send`
    tells it where the ledger has found out that it was not.
    """

    settings: Settings
    ledger: Ledger
    archive: PageArchive
    index: SearchIndex
    idempotency: Idempotency
    sites: KnownSites
    ring: Callable[[Room], None]
    send: Callable[[Room], None]
    tracing: Tracing = field(default_factory=NoTracing)

    def wake(self, room: Room) -> None:
        """Rings a room; never fails, for what was rung for is saved, and the sweep rings later."""
        _safely(self.ring, room)

    def tell_of_pages(self) -> None:
        """Sends the bell that was claimed when pages were accepted; never fails."""
        _safely(self.send, "clean")

    def receipt(self, page_id: str, version: int | None = None) -> Receipt | None:
        """Where a page is; what the ledger knows no more, since receipts expire, is told from the index.

        Args:
            page_id: the page.
            version: whoever asks what became of this one is told that, though the index holds a later one.
        """
        receipt = self.ledger.receipts.get(page_id)
        if receipt is not None and not _may_know_less(receipt):
            return receipt
        document = self.index.get(page_id)
        if document is None:
            return receipt
        if receipt is None or (receipt.version < document.version and receipt.version != version):
            return _receipt_of(document)
        if receipt.state == "deleted":  # the index room has not come to it yet
            return receipt
        return receipt.model_copy(update={"searchable_version": document.version})

    def memory_full(self) -> str | None:
        """How much of its memory Redis holds, where that is too much for new pages."""
        share, most = self.ledger.memory_share(), self.settings.redis_high_water
        return f"Redis holds {share:.0%} of its memory, of {most:.0%} that it may" if share >= most else None

    def line_full(self) -> Refused:
        """The refusal of a page that there is no room for."""
        if held := self.ledger.held_off():
            return Refused("line-full", f"No new pages for the moment. {held}", retry_after=self.ledger.retry_after())
        settings, counts = self.settings, self.ledger.counts()
        waiting = counts.waiting + counts.working
        if waiting >= settings.line_max_pages:
            detail, limit = f"{waiting} pages wait, of {settings.line_max_pages} that may.", "LINE_MAX_PAGES"
        elif memory := self.memory_full():
            detail, limit = f"{memory}.", "REDIS_HIGH_WATER"
        elif (stood := counts.stood_seconds) >= settings.line_max_seconds:
            detail, limit = f"Pages have waited for {stood:.0f} seconds in one room.", "LINE_MAX_SECONDS"
        else:
            detail = f"{counts.waiting_bytes} bytes wait, of {settings.line_max_bytes} that may."
            limit = "LINE_MAX_BYTES"
        return Refused("line-full", detail, limit=f"PAGEMILL_{limit}", retry_after=self.ledger.retry_after())


def _safely(tell: Callable[[Room], None], room: Room) -> None:
    try:
        tell(room)
    except Exception as error:  # noqa: BLE001  (the page is in, whatever became of the bell)
        log.warning("bell not rung", room=room, error=str(error))


def _may_know_less(receipt: Receipt) -> bool:
    """Whether the index may hold a version whose receipt has expired.

    All there is now is a tombstone, then, or a later post that did not become searchable.
    """
    only_a_tombstone = receipt.accepted_at is None
    return receipt.searchable_version is None and (only_a_tombstone or receipt.state in {"dead", "dropped"})


def _receipt_of(document: Document) -> Receipt:
    return Receipt(
        id=document.id,
        url=document.url,
        source=document.source,
        version=document.version,
        state="searchable",
        searchable_version=document.version,
        searchable_at=document.indexed_at,
    )
