"""WARC and WET, cut into records without holding more of them than can be a page (ISO 28500, WARC 1.1)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from services.http.inflate import Inflater
from services.ingest.batch.item import Item
from shared.errors import Refused

_GZIP: Final = b"\x1f\x8b"
_HEADERS_MAX: Final = 64 * 1024
"""Bytes of a record's own headers, and of the HTTP headers in it."""
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_MAY_BE_PAGES: Final = frozenset({"response", "resource", "conversion"})


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
    """The records of a file; its gzip members, if it has any, are inflated under the same cap as a request's.

    Args:
        page_max: bytes of a page.
        total_max: bytes that the file may inflate to.
        ratio: how many times its size it may inflate to.
    """

    def __init__(self, page_max: int, total_max: int, ratio: int) -> None:
        self._block_max = page_max + _HEADERS_MAX
        self._total_max = total_max
        self._ratio = ratio
        self._inflater: Inflater | None = None
        self._begun = False
        self._total = 0
        self._count = 0
        self._buffer = bytearray()
        self._headers: dict[str, str] | None = None
        self._missing = 0
        self._keep = 0
        self._block = bytearray()
        self._ready: list[Item] = []

    def feed(self, piece: bytes) -> Iterator[Item]:
        """The records that end in this piece; those before a place where it cannot be read come all the same."""
        if not self._begun and piece:
            self._begun = True
            if piece[:1] == _GZIP[:1]:
                self._inflater = Inflater("gzip", self._ratio)
        try:
            for part in self._inflater.feed(piece) if self._inflater else (piece,):
                self._count_bytes(part)
                self._read(part)
                yield from self._taken()
        except Refused:
            yield from self._taken()
            raise

    def _count_bytes(self, part: bytes) -> None:
        self._total += len(part)
        if self._total > self._total_max:
            detail = f"The records inflate to more than {self._total_max} bytes."
            raise Refused("batch-too-large", detail, limit="PAGEMILL_BATCH_MAX_BYTES")

    def _taken(self) -> list[Item]:
        ready, self._ready = self._ready, []
        return ready

    def end(self) -> list[Item]:
        """Nothing: a record ends by its length."""
        if self._inflater:
            self._inflater.end()
        if self._headers is not None or self._buffer.strip():
            _refuse(self._count, "it ends before its end")
        return []

    def _read(self, part: bytes) -> None:
        """Goes through what came, header by header and block by block; a view, so that nothing is copied twice."""
        at = 0
        while at < len(part):
            at = self._in_block(part, at) if self._headers is not None else self._in_headers(part, at)

    def _in_headers(self, part: bytes, at: int) -> int:
        if not self._buffer:
            at += len(part) - at - len(part[at:].lstrip(b"\r\n"))
        before = len(self._buffer)
        self._buffer += part[at : at + _HEADERS_MAX]
        if not b"WARC/".startswith(self._buffer[:5]):
            _refuse(self._count, "it does not begin with WARC/")
        found = _END_OF_HEADERS.search(self._buffer, max(0, before - 3))
        if found is None:
            if len(self._buffer) > _HEADERS_MAX:
                _refuse(self._count, f"its headers have more than {_HEADERS_MAX} bytes")
            return at + len(self._buffer) - before
        self._begin_block(bytes(self._buffer[: found.start()]))
        self._buffer.clear()
        return at + found.end() - before

    def _begin_block(self, lines: bytes) -> None:
        self._headers = headers_in(lines)
        length = self._headers.get("content-length", "")
        if not (length.isascii() and length.isdecimal()) or len(length) > 15:
            _refuse(self._count, "its Content-Length is missing or no number")
        self._missing = int(length)
        wanted = self._headers.get("warc-type", "").lower() in _MAY_BE_PAGES
        self._keep = self._block_max if wanted else 0
        if not self._missing:
            self._end_block()

    def _in_block(self, part: bytes, at: int) -> int:
        took = min(self._missing, len(part) - at)
        if (room := self._keep - len(self._block)) > 0:
            self._block += part[at : at + min(took, room)]
        self._missing -= took
        if not self._missing:
            self._end_block()
        return at + took

    def _end_block(self) -> None:
        headers, self._headers = self._headers or {}, None
        block, self._block = bytes(self._block), bytearray()
        length = int(headers["content-length"])
        cut = length > self._keep > 0
        block = block[:_HEADERS_MAX] if cut else block
        self._ready.append(Item(self._count, Record(headers, block, cut), len(block)))
        self._count += 1


def headers_in(lines: bytes) -> dict[str, str]:
    """Headers by lower-case name, the first line (a version or a status) left out; of equal names the first counts."""
    headers: dict[str, str] = {}
    for line in lines.split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(name.strip().lower().decode("latin-1"), value.strip().decode("utf-8", "replace"))
    return headers


def _refuse(count: int, why: str) -> NoReturn:
    raise Refused("unreadable", f"Record {count} is no WARC record: {why}.")
