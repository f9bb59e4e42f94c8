"""The gzip members of a file (RFC 1952), each inflated under its own cap; one that is broken is passed over."""

import zlib
from collections.abc import Iterator
from typing import Final

from shared.errors import Refused

_MAGIC: Final = b"\x1f\x8b\x08"
_PIECE: Final = 64 * 1024
"""Bytes that come out at once, at most."""
_STEP: Final = 4 * 1024
"""Bytes that go in at once: what a call would have given before it fails is lost."""
_SMALL: Final = 64 * 1024
"""Bytes that a member may inflate to whatever its size."""
_PROBE: Final = 512
"""Bytes of a member that show what it begins with, behind its own header."""

_WINDOW: Final = 256 * 1024
"""Bytes of a member that are looked through again where it turns out to be broken."""

Part = bytes | Refused | None


class Members:
    """Inflates a file member by member.

    Args:
        ratio: how many times its size a member may inflate to.
        begins: what every member begins with, inflated: how the one behind a broken one is known.
    """

    def __init__(self, ratio: int, begins: bytes) -> None:
        self._ratio = ratio
        self._begins = begins
        self._data = b""
        self._member: zlib._Decompress | None = None
        self._in = self._out = 0
        self._seen = b""
        self._broken: Refused | None = None
        self.ended = 0
        """Members that were whole."""

    def feed(self, data: bytes) -> Iterator[Part]:
        """What comes out for these bytes: pieces of members, None behind each one's end.

        In place of what is left of a member that is broken, or inflates too far, comes its problem, once the next one
        is found.
        """
        self._data += data
        yield from self._parts(final=False)

    def end(self) -> Iterator[Part]:
        """The same for what was held back.

        Raises:
            Refused: the file ends within a member, or no other one comes behind one that is broken.
        """
        yield from self._parts(final=True)
        if self._broken is not None:
            raise self._broken
        if self._member is not None:
            raise Refused("unreadable", "The gzip body ends before its end: it was cut.")

    def _parts(self, *, final: bool) -> Iterator[Part]:
        while self._data:
            if self._broken is None:
                yield from self._inflated()
            elif self._next_begins(final=final):
                broken, self._broken = self._broken, None
                yield broken
            else:
                return

    def _inflated(self) -> Iterator[Part]:
        data, self._data = self._data, b""
        if self._member is None:
            data = data.lstrip(b"\0")  # tapes and some tools pad with zeros
            if not data:
                return
            self._member, self._in, self._out, self._seen = zlib.decompressobj(wbits=31), 0, 0, b""
        self._seen = (self._seen + data)[-_WINDOW:]
        self._in += len(data)
        try:
            yield from self._pieces(self._member, data)
        except zlib.error as error:
            self.give_up(Refused("unreadable", f"The gzip member is broken: {error}."))
        except Refused as refused:
            self.give_up(refused)

    def _pieces(self, member: "zlib._Decompress", data: bytes) -> Iterator[Part]:
        at = 0
        while at < len(data) and not member.eof:
            piece = member.decompress(data[at : at + _STEP], _PIECE)
            at = min(at + _STEP, len(data)) - len(member.unconsumed_tail) - len(member.unused_data)
            self._out += len(piece)
            if self._out > max(_SMALL, self._in * self._ratio):
                detail = f"The gzip member inflates to more than {self._ratio} times its size."
                raise Refused("inflates-too-far", detail, limit="PAGEMILL_INFLATE_MAX_RATIO")
            yield piece
            if self._member is not member:
                return
        if member.eof:
            self._member, self._data = None, data[at:]
            self.ended += 1
            yield None

    def give_up(self, why: Refused) -> None:
        """Ends the member at hand, also where its reader finds that what comes out is none of it.

        The next one is looked for from its second byte on: it may have been cut, and run into others.
        """
        self._broken, self._member = why, None
        self._data = self._seen[1:]

    def _next_begins(self, *, final: bool) -> bool:
        """Whether a member begins in what is there; what lies before it is let go."""
        at = self._data.find(_MAGIC)
        while at >= 0:
            if len(self._data) - at < _PROBE and not final:
                self._data = self._data[at:]
                return False
            if _beginning(self._data[at : at + _PROBE], len(self._begins)) == self._begins:
                self._data = self._data[at:]
                return True
            at = self._data.find(_MAGIC, at + 1)
        self._data = b"" if final else self._data[1 - len(_MAGIC) :]
        return False


def _beginning(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, size)
    except zlib.error:
        return b""
