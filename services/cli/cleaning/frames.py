"""How the filter and its child processes talk: each message with its length before it."""

import struct
from typing import IO, Final

_LENGTH: Final = struct.Struct(">I")


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Sends one message; raises OSError where nobody reads any more."""
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message; None where the other side has ended, in the middle of one too."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None
