"""Compressed bodies, inflated piece by piece under a cap, so that a bomb is never in memory."""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import brotli
import zstandard

from shared.errors import Refused

ENCODINGS: Final = ("gzip", "zstd", "br", "deflate")
_PIECE: Final = 64 * 1024
"""Bytes that come out at once, about."""
_ZSTD_PIECE: Final = 512
"""Bytes that go into zstd at once: it cannot be stopped, and four of them may stand for 128 KiB."""
_ZSTD_WINDOW: Final = 8 * 1024 * 1024
"""RFC 9659: what a receiver of Content-Encoding zstd has to take, and need not go beyond."""
_SMALL: Final = 64 * 1024
"""Bytes that may come out whatever came in: a short page of one word compresses better than any ratio."""

_BROKEN: Final = (zlib.error, brotli.error, zstandard.ZstdError)


class _Codec(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What comes out for these bytes, a little at a time."""

    @property
    def ended(self) -> bool:
        """Whether the data could end here."""


class Inflater:
    """Inflates one body.

    Args:
        encoding: one of `ENCODINGS`.
        ratio: how many times its size a body may inflate to.
    """

    def __init__(self, encoding: str, ratio: int) -> None:
        self._codec = _CODECS[encoding]()
        self._encoding = encoding
        self._ratio = ratio
        self._in = self._out = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes out for these bytes.

        Raises:
            Refused: `inflates-too-far`, or `unreadable` where the data is broken.
        """
        self._in += len(data)
        try:
            for piece in self._codec.pieces(data):
                self._out += len(piece)
                if self._out > max(_SMALL, self._in * self._ratio):
                    raise Refused(
                        "inflates-too-far",
                        f"The body inflates to more than {self._ratio} times its size.",
                        limit="PAGEMILL_INFLATE_MAX_RATIO",
                    )
                yield piece
        except _BROKEN as error:
            raise Refused("unreadable", f"The body is no {self._encoding}: {error}") from None

    def end(self) -> None:
        """Raises Refused where the data was cut."""
        if not self._codec.ended:
            raise Refused("unreadable", f"The {self._encoding} body ends before its end: it was cut.")


class _Gzip:
    """Any number of members, as RFC 1952 has them."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._member.eof:
                data = data.lstrip(b"\0")  # tapes and some tools pad with zeros
                if not data:
                    return
                self._member, self._begun = zlib.decompressobj(wbits=31), False
            self._begun = True
            yield self._member.decompress(data, _PIECE)
            while self._member.unconsumed_tail and not self._member.eof:  # zlib keeps the tail behind an end
                yield self._member.decompress(self._member.unconsumed_tail, _PIECE)
            data = self._member.unused_data if self._member.eof else b""

    @property
    def ended(self) -> bool:
        return self._member.eof or not self._begun


class _Deflate:
    """zlib's format, as HTTP means it, or bare deflate, as some send it."""

    def __init__(self) -> None:
        self._stream: Any = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None and data:
            self._stream = zlib.decompressobj(wbits=15 if data[0] & 0x0F == 8 else -15)
        if self._stream is None or not data:
            return
        if self._stream.eof:
            raise _goes_on("deflate")
        yield self._stream.decompress(data, _PIECE)
        while self._stream.unconsumed_tail and not self._stream.eof:
            yield self._stream.decompress(self._stream.unconsumed_tail, _PIECE)
        if self._stream.unused_data or (self._stream.eof and self._stream.unconsumed_tail):
            raise _goes_on("deflate")

    @property
    def ended(self) -> bool:
        return self._stream is None or self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        if data and self._stream.is_finished():
            raise _goes_on("br")
        yield self._stream.process(data, output_buffer_limit=_PIECE)
        while not self._stream.can_accept_more_data():
            yield self._stream.process(b"", output_buffer_limit=_PIECE)

    @property
    def ended(self) -> bool:
        return not self._begun or bool(self._stream.is_finished())


class _Zstd:
    """Any number of frames."""

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame = self._decompressor.decompressobj()
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _ZSTD_PIECE):
            piece = data[at : at + _ZSTD_PIECE]
            while piece:
                if self._frame.eof:
                    self._frame = self._decompressor.decompressobj()
                self._begun = True
                yield self._frame.decompress(piece)
                piece = self._frame.unused_data if self._frame.eof else b""

    @property
    def ended(self) -> bool:
        return not self._begun or self._frame.eof


def _goes_on(encoding: str) -> Refused:
    return Refused("unreadable", f"The body goes on behind the end of its {encoding}.")


_CODECS: Final[dict[str, Callable[[], _Codec]]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
