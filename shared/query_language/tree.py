"""The syntax tree that engines compile. Positions are `(start, end)` in code points of the query text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.models.frozen import Carried

Position = tuple[int, int]


class Word(Carried):
    """One word, to be found in any of its forms."""

    kind: Literal["word"] = "word"
    text: str
    position: Position = (0, 0)


class Phrase(Carried):
    """Words that stand side by side."""

    kind: Literal["phrase"] = "phrase"
    words: tuple[str, ...]
    position: Position = (0, 0)


class AllOf(Carried):
    """Every part must match; without parts, everything does."""

    kind: Literal["all"] = "all"
    parts: tuple[Node, ...] = ()


Node = Annotated[Word | Phrase | AllOf, Field(discriminator="kind")]

AllOf.model_rebuild()
