"""WARC and WET, cut into records without holding more of them than can be a page (ISO 28500, WARC 1.1)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.ingest.batch.item import Item
from services.ingest.batch.members import Members, Part
from shared.errors import Refused

_GZIP: Final = b"\x1f\x8b"
_BEGINS: Final = b"WARC/"
_HEADERS_MAX: Final = 64 * 1024
"""Bytes of a record's own headers, and of the HTTP headers in it."""
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_NEXT = re.compile(rb"\n\r?\n(?=WARC/[01]\.\d{1,2}\r?\n)")
_NEXT_FOR_LOST = re.compile(rb"\n(?:\r?\n(?=WARC/[01]\.\d{1,2}\r?\n)|(?=WARC/[01]\.\d{1,2}\r?\n(?i:WARC|Content)-))")
"""The same where reading is lost: a line will do that the next one shows to be a record's."""
_ENDS: Final = b"\r\n\r\n"
"""What follows every block."""
_NEXT_MAX: Final = 24
"""Bytes that these take in, at most."""
MAY_BE_PAGES: Final = frozenset({"response", "resource", "conversion"})
"""Types of records."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `block` is cut to the first bytes where the record is larger than a page may be."""

    headers: Mapping[str, str]
    block: bytes
    cut: bool

    @property
    def kind(self) -> str:
        """WARC-Type."""
        return self.headers.get("warc-type", "").lower()


