"""NDJSON: one JSON object a line (https://github.com/ndjson/ndjson-spec)."""

from typing import Final

from services.ingest.batch.item import Item
from shared.errors import Refused

_BLANK: Final = b" \t\r"


class LineSplitter:
    """Lines, cut across pieces or not, ended by LF or CR LF or the end; blank ones do not count.

    Args:
        most: bytes of a line; a longer one is not held, and is a problem in its own place.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[bytes] = []
        self._size = 0
        self._count = 0

    def feed(self, piece: bytes) -> list[Item]:
        """The lines that end in this piece."""
        *ended, rest = piece.split(b"\n")
        items: list[Item] = []
        for part in ended:
            self._hold(part)
            items += self.end()
        self._hold(rest)
        return items

    def end(self) -> list[Item]:
        """The line that is held, unless it is blank."""
        size, line = self._size, b"".join(self._held).strip(_BLANK)
        self._held, self._size = [], 0
        if size > self._most:
            return [self._item(too_long(self._most), 0)]
        return [self._item(line, size)] if line else []

    def _item(self, data: bytes | Refused, size: int) -> Item:
        self._count += 1
        return Item(self._count - 1, data, size)

    def _hold(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most:
            self._held = []
        elif part:
            self._held.append(part)


def too_long(most: int) -> Refused:
    """An item that is longer than a request of its own might be."""
    return Refused("page-too-large", f"The item has more than {most} bytes.", limit="PAGEMILL_REQUEST_MAX_BYTES")
