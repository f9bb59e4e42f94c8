"""Parquet, compressed with zstd: typed columns for those who compute.

The library pulls batches and writes until they end, in one call; so that call has a thread of its own, which is handed
a page, and gives back what it has written when it asks for the next.
"""

import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from typing import IO, Any, Final, cast

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema, list_array
from arro3.io import write_parquet

from services.query.exports.columns import COLUMNS, Column
from shared.models.document import Document
from shared.moments import to_us

_COMPRESSION: Final = "zstd(3)"
_GROUP_CHARS: Final = 8_000_000
"""A group of rows is held until it is whole, so it has about so many characters of text, as the first page tells."""
_GROUP_ROWS: Final = (64, 10_000)
_TEXT: Final = DataType.utf8()
_TEXTS: Final = DataType.list(Field("item", _TEXT))
_WHOLE: Final = DataType.int64()
_INSTANT: Final = DataType.timestamp("us", tz="UTC")
_TYPES: Final = {"whole": _WHOLE, "moment": _INSTANT, "list": _TEXTS}
SCHEMA: Final = Schema([Field(column.name, _TYPES.get(column.kind, _TEXT)) for column in COLUMNS])


class _AbandonedError(Exception):
    """Nobody wants the rest."""


class ParquetCoder:
    """Groups of rows, and what tells of them at the end of the file."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[RecordBatch | BaseException | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._written = _Written()
        self._writer: threading.Thread | None = None

    def page(self, documents: Sequence[Document], *, first: bool, last: bool) -> bytes:  # noqa: ARG002  (the thread is there or not)
        """What was written when the page was taken: often nothing yet, since groups are written whole."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, args=[_rows(documents)], name="parquet", daemon=True)
            self._writer.start()
        if documents:
            self._hand(_batch(documents))
        if last:
            self._hand(None)
        return self._written.taken()

    def close(self) -> None:
        """Ends the thread."""
        if self._writer is not None and self._writer.is_alive():
            self._asked.put(_AbandonedError())
            self._writer.join()

    def _hand(self, batch: RecordBatch | None) -> None:
        """Hands one batch over, None for the end, and waits until it is written."""
        self._asked.put(batch)
        error = self._done.get()
        if error is not None:
            raise error

    def _write(self, rows: int) -> None:
        try:
            batches = RecordBatchReader.from_batches(SCHEMA, self._batches())
            write_parquet(batches, cast("IO[bytes]", self._written), compression=_COMPRESSION, max_row_group_size=rows)
        except BaseException as error:  # noqa: BLE001  (told to whoever waits)
            self._done.put(error)
        else:
            self._done.put(None)

    def _batches(self) -> Iterator[RecordBatch]:
        while (batch := self._asked.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch
            self._done.put(None)


class _Written:
    """A file that is read as it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Takes bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def seek(self, *_: object) -> int:
        """The library wants it to be there, and never goes back."""
        raise NotImplementedError

    def taken(self) -> bytes:
        """What was written since this was asked last."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _rows(documents: Sequence[Document]) -> int:
    """Rows of a group."""
    mean = sum(len(document.text) for document in documents) // max(1, len(documents))
    least, most = _GROUP_ROWS
    return min(most, max(least, _GROUP_CHARS // max(1, mean)))


def _batch(documents: Sequence[Document]) -> RecordBatch:
    return RecordBatch.from_arrays([_array(column, documents) for column in COLUMNS], schema=SCHEMA)


def _array(column: Column, documents: Sequence[Document]) -> Any:
    values = [column.value(document) for document in documents]
    match column.kind:
        case "list":
            return _lists(values)
        case "moment":
            return Array([None if value is None else to_us(value) for value in values], _WHOLE).cast(_INSTANT)
        case "whole":
            return Array(values, _WHOLE)
        case _:
            return Array(values, _TEXT)


def _lists(values: Sequence[Sequence[str]]) -> Any:
    ends = [0]
    for value in values:
        ends.append(ends[-1] + len(value))
    flat = [text for value in values for text in value]
    return list_array(Array(ends, DataType.int32()), Array(flat, _TEXT), type=_TEXTS)
