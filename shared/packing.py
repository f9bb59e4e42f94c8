"""How a page lies in the ledger and in the archive: one zstd frame over a JSON header and the bytes of the body."""

import struct
import threading
from typing import TypeVar

import zstandard
from pydantic_core import from_json

from shared.models.frozen import Carried
from shared.models.raw_page import Envelope, RawPage, Submission
from shared.moments import from_ms

Model = TypeVar("Model", bound=Carried)

_LENGTH = struct.Struct(">I")
_LEVEL = 3
"""0.14 ms a page; higher levels cost more than the bytes they save in the append-only file."""


class _Zstd(threading.local):
    """One pair a thread: making each takes longer than a page does, and threads may not share them."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_zstd = _Zstd()


def squeeze(data: bytes) -> bytes:
    """`data` as one zstd frame."""
    return _zstd.compressor.compress(data)


def expand(frame: bytes) -> bytes:
    """What `squeeze` was given; the frame is our own and is trusted."""
    return _zstd.decompressor.decompress(frame)


def pack(submission: Submission, body: bytes) -> bytes:
    """A page as it was sent, as one zstd frame: header length (4 bytes), submission as JSON, body.

    The version is not in it: the ledger gives one when it accepts.
    """
    header = submission.model_dump_json(exclude_defaults=True).encode()
    return squeeze(_LENGTH.pack(len(header)) + header + body)


def unpack(frame: bytes, version: int) -> RawPage:
    """The page that `pack` was given, under the version that the ledger gave it.

    A version is milliseconds x 1000 + sequence, so it dates a page whose sender did not.
    """
    data = expand(frame)
    (length,) = _LENGTH.unpack_from(data)
    end = _LENGTH.size + length
    header = from_json(data[_LENGTH.size : end])
    header.setdefault("fetched_at", from_ms(version // 1000))
    return RawPage(envelope=Envelope.model_validate({**header, "version": version}), body=data[end:])


def freeze(carried: Carried) -> bytes:
    """A CleanPage or a Document as one zstd frame of JSON; what can be derived is left out."""
    return squeeze(carried.model_dump_json(exclude_defaults=True, exclude_computed_fields=True).encode())


def thaw(kind: type[Model], frame: bytes) -> Model:
    """The value that `freeze` was given."""
    return kind.model_validate_json(expand(frame))
