from __future__ import annotations

from typing import Literal

from shared.models.frozen import Carried
from shared.models.search import MatchUsed, SearchWarning, Took, Total

Position = tuple[int, int]
BlameReason = Literal["nowhere", "together", "filters"]
OfferKind = Literal["spelling", "without", "without-filters"]


class WordForm(Carried):
    """A word as it is indexed.

    Args:
        language: whose stem it is; None for the word as it is written, and folded where that differs.
        form: the word.
        documents: how many documents have it; None where the engine does not tell.
    """

    language: str | None
    form: str
    documents: int | None = None


class ExplainedWord(Carried):
    """What became of one word: case and signs are gone, and each language tried has its own stem."""

    word: str
    forms: tuple[WordForm, ...] = ()


class ExplainedClause(Carried):
    """A part of the tree.

    Args:
        kind: as in docs/query-language.md: `word`, `phrase`, `or` and so on.
        text: as it was understood.
        position: where it stands in `q`.
        field: the field that it is looked for in; None for all that is read.
        documents: how many documents it matches by itself, under the filters; None where there are too many parts.
        words: what became of its words.
        parts: its own parts, in order.
    """

    kind: str
    text: str
    position: Position
    field: str | None = None
    documents: int | None = None
    words: tuple[ExplainedWord, ...] = ()
    parts: tuple[ExplainedClause, ...] = ()


class Blame(Carried):
    """Why there are no hits: a part that nothing matches, or that goes together with none of the others."""

    text: str
    position: Position
    reason: BlameReason
    detail: str


class Offer(Carried):
    """Another query, which has hits."""

    q: str
    kind: OfferKind
    documents: int


class Explanation(Carried):
    """How a query was understood, and where it has no hits, why."""

    q: str
    """As it was understood, in the plainest way to write it."""
    match: MatchUsed
    total: Total
    tree: ExplainedClause
    blame: tuple[Blame, ...] = ()
    offers: tuple[Offer, ...] = ()
    warnings: tuple[SearchWarning, ...] = ()
    took_ms: Took


ExplainedClause.model_rebuild()
