"""A JSON array, cut into its elements without parsing it whole."""

import re
from collections.abc import Iterator
from typing import Final, NoReturn

from services.ingest.batch.item import Item
from services.ingest.batch.lines import too_long
from shared.errors import Refused

_SIGN = re.compile(rb'["\[\]{},]')
_IN_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BLANK: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"


class ArraySplitter:
    """The elements of one array, as bytes; whether each is JSON is found out where it is read.

    Args:
        most: bytes of an element; a longer one is not held, and is a problem in its own place.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._depth = 0
        self._in_string = self._escaped = False
        self._done = False
        self._held: list[bytes] = []
        self._size = 0
        self._count = 0
        self._ready: list[Item] = []

    def feed(self, piece: bytes) -> Iterator[Item]:
        """The elements that end in this piece; those before a place where it cannot be read come all the same."""
        at = 0
        try:
            while at < len(piece):
                at = self._string(piece, at) if self._in_string else self._outside(piece, at)
        finally:
            ready, self._ready = self._ready, []
            yield from ready

    def end(self) -> list[Item]:
        """Nothing: an array ends with its bracket."""
        if not self._done:
            _refuse("it ends before its end")
        return []

    def _string(self, piece: bytes, begin: int) -> int:
        """Goes to the end of the string, or of the piece; where reading goes on."""
        if self._escaped:
            self._escaped = False
            self._hold(piece[begin : begin + 1])
            return begin + 1
        found = _IN_STRING.match(piece, begin)
        stop = found.end() if found else begin
        if stop < len(piece):
            self._in_string = piece[stop : stop + 1] != b'"'
            self._escaped = self._in_string  # stopped at a backslash, the last byte of the piece
        self._hold(piece[begin : stop + 1])
        return stop + 1

    def _outside(self, piece: bytes, begin: int) -> int:
        """Goes behind the next sign that matters; where reading goes on."""
        found = _SIGN.search(piece, begin)
        stop = found.start() if found else len(piece)
        self._hold(piece[begin:stop])
        if found:
            self._sign(found.group())
        return stop + 1

    def _sign(self, sign: bytes) -> None:
        if self._depth == 0:
            self._open(sign)
        elif self._depth == 1 and sign in {b",", b"]"}:
            self._close_element(last=sign == b"]")
        else:
            self._in_string = sign == b'"'
            self._depth += (sign in b"[{") - (sign in b"]}")
            if self._depth == 0:
                _refuse("its brackets do not match")
            self._hold(sign)

    def _open(self, sign: bytes) -> None:
        if sign != b"[" or self._done or b"".join(self._held).strip(_BLANK) not in {b"", _BOM}:
            _refuse("more follows its end" if self._done else "it does not begin with a bracket")
        self._held, self._size = [], 0
        self._depth = 1

    def _close_element(self, *, last: bool) -> None:
        size, text = self._size, b"".join(self._held).strip(_BLANK)
        self._held, self._size = [], 0
        if size > self._most:
            self._add(too_long(self._most), 0)
        elif text:
            self._add(text, size)
        elif not last or self._count:
            _refuse("an element is missing between two commas")
        if last:
            self._depth, self._done = 0, True

    def _add(self, data: bytes | Refused, size: int) -> None:
        self._ready.append(Item(self._count, data, size))
        self._count += 1

    def _hold(self, part: bytes) -> None:
        if self._depth == 0 and part.strip(_BLANK) not in (b"" if self._done else _BOM):
            _refuse("more follows its end" if self._done else "it does not begin with a bracket")
        self._size += len(part)
        if self._size > self._most:
            self._held = []
        elif part:
            self._held.append(part)


def _refuse(why: str) -> NoReturn:
    raise Refused("unreadable", f"The body is no JSON array: {why}.")
