"""What writes documents as the bytes of a file: the same bytes for the same pages, each time."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, Protocol

from shared.models.document import Document

FormatName = Literal["ndjson", "csv", "parquet"]


class Coder(Protocol):
    """Writes one file, from its first page to its last."""

    def page(self, documents: Sequence[Document], *, first: bool, last: bool) -> bytes:
        """The bytes of one page; with the first come those of the file's beginning, with the last those of its end."""

    def close(self) -> None:
        """Lets go what is held, wherever in the file it is."""


class Format(NamedTuple):
    """One kind of file.

    Args:
        media_type: its Content-Type.
        suffix: of the file's name.
        coder: makes what writes it.
        by_page: whether a page's bytes are the same whatever was written before, so that writing can begin anywhere.
    """

    media_type: str
    suffix: str
    coder: Callable[[], Coder]
    by_page: bool
