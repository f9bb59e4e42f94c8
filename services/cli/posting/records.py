"""WARC and WET records, cut out of their file as they lie there: gzip members are not packed anew."""

import gzip
import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Final, cast

from services.cli.posting.inputs import Input
from services.cli.posting.item import Item, problem
from services.cli.posting.member_file import MemberFile
from services.cli.posting.plain_records import CHUNK, HEADERS, NEXT, PlainRecords, content_length, passed_over

_GZIP: Final = b"\x1f\x8b"
_MEMBER: Final = b"\x1f\x8b\x08"
_PROBE: Final = 512
"""Bytes of a member that show what it begins with, behind its own header."""
_BETWEEN: Final = 8
"""Bytes at most between two records of a file: two line ends, as CR LF or doubled by careless writers."""
_QUICKLY: Final = 1
"""How hard a record is packed that has to be packed anew."""
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
            yield from PlainRecords(file, file, source.name, page_max_bytes + HEADERS).items(number)
        elif _one_member_each(file):
            file.seek(offset)
            yield from _members(file, source.name, page_max_bytes + HEADERS, number)
        else:
            file.seek(0)
            inflated = cast("IO[bytes]", gzip.GzipFile(fileobj=file))
            inflated.seek(offset)
            yield from PlainRecords(inflated, file, source.name, page_max_bytes + HEADERS).items(number)


@dataclass
class _Member:
    """One gzip member as it is being read."""

    inflater: "zlib._Decompress" = field(default_factory=lambda: zlib.decompressobj(wbits=31))
    raw: bytearray = field(default_factory=bytearray)
    head: bytes = b""
    inflated: int = 0

    @property
    def behind(self) -> int:
        """Bytes behind its first record, as far as it has been read; less than 0 where that is not whole."""
        blank = _BLANK.search(self.head)
        if blank is None:
            return -1 if self.head.startswith(b"WARC/") else 0
        length = content_length(self.head[: blank.end()])
        return 0 if length is None else self.inflated - blank.end() - length

    @property
    def holds_more(self) -> bool:
        """Whether there is another record behind its first one."""
        return bool(NEXT.search(self.head)) or self.behind > _BETWEEN

    def feed(self, data: bytes, most: int) -> bytes:
        """Takes bytes of the file in; gives back those behind the member's end. What inflates too far is not kept."""
        self.raw += data
        while data and not self.inflater.eof:
            piece = self.inflater.decompress(data, HEADERS)
            data = self.inflater.unconsumed_tail
            self.inflated += len(piece)
            self.head += piece[: max(0, CHUNK - len(self.head))]
        behind = self.inflater.unused_data
        if self.inflated > most:
            self.raw.clear()
        elif behind:
            del self.raw[-len(behind) :]
        return behind


def _members(file: IO[bytes], name: str, most: int, number: int) -> Iterator[Item]:
    rest = b""
    while rest := (rest.lstrip(b"\0") or file.read(CHUNK)):
        number += 1
        begins = file.tell() - len(rest)
        try:
            member, rest = _member(file, rest, most)
        except (zlib.error, EOFError) as error:
            if (at := _next_member(file, begins + 1)) is None:
                raise
            rest = b""
            detail = f"record {number} of {name} is in a gzip member that is broken: {error}"
            yield Item(b"", at, number, at, problem("unreadable", detail))
            continue
        at, raw = file.tell() - len(rest), file.tell()
        if not member.inflated:  # as bgzip ends its files
            number -= 1
        elif member.holds_more:
            for item in _in_member(MemberFile(file, begins, at), name, most, number):
                number = item.number
                yield item
            file.seek(at)
            rest = b""
        elif member.inflated > most:
            yield passed_over(member.head, name, number, at, raw)
        else:
            yield Item(bytes(member.raw), at, number, raw)


def _in_member(packed: MemberFile, name: str, most: int, number: int) -> Iterator[Item]:
    """The records of a member that holds several; where it is cut between them, it is gone on with from its beginning.

    The first has the number that is given.
    """
    held: Item | None = None
    try:
        inflated = cast("IO[bytes]", gzip.GzipFile(fileobj=packed))
        for item in PlainRecords(inflated, cast("IO[bytes]", packed), name, most).items(number - 1):
            if held is not None:
                yield held
            data = gzip.compress(item.data, _QUICKLY) if item.data else b""
            held = replace(item, data=data, offset=packed.begins, raw=packed.ends)
    except (EOFError, ValueError) as error:
        last = number if held is None else held.number + 1
        if held is not None:
            yield held
        detail = f"record {last} of {name} cannot be read: {error}"
        held = Item(b"", packed.ends, last, packed.ends, problem("unreadable", detail))
    if held is not None:
        yield replace(held, offset=packed.ends)


def _member(file: IO[bytes], rest: bytes, most: int) -> tuple[_Member, bytes]:
    """One member, and what was read of the file behind it."""
    member = _Member()
    while not member.inflater.eof:
        if not rest:
            raise EOFError("the file ends inside a record")
        rest = member.feed(rest, most)
        if not member.inflater.eof:
            rest = file.read(CHUNK)
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


def _is_gzip(file: IO[bytes]) -> bool:
    return file.read(2) == _GZIP


def _one_member_each(file: IO[bytes]) -> bool:
    """Whether the first gzip member ends where its record does; else the file was compressed as a whole."""
    file.seek(0)
    member = _Member()
    while not member.inflater.eof and (data := file.read(CHUNK)):
        try:
            member.feed(data, 0)
        except zlib.error:
            return True  # broken: the members behind it are looked for
        if member.holds_more:
            return False
    return not member.inflater.eof or member.behind >= 0
