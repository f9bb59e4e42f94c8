"""One export: its bytes from any place on, and what is known of all of them."""

import hashlib
import threading
import time
from collections.abc import Generator
from contextlib import closing
from typing import NamedTuple

from services.query.exports.coder import Coder, Format
from services.query.exports.pages import Page, Pages, first_size, size_after
from shared.models.frozen import PageId


class Progress(NamedTuple):
    """How far an export has been worked out.

    Args:
        documents: written.
        left_out: documents that had been deleted, and are not in it.
        end: bytes written.
        complete: whether that is all.
        sha256: of these bytes, hexadecimal.
    """

    documents: int = 0
    left_out: int = 0
    end: int = 0
    complete: bool = False
    sha256: str = hashlib.sha256().hexdigest()


class _Mark(NamedTuple):
    """A page that has been written: where it begins, of what it is made, where the next begins, all bytes so far."""

    begin: str | None
    size: int
    left_out: frozenset[PageId]
    after: str | None
    end: int


class Export:
    """Pages are worked out in order, once; whoever comes later reads them again and gets the same bytes.

    A few numbers are kept of each page, and no text of any. Threads may read it side by side.

    Args:
        pages: the result.
        form: what it is written as.
    """

    def __init__(self, pages: Pages, form: Format) -> None:
        self._pages = pages
        self._form = form
        self._marks: list[_Mark] = []
        self._size = first_size()
        self._hash = hashlib.sha256()
        self._working = threading.Lock()
        self._walking = threading.Lock()
        self._walk: Generator[bytes] | None = None
        self.progress = Progress()

    def pieces(self, offset: int = 0) -> Generator[bytes]:
        """The bytes from a place on; none where it lies at the end or behind.

        Raises:
            Refused: `export-expired`, the snapshot is gone.
            DependencyUnavailable: the engine is away.
        """
        number = self._page_at(offset) if self._form.by_page else 0
        at = self._marks[number - 1].end if number else 0
        with closing(self._form.coder()) as coder:
            while (part := self._part(number, coder)) is not None:
                if piece := part[max(0, offset - at) :]:
                    yield piece
                at += len(part)
                number += 1

    def work(self, seconds: float) -> Progress:
        """Works it out for so long, without handing out a byte.

        Raises:
            Refused, DependencyUnavailable: as `pieces`.
        """
        until = time.monotonic() + seconds
        with self._walking:
            self._walk = self._walk or self.pieces(self.progress.end)
            while not self.progress.complete and time.monotonic() < until:
                if next(self._walk, None) is None:
                    break
            if self.progress.complete:
                self._walk = None
        return self.progress

    def _page_at(self, offset: int) -> int:
        """The page that a byte is in, or the first that has not been worked out."""
        return next((number for number, mark in enumerate(self._marks) if mark.end > offset), len(self._marks))

    def _part(self, number: int, coder: Coder) -> bytes | None:
        """The bytes of a page; None behind the last."""
        with self._working:
            if number >= len(self._marks):
                return None if self.progress.complete else self._next(coder)
        mark = self._marks[number]
        return self._coded(coder, self._pages.read(mark.begin, mark.size, mark.left_out), number)

    def _next(self, coder: Coder) -> bytes:
        """Works out the next page."""
        number = len(self._marks)
        begin = self._marks[-1].after if self._marks else None
        page = self._pages.read(begin, self._size)
        part = self._coded(coder, page, number)
        told = self.progress
        self._marks.append(_Mark(begin, self._size, page.left_out, page.after, told.end + len(part)))
        self._size = size_after(page.documents, self._size)
        self._hash.update(part)
        self.progress = Progress(
            told.documents + len(page.documents),
            told.left_out + len(page.left_out),
            told.end + len(part),
            page.after is None,
            self._hash.hexdigest(),
        )
        return part

    @staticmethod
    def _coded(coder: Coder, page: Page, number: int) -> bytes:
        return coder.page(page.documents, first=number == 0, last=page.after is None)
