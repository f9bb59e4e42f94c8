"""NDJSON: a document a line, as `/v1/documents/ID` has it."""

from collections.abc import Sequence
from typing import Final

from shared.models.document import Document

MEDIA_TYPE: Final = "application/x-ndjson"


class NdjsonCoder:
    """Lines."""

    def page(self, documents: Sequence[Document], *, first: bool, last: bool) -> bytes:  # noqa: ARG002  (nothing but lines)
        """A line for each document."""
        return "".join(f"{document.model_dump_json()}\n" for document in documents).encode()

    def close(self) -> None:
        """Holds nothing."""
