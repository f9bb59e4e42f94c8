"""WARC records side by side in a stream: a file that is not compressed, or what is in one compressed as a whole."""

import re
import zlib
from collections.abc import Iterator
from typing import IO, Final

from services.cli.posting.item import Item, problem

CHUNK: Final = 64 * 1024
HEADERS: Final = 1024 * 1024
"""Bytes that a record may have beside its page: the WARC and HTTP headers."""
_LINE_ENDS: Final = (b"\r\n", b"\n")
_ENDS: Final = (b"\r\n\r\n", b"\n\n")
"""What follows the block of a record."""
NEXT: Final = re.compile(rb"\n\r?\n(?=WARC/[01]\.\d{1,2}\r?\n)")
"""What stands before a record behind another one."""
_NEXT_FOR_LOST: Final = re.compile(
    rb"\n(?:\r?\n(?=WARC/[01]\.\d{1,2}\r?\n)|(?=WARC/[01]\.\d{1,2}\r?\n(?i:WARC|Content)-))"
)
"""The same where reading is lost: a line will do that the next one shows to be a record's."""
_NEXT_MAX: Final = 24
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TYPE: Final = re.compile(rb"^warc-type:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_MEDIA: Final = re.compile(rb"^content-type:[ \t]*([\w.+/-]+)", re.IGNORECASE | re.MULTILINE)
_OK: Final = re.compile(rb"HTTP/\d(?:\.\d)? 200\b")
_PAGES: Final = {b"text/html", b"application/xhtml+xml", b"text/plain", b"text/markdown"}
_BLANK: Final = re.compile(rb"\r?\n\r?\n")


class PlainRecords:
    """The records of a stream, each with its headers. One that cannot be read costs itself alone.

    Args:
        stream: where they are, from the beginning of a record on.
        file: what is read; how far, is told with each item.
        name: of the file, for messages.
        most: bytes of a record that is sent.
    """

    def __init__(self, stream: IO[bytes], file: IO[bytes], name: str, most: int) -> None:
        self._stream = stream
        self._file = file
        self._name = name
        self._most = most
        self._back = b""

    def items(self, number: int) -> Iterator[Item]:
        """An item for each record, from the one behind `number` on.

        A record is held back until it is seen to end where it says.

        Raises:
            ValueError: nothing here is a WARC record.
            EOFError: the file ends inside a record.
        """
        held: Item | None = None
        try:
            for item in self._records(number):
                if held is not None and item.number > held.number:
                    yield held
                held = item
        except (EOFError, OSError, zlib.error):
            if held is not None:  # what is whole is told before what cannot be read
                yield held
            raise
        if held is not None:
            yield held

    def _records(self, number: int) -> Iterator[Item]:
        """The same, but that an item may take the place of the one before, by its number."""
        body, gap = b"", b""
        first = True
        while head := self._header():
            if not head.startswith(b"WARC/"):
                if first:
                    raise ValueError("no WARC record begins here")
                at_fault = bool(body) and not gap.startswith(_ENDS)
                number += not at_fault
                self._unread(body + gap + head if at_fault else head)
                yield self._no_record(number, "is no WARC record, or has another length than it says")
                body = b""
                continue
            first, number = False, number + 1
            length = content_length(head)
            body = b"" if length is None or length > self._most else self._read(length)
            if length is None or (len(body) < length <= self._most):
                ends = length is not None and not NEXT.search(body)
                if ends:
                    raise EOFError("the file ends inside a record")
                self._unread(head + body)
                yield self._no_record(number, "has no length, or another than it says")
                body = b""
                continue
            if length > self._most:
                yield self._passed_over(head, length, number)
                continue
            gap = self._gap()
            yield Item(head + body + b"\r\n\r\n", self._tell(), number, self._file.tell())

    def _header(self) -> bytes:
        """A record's header with the blank line behind it, or a line that is none; nothing at the file's end."""
        line = self._readline()
        while line in _LINE_ENDS:
            line = self._readline()
        if not line.startswith(b"WARC/"):
            return line
        head = bytearray(line)
        while line and line not in _LINE_ENDS and len(head) <= HEADERS:
            line = self._readline()
            head += line
        if not line:
            raise EOFError("the file ends inside a record's header")
        return bytes(head)

    def _no_record(self, number: int, what: str) -> Item:
        """The problem in a record's place; what comes next is looked for behind it."""
        self._find_next()
        detail = f"record {number} of {self._name} {what}"
        return Item(b"", self._tell(), number, self._file.tell(), problem("unreadable", detail))

    def _find_next(self) -> None:
        """Goes to where the next record begins, or to the end."""
        data = b""
        while piece := self._read(CHUNK):
            data += piece
            if found := _NEXT_FOR_LOST.search(data):
                self._unread(data[found.end() :])
                return
            data = data[-_NEXT_MAX:]

    def _passed_over(self, head: bytes, length: int, number: int) -> Item:
        begins = self._tell()
        beginning = head + self._read(min(CHUNK, length))
        left = length - (len(beginning) - len(head))
        while left > 0 and (piece := self._read(min(CHUNK, left))):
            left -= len(piece)
        if left > 0:
            self._back = b""
            self._stream.seek(begins)
            self._unread(head)
            return self._no_record(number, "has another length than it says")
        return passed_over(beginning, self._name, number, self._tell(), self._file.tell())

    def _gap(self) -> bytes:
        gap = b""
        while (byte := self._read(1)) in {b"\r", b"\n"}:
            gap += byte
        self._unread(byte)
        return gap

    def _read(self, size: int) -> bytes:
        data, self._back = self._back[:size], self._back[size:]
        return data + self._stream.read(size - len(data)) if len(data) < size else data

    def _readline(self) -> bytes:
        if not self._back:
            return self._stream.readline(HEADERS)
        end = self._back.find(b"\n") + 1 or len(self._back)
        line, self._back = self._back[:end], self._back[end:]
        return line if line.endswith(b"\n") else line + self._stream.readline(HEADERS)

    def _unread(self, data: bytes) -> None:
        self._back = data + self._back

    def _tell(self) -> int:
        return self._stream.tell() - len(self._back)


def passed_over(beginning: bytes, name: str, number: int, offset: int, raw: int) -> Item:
    """In place of a record that is too large to be sent; no problem where it would not have been a page."""
    if not _may_be_a_page(beginning):
        return Item(b"", offset, number, raw)
    detail = f"record {number} of {name} is larger than a page may be"
    return Item(b"", offset, number, raw, problem("page-too-large", detail, "PAGEMILL_PAGE_MAX_BYTES"))


def content_length(head: bytes) -> int | None:
    """What a record's header says; None where it says nothing that could be."""
    found = _LENGTH.search(head)
    return int(found[1]) if found else None


def _may_be_a_page(beginning: bytes) -> bool:
    warc, _, http = beginning.partition(b"\r\n\r\n")
    kind = _TYPE.search(warc)
    if not kind or kind[1].lower() not in {b"response", b"resource", b"conversion"}:
        return False
    answered = kind[1].lower() == b"response"
    if answered and not _OK.match(http):
        return False
    headers = _BLANK.split(http, 1)[0] if answered else warc
    media = _MEDIA.search(headers)
    return not media or media[1].lower() in _PAGES
