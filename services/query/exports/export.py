"""One export: its bytes from any place on, and what is known of all of them."""

import hashlib
import threading
import time
from collections.abc import Generator
from contextlib import closing
from typing import NamedTuple

from services.query.exports.coder import Coder, Format
from services.query.exports.notes import Mark, Notes
from services.query.exports.pages import Page, Pages, expired, first_size, size_after


class Progress(NamedTuple):
    """How far an export has been worked out.

    Args:
        documents: written.
        left_out: documents that had been deleted, and are not in it.
        end: bytes written.
        complete: whether that is all, and the checksum is known.
        sha256: of all bytes, hexadecimal; None until they are worked out.
    """

    documents: int = 0
    left_out: int = 0
    end: int = 0
    complete: bool = False
    sha256: str | None = None


class Export:
    """Pages are worked out in order, once; whoever comes later reads them again and gets the same bytes.

    A few numbers are kept of each page, and no text of any. Threads may read it side by side, and so may processes
    where the notes are in a file.

    Args:
        pages: the result.
        form: what it is written as.
        notes: what is known of it; absent: nothing.
    """

    def __init__(self, pages: Pages, form: Format, notes: Notes | None = None) -> None:
        self._pages = pages
        self._form = form
        self._notes = notes or Notes()
        self._sum = hashlib.sha256()
        self._summed = 0
        """Pages that the sum is of: all that this process has worked out or read again without a gap."""
        self._working = threading.Lock()
        self._walking = threading.Lock()
        self._walk: Generator[bytes] | None = None

    @property
    def progress(self) -> Progress:
        """How far it has been worked out, by any process that notes it in the same place."""
        marks, sha256 = tuple(self._notes.marks), self._notes.sha256
        return Progress(
            sum(mark.documents for mark in marks),
            sum(len(mark.left_out) for mark in marks),
            marks[-1].end if marks else 0,
            sha256 is not None,
            sha256,
        )

    @property
    def complete(self) -> bool:
        """Whether all of it is known, its checksum too."""
        return self._notes.sha256 is not None

    def pieces(self, offset: int = 0) -> Generator[bytes]:
        """The bytes from a place on; none where it lies at the end or behind.

        Raises:
            Refused: `export-expired`, the snapshot is gone.
            DependencyUnavailable: the engine is away.
        """
        number = self._page_at(offset) if self._form.by_page else 0
        yield from self._pieces(number, offset)

    def work(self, seconds: float) -> Progress:
        """Works it out for so long, without handing out a byte.

        Raises:
            Refused, DependencyUnavailable: as `pieces`.
        """
        until = time.monotonic() + seconds
        with self._walking:
            self._walk = self._walk or self._pieces(self._summed if self._form.by_page else 0, 0)
            while not self.complete and time.monotonic() < until:
                if next(self._walk, None) is None:
                    self._walk = None
                    break
            if self.complete:
                self._walk = None
        return self.progress

    def _pieces(self, number: int, offset: int) -> Generator[bytes]:
        at = self._notes.marks[number - 1].end if number else 0
        with closing(self._form.coder()) as coder:
            while (part := self._part(number, coder)) is not None:
                if piece := part[max(0, offset - at) :]:
                    yield piece
                at += len(part)
                number += 1

    def _page_at(self, offset: int) -> int:
        """The page that a byte is in, or the first that has not been worked out."""
        with self._working, self._notes.turn():
            marks = self._notes.marks
            return next((number for number, mark in enumerate(marks) if mark.end > offset), len(marks))

    def _part(self, number: int, coder: Coder) -> bytes | None:
        """The bytes of a page; None behind the last."""
        marks = self._notes.marks
        if number >= len(marks):
            with self._working, self._notes.turn():
                if number >= len(marks):
                    return None if self._notes.whole else self._next(coder)
        mark = marks[number]
        part = self._coded(coder, self._pages.read(mark.begin, mark.size, mark.left_out), number)
        if len(part) != mark.end - (marks[number - 1].end if number else 0):
            raise expired()  # another version of this program had worked it out
        self._sum_up(number, part)
        return part

    def _next(self, coder: Coder) -> bytes:
        """Works out the next page."""
        marks = self._notes.marks
        number, begin = len(marks), marks[-1].after if marks else None
        size = marks[-1].next_size if marks else first_size()
        page = self._pages.read(begin, size)
        part = self._coded(coder, page, number)
        end = len(part) + (marks[-1].end if marks else 0)
        self._notes.page(
            Mark(
                begin=begin,
                size=size,
                documents=len(page.documents),
                left_out=page.left_out,
                after=page.after,
                next_size=size_after(page.documents, size),
                end=end,
            )
        )
        self._add_up(number, part)
        return part

    def _sum_up(self, number: int, part: bytes) -> None:
        """A page that was read again counts where the sum has come to it."""
        if self.complete or number != self._summed:
            return
        with self._working, self._notes.turn():
            self._add_up(number, part)

    def _add_up(self, number: int, part: bytes) -> None:
        if number != self._summed:
            return
        self._sum.update(part)
        self._summed += 1
        if self._notes.whole and self._summed == len(self._notes.marks) and not self.complete:
            self._notes.summed(self._sum.hexdigest())

    @staticmethod
    def _coded(coder: Coder, page: Page, number: int) -> bytes:
        return coder.page(page.documents, first=number == 0, last=page.after is None)
