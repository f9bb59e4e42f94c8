"""Cuts an input into items, one after the other, in flat memory."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Final, cast

from services.cli.failure import CommandFailed
from services.cli.posting.inputs import PAGES, Input
from services.cli.posting.item import Item, problem
from services.cli.posting.records import records_of

_CHUNK: Final = 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Reading:
    """How items are read.

    Args:
        page_max_bytes: the services' limit of a page.
        line_max_bytes: the services' limit of an item as it is sent.
        rename: what a line goes through before it is sent; None: as it is.
        url: of the page, where a single file is posted.
    """

    page_max_bytes: int
    line_max_bytes: int
    rename: Callable[[bytes], bytes] | None = None
    url: str | None = None


def items_of(source: Input, reading: Reading, stdin: IO[bytes], offset: int = 0, number: int = 0) -> Iterator[Item]:
    """The items of one input from an offset on; what cannot be read is an item with a problem, and the last one."""
    at = Item(b"", offset, number, 0)
    try:
        for at in _cut(source, reading, stdin, offset, number):
            yield at
    except (OSError, EOFError, zlib.error, ValueError) as error:
        where = f" on behind item {at.number}" if at.number else ""
        detail = f"{source.name} cannot be read{where}: {getattr(error, 'strerror', None) or error}"
        yield Item(b"", at.offset, at.number + 1, at.raw, problem("unreadable", detail))


def _cut(source: Input, reading: Reading, stdin: IO[bytes], offset: int, number: int) -> Iterator[Item]:
    if source.trouble:
        return _untouched(source, offset)
    if source.kind == "page":
        return _page(source, reading, offset)
    if source.kind == "records":
        return records_of(source, reading.page_max_bytes, offset, number)
    return _lines(source, reading, stdin, offset, number)


def _untouched(source: Input, offset: int) -> Iterator[Item]:
    if not offset:
        yield Item(b"", 1, 1, 0, problem("unreadable", f"{source.name} cannot be read: {source.trouble}"))


def _page(source: Input, reading: Reading, offset: int) -> Iterator[Item]:
    if offset or source.path is None:
        return
    if source.size > reading.page_max_bytes:
        detail = f"{source.name} has {source.size} bytes, and a page may have {reading.page_max_bytes}"
        too_large = problem("page-too-large", detail, "PAGEMILL_PAGE_MAX_BYTES")
        yield Item(b"", source.size or 1, 1, source.size, too_large)
        return
    page = {
        "body": base64.b64encode(source.path.read_bytes()).decode(),
        "content_type": PAGES[source.path.suffix.lower()],
    }
    if reading.url:
        page["url"] = reading.url
    yield Item(json.dumps(page).encode() + b"\n", source.size or 1, 1, source.size)


def _lines(source: Input, reading: Reading, stdin: IO[bytes], offset: int, number: int) -> Iterator[Item]:
    with _opened(source, stdin, offset) as (stream, raw):
        for line, length in lines_of(stream, reading.line_max_bytes):
            offset += length
            number += 1
            if line is None:
                detail = f"line {number} of {source.name} has {length} bytes, more than {reading.line_max_bytes}"
                yield Item(b"", offset, number, raw(), problem("page-too-large", detail, "PAGEMILL_REQUEST_MAX_BYTES"))
                continue
            text = (line.removeprefix(_BOM) if number == 1 else line).strip()
            if text:
                yield Item((reading.rename(text) if reading.rename else text) + b"\n", offset, number, raw())


def lines_of(stream: IO[bytes], most: int) -> Iterator[tuple[bytes | None, int]]:
    """The lines of a stream and their lengths; one with more than `most` bytes is not held, and None stands for it."""
    while line := stream.readline(most + 1):
        if len(line) <= most or line.endswith(b"\n"):
            yield line, len(line)
        else:
            yield None, len(line) + _skip_line(stream)


def _skip_line(stream: IO[bytes]) -> int:
    skipped = 0
    while piece := stream.readline(_CHUNK):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


@contextmanager
def _opened(source: Input, stdin: IO[bytes], offset: int) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
    """The stream of an input from an offset on, and what tells how far the file itself has been read."""
    with ExitStack() as stack:
        if source.path is None:
            _skip(stdin, offset)
            yield stdin, lambda: 0
            return
        file = stack.enter_context(source.path.open("rb"))
        if source.path.suffix.lower() == ".gz":
            inflated = cast("IO[bytes]", gzip.GzipFile(fileobj=file))
            _skip(inflated, offset)
            yield inflated, file.tell
        else:
            file.seek(offset)
            yield file, file.tell


def _skip(stream: IO[bytes], count: int) -> None:
    while count > 0:
        passed = len(stream.read(min(count, _CHUNK)))
        if not passed:
            raise CommandFailed(
                "the input is shorter than what was answered of it before", "post it anew with --restart"
            )
        count -= passed