class RecordSplitter:
    """The records of a file, whose gzip members, if it has any, are inflated under a cap.

    What cannot be read costs its own record alone. The next one begins with its member, or else where a line says
    WARC/ behind an empty one, or before a header; that is looked for in the record before, too, whose length may
    have been wrong.

    Args:
        page_max: bytes of a page.
        total_max: bytes that the file may inflate to.
        ratio: how many times its size a member may inflate to.
    """

    def __init__(self, page_max: int, total_max: int, ratio: int) -> None:
        self._block_max = page_max + _HEADERS_MAX
        self._total_max = total_max
        self._ratio = ratio
        self._members: Members | None = None
        self._begun = False
        self._in_member = 0
        self._seeking = False
        self._sought = b""
        self._unfinished = False
        self._never_began: Refused | None = None
        self._looked_through = 0
        self._total = 0
        self._count = 0
        self._buffer = bytearray()
        self._headers: dict[str, str] | None = None
        self._missing = 0
        self._keep = 0
        self._block = bytearray()
        self._passing = b""
        self._between = b""
        self._ready: list[Item] = []
        self._whole = False

    def feed(self, piece: bytes) -> Iterator[Item]:
        """The records that end in this piece; those before a place where it cannot be read come all the same."""
        if not self._begun and piece:
            self._begun = True
            if piece[:1] == _GZIP[:1]:
                self._members = Members(self._ratio, _BEGINS)
        yield from self._parts(self._members.feed(piece) if self._members else (piece,))

    def _parts(self, parts: Iterable[Part]) -> Iterator[Item]:
        try:
            for part in parts:
                self._part(part)
                yield from self._taken()
        except Refused:
            yield from self._taken(everything=True)
            raise

    def _part(self, part: Part) -> None:
        """Reads on. A record is held back until its member has ended well, or the next one has begun."""
        if part is None or isinstance(part, Refused):
            if isinstance(part, Refused) and not self._seeking:
                self._lose(part)
            self._unfinished = self._headers is not None
            self._in_member, self._whole = 0, True
            self._seek_no_more()
            return
        self._whole = False
        self._count_bytes(part)
        if self._unfinished:
            part = self._begun_anew(part)
        self._read(part)

    def _begun_anew(self, part: bytes) -> bytes:
        """The first bytes of a member behind one that ended within a record: the record goes on, or ended there."""
        part, self._sought = self._sought + part, b""
        if len(part) < len(_BEGINS) and _BEGINS.startswith(part):
            self._sought = part
            return b""
        self._unfinished = False
        if part.startswith(_BEGINS):
            self._lose(_problem("it ends before its end"))
        return part

    def _lose(self, why: Refused, *, done: bool = False) -> None:
        """The record at hand, or else the one just completed, cannot be trusted: its problem takes its place.

        Args:
            why: the problem.
            done: whether the one just completed is well.
        """
        if not done and self._headers is None and not self._buffer and self._ready:
            self._ready.pop()
            self._count -= 1
        self._forget()
        self._add(why, 0)

    def _forget(self) -> None:
        """What has come of a record that is not whole yet."""
        self._headers = None
        self._buffer.clear()
        self._block.clear()
        self._passing = b""
        self._missing = 0
        self._between = b""

    def _count_bytes(self, part: bytes) -> None:
        self._total += len(part)
        if self._total > self._total_max:
            detail = f"The records inflate to more than {self._total_max} bytes."
            raise Refused("batch-too-large", detail, limit="PAGEMILL_BATCH_MAX_BYTES")

    def _taken(self, *, everything: bool = False) -> list[Item]:
        last = len(self._ready) if everything or self._whole else max(0, len(self._ready) - 1)
        ready, self._ready = self._ready[:last], self._ready[last:]
        return ready

    def end(self) -> Iterator[Item]:
        """The records that were held back."""
        if self._members:
            yield from self._parts(self._members.end())
        if self._unfinished:
            self._lose(_problem("it ends before its end"))
        while self._headers is not None and _NEXT.search(self._block):
            swallowed = bytes(self._block)
            self._lose(_problem("it ends before its end"))
            self._looked_through += len(swallowed)
            if self._looked_through > self._total_max // 8:
                break
            self._seeking = True
            self._read(swallowed)
        yield from self._taken(everything=True)
        if self._never_began is not None:
            raise self._never_began
        if self._headers is not None or self._buffer.strip():
            raise _problem("it ends before its end")

    def _read(self, part: bytes) -> None:
        """Goes through what came, header by header and block by block; a view, so that nothing is copied twice."""
        at = 0
        while at < len(part):
            if self._seeking:
                part, at = self._next_record(part[at:]), 0
            elif self._headers is not None:
                at = self._in_block(part, at)
            else:
                if not self._buffer:
                    begins = len(part) - len(part[at:].lstrip(b"\r\n"))
                    self._between, at = self._between + part[at:begins], begins
                try:
                    at = self._in_headers(part, at)
                except Refused as refused:
                    part, at = self._looked_for(refused, part[at:]), 0

    def _in_headers(self, part: bytes, at: int) -> int:
        before = len(self._buffer)
        self._buffer += part[at : at + _HEADERS_MAX]
        found = _END_OF_HEADERS.search(self._buffer, max(0, before - 3))
        try:
            if not _BEGINS.startswith(self._buffer[: len(_BEGINS)]):
                raise _problem("it does not begin with WARC/")
            if found is None and len(self._buffer) > _HEADERS_MAX:
                raise _problem(f"its headers have more than {_HEADERS_MAX} bytes")
            if found is not None:
                self._begin_block(bytes(self._buffer[: found.start()]))
        except Refused:
            del self._buffer[before:]
            raise
        if found is None:
            return at + len(self._buffer) - before
        self._buffer.clear()
        self._between = b""
        return at + found.end() - before

    def _looked_for(self, why: Refused, part: bytes) -> bytes:
        """What to look for the next record in, where none begins that could be read.

        Args:
            why: none does.
            part: what comes next, behind what is held.
        """
        if self._members and self._members.ended and self._in_member:
            self._forget()  # the member was cut behind its record, and the next one is read as its end
            self._members.give_up(why)
            return b""
        begins = bytes(self._buffer) + part
        begun = _BEGINS.startswith(begins[: len(_BEGINS)])
        if not begun and self._count == 0:
            if self._members is None:
                raise why
            self._never_began, self._count = why, 1  # where a record follows, it costs itself alone
        self._seeking = True
        if self._never_began is why:
            self._forget()
            return begins
        if begun or self._between.startswith(_ENDS) or not self._ready:
            self._lose(why, done=True)
            return begins
        begins = self._block_before() + self._between + begins
        self._buffer.clear()
        self._lose(why)
        return begins

    def _block_before(self) -> bytes:
        """What the record before took in; nothing where it is not here, or where too much was looked through."""
        data = self._ready[-1].data
        if not isinstance(data, Record) or data.cut:
            return b""
        self._looked_through += len(data.block)
        return data.block if self._looked_through <= self._total_max // 8 else b""

    def _next_record(self, data: bytes) -> bytes:
        """What there is from the beginning of the next record on."""
        data, self._sought = self._sought + data, b""
        found = _NEXT_FOR_LOST.search(data)
        if found is None:
            self._sought = data[-_NEXT_MAX:]
            return b""
        self._seeking = False
        return data[found.end() :]

    def _seek_no_more(self) -> None:
        self._seeking, self._sought = False, b""

    def _begin_block(self, lines: bytes) -> None:
        self._headers = headers_in(lines)
        length = self._headers.get("content-length", "")
        if not (length.isascii() and length.isdecimal()) or len(length) > 15:
            self._headers = None
            raise _problem("its Content-Length is missing or no number")
        self._missing = int(length)
        wanted = self._headers.get("warc-type", "").lower() in MAY_BE_PAGES
        self._keep = self._block_max if wanted else 0
        if not self._missing:
            self._end_block()

    def _in_block(self, part: bytes, at: int) -> int:
        took = min(self._missing, len(part) - at)
        if (room := self._keep - len(self._block)) > 0:
            self._block += part[at : at + min(took, room)]
        elif not self._keep:
            self._pass(part[at : at + took])
        self._missing -= took
        if not self._missing:
            self._end_block()
        return at + took

    def _pass(self, piece: bytes) -> None:
        """Looks through what is not kept: from where another record seems to begin it is, lest it was swallowed."""
        if not self._block:
            piece = self._passing + piece
            found = _NEXT.search(piece)
            self._passing = b"" if found else piece[-_NEXT_MAX:]
            piece = piece[found.start() :] if found else b""
        self._block += piece[: self._block_max - len(self._block)]

    def _end_block(self) -> None:
        headers, self._headers = self._headers or {}, None
        block, self._block, self._passing = bytes(self._block) or self._passing, bytearray(), b""
        length = int(headers["content-length"])
        cut = length > self._keep > 0
        block = block[:_HEADERS_MAX] if cut else block
        self._add(Record(headers, block, cut), len(block))
        self._in_member += 1

    def _add(self, data: Record | Refused, size: int) -> None:
        if self._never_began is not None:
            if isinstance(data, Refused):
                raise self._never_began
            self._ready.append(Item(0, self._never_began, 0))
            self._never_began = None
        self._ready.append(Item(self._count, data, size))
        self._count += 1


def headers_in(lines: bytes) -> dict[str, str]:
    """Headers by lower-case name, the first line (a version or a status) left out; of equal names the first counts."""
    headers: dict[str, str] = {}
    for line in _FOLD.sub(b" ", lines).split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(name.strip().lower().decode("latin-1"), value.strip().decode("utf-8", "replace"))
    return headers


def _problem(why: str) -> Refused:
    return Refused("unreadable", f"This is no WARC record: {why}.")
