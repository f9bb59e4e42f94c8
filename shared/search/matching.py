"""The port for asking which of a few documents a query matches, without an index on disk."""

from collections.abc import Sequence
from typing import Protocol

from shared.models.document import Document
from shared.search.port import EngineQuery


class Batch(Protocol):
    """A few documents in memory."""

    def matching(self, question: object) -> frozenset[int]:
        """The places of those that match, counted from 0 in the order they were given."""


class Batches(Protocol):
    """What makes them, and the questions that they are asked."""

    def question(self, query: EngineQuery, language: str | None) -> object | None:
        """A query as any number of batches can be asked it; None where no document can match.

        Args:
            query: what is asked; only what says which documents match counts.
            language: the code of the stems that the documents have (`stemmed_as`). Stems of two languages never
                meet, so no others need be tried.
        """

    def batch(self, documents: Sequence[Document]) -> Batch:
        """These documents, to be asked."""
