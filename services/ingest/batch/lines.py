"""NDJSON: one JSON object a line (https://github.com/ndjson/ndjson-spec)."""

import re
from typing import Final

from services.ingest.batch.item import Item
from shared.errors import Refused

_BLANK: Final = b" \t\r"
_BLANK_LINES: Final = re.compile(rb"\n[ \t\r\n]*\n")


class LineSplitter:
    """Lines, cut across pieces or not, ended by LF or CR LF or the end; blank ones do not count.

    Args:
        most: bytes of a line; a longer one is not held, and is a problem in its own place.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[bytes] = []
        self._size = 0
        self._blank = True
        self._count = 0

    def feed(self, piece: bytes) -> list[Item]:
        """The lines that end in this piece."""
        # Millions of blank lines fit into a body, and each would cost as much as a line that counts.
        *ended, rest = _BLANK_LINES.sub(b"\n", piece).split(b"\n")
        items: list[Item] = []
        for part in ended:
            self._hold(part)
            items += self.end()
        self._hold(rest)
        return items

    def end(self) -> list[Item]:
        """The line that is held, unless it is blank."""
        size, line, blank = self._size, b"".join(self._held).strip(_BLANK), self._blank
        self._held, self._size, self._blank = [], 0, True
        if blank:
            return []
        return [self._item(too_long(self._most), 0) if size > self._most else self._item(line, size)]

    def _item(self, data: bytes | Refused, size: int) -> Item:
        self._count += 1
        return Item(self._count - 1, data, size)

    def _hold(self, part: bytes) -> None:
        self._size += len(part)
        self._blank = self._blank and not part.strip(_BLANK)
        if self._size > self._most:
            self._held = []
        elif not self._blank:
            self._held.append(part)


def too_long(most: int) -> Refused:
    """An item that is longer than a request of its own might be."""
    return Refused("page-too-large", f"The item has more than {most} bytes.", limit="PAGEMILL_REQUEST_MAX_BYTES")
