"""WARC and WET records, cut out of their file as they lie there: gzip members are not packed anew."""

import gzip
import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final, cast

from services.cli.posting.inputs import Input
from services.cli.posting.item import Item, problem

_GZIP: Final = b"\x1f\x8b"
_MEMBER: Final = b"\x1f\x8b\x08"
_PROBE: Final = 512
"""Bytes of a member that show what it begins with, behind its own header."""
_CHUNK: Final = 64 * 1024
_HEADERS: Final = 1024 * 1024
"""Bytes that a record may have beside its page: the WARC and HTTP headers."""
_BETWEEN: Final = 8
"""Bytes at most between two records of a file: two line ends, as CR LF or doubled by careless writers."""
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TYPE: Final = re.compile(rb"^warc-type:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_MEDIA: Final = re.compile(rb"^content-type:[ \t]*([\w.+/-]+)", re.IGNORECASE | re.MULTILINE)
_OK: Final = re.compile(rb"HTTP/\d(?:\.\d)? 200\b")
_PAGES: Final = {b"text/html", b"application/xhtml+xml", b"text/plain", b"text/markdown"}
_BLANK: Final = re.compile(rb"\r?\n\r?\n")


def records_of(source: Input, page_max_bytes: int, offset: int, number: int) -> Iterator[Item]:
    """The records of a WARC or WET file, each with its headers.

    Args:
        source: a file; compressed record by record, as a whole, or not at all.
        page_max_bytes: records that hold more are not sent, and are a problem if they could have been a page.
        offset: where a record begins; in what the file inflates to, if it is compressed as a whole.
        number: of the record before it.

    Raises:
        ValueError, EOFError, zlib.error: there is no whole record from here on.
    """
    if source.path is None:
        return
    with source.path.open("rb") as file:
        if not _is_gzip(file):
            file.seek(offset)
            yield from _plain_records(file, file, source.name, page_max_bytes + _HEADERS, number)
        elif _one_member_each(file):
            file.seek(offset)
            yield from _members(file, source.name, page_max_bytes + _HEADERS, number)
        else:
            file.seek(0)
            inflated = cast("IO[bytes]", gzip.GzipFile(fileobj=file))
            inflated.seek(offset)
            yield from _plain_records(inflated, file, source.name, page_max_bytes + _HEADERS, number)


def _plain_records(stream: IO[bytes], file: IO[bytes], name: str, most: int, number: int) -> Iterator[Item]:
    while head := _header(stream):
        number += 1
        length = _content_length(head)
        if length > most:
            beginning = head + stream.read(_CHUNK)
            stream.seek(length - (len(beginning) - len(head)), 1)
            yield _passed_over(beginning, name, number, stream.tell(), file.tell())
            continue
        body = stream.read(length)
        if len(body) < length:
            raise EOFError("the file ends inside a record")
        yield Item(head + body + b"\r\n\r\n", stream.tell(), number, file.tell())


def _header(stream: IO[bytes]) -> bytes:
    """A record's WARC header with the blank line behind it; nothing at the file's end."""
    line = stream.readline(_HEADERS)
    while line in {b"\r\n", b"\n"}:
        line = stream.readline(_HEADERS)
    if line and not line.startswith(b"WARC/"):
        raise ValueError("no WARC record begins here")
    head = bytearray(line)
    while line and line not in {b"\r\n", b"\n"}:
        line = stream.readline(_HEADERS)
        head += line
        if len(head) > _HEADERS:
            raise ValueError("a record's header does not end")
    if head and not line:
        raise EOFError("the file ends inside a record's header")
    return bytes(head)


@dataclass
class _Member:
    """One gzip member as it is being read."""

    inflater: "zlib._Decompress" = field(default_factory=lambda: zlib.decompressobj(wbits=31))
    raw: bytearray = field(default_factory=bytearray)
    head: bytes = b""
    inflated: int = 0

    def feed(self, data: bytes, most: int) -> bytes:
        """Takes bytes of the file in; gives back those behind the member's end. What inflates too far is not kept."""
        self.raw += data
        while data and not self.inflater.eof:
            piece = self.inflater.decompress(data, _HEADERS)
            data = self.inflater.unconsumed_tail
            self.inflated += len(piece)
            self.head += piece[: max(0, _CHUNK - len(self.head))]
        behind = self.inflater.unused_data
        if self.inflated > most:
            self.raw.clear()
        elif behind:
            del self.raw[-len(behind) :]
        return behind


def _members(file: IO[bytes], name: str, most: int, number: int) -> Iterator[Item]:
    rest = b""
    while rest := (rest.lstrip(b"\0") or file.read(_CHUNK)):
        number += 1
        begins = file.tell() - len(rest)
        try:
            member, rest = _member(file, rest, most)
        except zlib.error as error:
            if (at := _next_member(file, begins + 1)) is None:
                raise
            rest = b""
            detail = f"record {number} of {name} is in a gzip member that is broken: {error}"
            yield Item(b"", at, number, at, problem("unreadable", detail))
            continue
        at, raw = file.tell() - len(rest), file.tell()
        if member.inflated > most:
            yield _passed_over(member.head, name, number, at, raw)
        else:
            yield Item(bytes(member.raw), at, number, raw)


def _member(file: IO[bytes], rest: bytes, most: int) -> tuple[_Member, bytes]:
    """One member, and what was read of the file behind it."""
    member = _Member()
    while not member.inflater.eof:
        if not rest:
            raise EOFError("the file ends inside a record")
        rest = member.feed(rest, most)
        if not member.inflater.eof:
            rest = file.read(_CHUNK)
    return member, rest


def _next_member(file: IO[bytes], offset: int) -> int | None:
    """Where the next member that holds a record begins; the file is left there."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(_MEMBER, offset)
        while at >= 0 and not _begins_a_record(data[at : at + _PROBE]):
            at = data.find(_MEMBER, at + 1)
    if at < 0:
        return None
    file.seek(at)
    return at


def _begins_a_record(member: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(member, 5) == b"WARC/"
    except zlib.error:
        return False


def _passed_over(beginning: bytes, name: str, number: int, offset: int, raw: int) -> Item:
    """In place of a record that is too large to be sent; no problem where it would not have been a page."""
    if not _may_be_a_page(beginning):
        return Item(b"", offset, number, raw)
    detail = f"record {number} of {name} is larger than a page may be"
    return Item(b"", offset, number, raw, problem("page-too-large", detail, "PAGEMILL_PAGE_MAX_BYTES"))


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


def _content_length(head: bytes) -> int:
    found = _LENGTH.search(head)
    if not found:
        raise ValueError("a record has no Content-Length")
    return int(found[1])


def _is_gzip(file: IO[bytes]) -> bool:
    return file.read(2) == _GZIP


def _one_member_each(file: IO[bytes]) -> bool:
    """Whether the first gzip member ends where its record does; else the file was compressed as a whole."""
    file.seek(0)
    member = _Member()
    while not member.inflater.eof and (data := file.read(_CHUNK)):
        try:
            member.feed(data, 0)
        except zlib.error:
            return True  # broken: the members behind it are looked for
        blank = _BLANK.search(member.head)
        if blank and member.inflated > blank.end() + _content_length(member.head[: blank.end()]) + _BETWEEN:
            return False
    return True
