"""What Pagemill asks of the store of raw pages. Every adapter passes `tests/contracts/test_page_archive.py`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from shared.models.frozen import Carried, PageId, Version


class ArchivedPage(Carried):
    """One raw page as the ledger packed it (see `shared.packing`)."""

    id: PageId
    version: Version
    packed: bytes
    dead: bool = False
    """A dead letter's: exempt from retention."""


class PageArchive(Protocol):
    """Raw pages, kept so that they can be shown, sent again and cleaned again."""

    def put(self, pages: Sequence[ArchivedPage]) -> None:
        """Keeps pages; they are on disk when it returns. A live page's older versions go, a dead letter's stay.

        Raises:
            DependencyUnavailable: nothing was kept.
        """

    def get(self, page_id: PageId, version: Version | None = None) -> ArchivedPage | None:
        """One page: the version asked for, else the newest kept. None past its age, trimmed or not."""

    def mark_live(self, page_id: PageId, version: Version) -> None:
        """A dead letter that was sent again or let go: it is no longer exempt from retention."""

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes out what is older than the delete's version; a page that came back meanwhile stays."""

    def scan(self, after: PageId | None = None) -> Iterator[ArchivedPage]:
        """Every page's newest live version, in the order of ids."""

    def trim(self) -> int:
        """Lets go of what is past its age or over the bytes; how many pages went."""

    def size_bytes(self) -> int:
        """Bytes of bodies held."""

    def close(self) -> None:
        """Lets everything go."""
