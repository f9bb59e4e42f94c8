"""Some documents in an index in memory, and queries compiled by the same code as for the index on disk."""

from collections.abc import Sequence
from typing import Any, Final

import tantivy
from tantivy import Query

from shared.models.document import Document
from shared.search.clauses import asked
from shared.search.port import EngineQuery
from shared.search.tantivy.clauses import Clauses
from shared.search.tantivy.compiling import filters, narrowed
from shared.search.tantivy.documents import to_match
from shared.search.tantivy.schema import schema

_HEAP_BYTES: Final = 15_000_000
"""The least that the engine takes."""


class _AnyIndex:
    """Stands for every state of an index while a query is compiled that is to be asked of all: each word may be there.

    What the words weigh there is not known, and makes no difference to which documents match.
    """

    num_docs = 1

    @staticmethod
    def doc_freq(field_name: str, field_value: Any) -> int:  # noqa: ARG004  (the engine's signature)
        """Documents that have a word."""
        return 1


class TantivyBatches:
    """The `Batches` of this engine."""

    def question(self, query: EngineQuery, language: str | None) -> Query | None:
        """A query as any batch can be asked it; None where no document can match."""
        tried = (None,) if language is None else (None, language)
        sought = asked(query.tree, query.match, tried)
        if sought.whole is None:
            return None
        core = Clauses(_AnyIndex(), sought.leaves, weighed=False).compiled(sought.whole)
        return None if core is None else narrowed(core, filters(query))

    def batch(self, documents: Sequence[Document]) -> "TantivyBatch":
        """These documents, indexed in memory."""
        return TantivyBatch(documents)


class TantivyBatch:
    """Documents in memory.

    Args:
        documents: none of them twice.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        index = tantivy.Index(schema())
        writer = index.writer(_HEAP_BYTES, 1)
        for place, document in enumerate(documents):
            writer.add_document(to_match(document, place))
        writer.commit()
        index.reload()
        self._searcher = index.searcher()
        self._most = max(1, len(documents))

    def matching(self, question: object) -> frozenset[int]:
        """The places of the documents that match; ordered by a number, so that nothing is weighed."""
        assert isinstance(question, Query)
        found = self._searcher.search(question, self._most, count=False, order_by_field="external_version").hits
        return frozenset(place for place, _ in found)
