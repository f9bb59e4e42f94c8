"""How many documents parts of a query match by themselves."""

from typing import Final

from services.query.asking import engine_query
from shared.models.document import Document
from shared.models.explanation import ExplainedClause, ExplainedWord
from shared.models.search import MatchUsed, Total
from shared.models.search_query import SearchQuery
from shared.query_language.tree import AllOf, Boost, In, Node, Required, inner
from shared.query_language.writing import text_of
from shared.search.port import EngineQuery, SearchIndex

COUNTS_MAX: Final = 64
"""Parts that are counted; the engine is asked for each."""


class Counting:
    """Asks for counts under the filters of one query.

    Args:
        index: what is searched.
        query: what was asked; only its filters and ranges matter.
    """

    def __init__(self, index: SearchIndex, query: SearchQuery) -> None:
        self._index = index
        kept = {"facets": (), "histogram": None, "fold": None, "snippet": False, "freshness": None, "sort": "newest"}
        self._query = query.model_copy(update=kept)
        self._left = COUNTS_MAX

    def total(self, tree: Node, match: MatchUsed = "all") -> Total:
        """How many documents a tree matches."""
        return self._index.search(self._asked(tree, match, 0)).total

    def documents(self, tree: Node, size: int) -> tuple[Document, ...]:
        """Some documents that a tree matches."""
        return tuple(hit.document for hit in self._index.search(self._asked(tree, "all", size)).hits)

    def explained(self, node: Node, scope: str | None = None) -> ExplainedClause:
        """A part with its own parts, and how many documents each matches."""
        scope = node.field if isinstance(node, In) else scope
        counted = self._counted(node, scope)
        parts = tuple(self.explained(part, scope) for part in inner(node))
        return ExplainedClause(
            kind=node.kind,
            text=text_of(node),
            position=node.position,
            field=scope or getattr(node, "field", None),
            documents=counted,
            words=() if parts else self._words(node, scope),
            parts=parts,
        )

    def _counted(self, node: Node, scope: str | None) -> int | None:
        """A field, a boost and a plus change nothing of how many there are: what they are about is counted once."""
        if isinstance(node, Boost | Required):
            return self._counted(node.part, scope)
        if self._left <= 0:
            return None
        self._left -= 1
        return self.total(_in(node, scope)).value

    def _words(self, node: Node, scope: str | None) -> tuple[ExplainedWord, ...]:
        return self._index.words(self._asked(_in(node, scope), "all", 0))

    def _asked(self, tree: Node, match: MatchUsed, size: int) -> EngineQuery:
        top = tree if isinstance(tree, AllOf) else AllOf(parts=(tree,))
        return engine_query(self._query.model_copy(update={"size": size}), top, match)


def _in(node: Node, scope: str | None) -> Node:
    return In(field=scope, part=node) if scope and not isinstance(node, In) else node
