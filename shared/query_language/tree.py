"""The syntax tree that engines compile. Positions are `(start, end)` in code points of the query text."""

from __future__ import annotations

from datetime import date
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
    """Words that stand side by side; with `slop`, each within so many words of the next, in either order."""

    kind: Literal["phrase"] = "phrase"
    words: tuple[str, ...]
    slop: int = 0
    position: Position = (0, 0)


class Prefix(Carried):
    """Every word that begins so."""

    kind: Literal["prefix"] = "prefix"
    text: str
    position: Position = (0, 0)


class Fuzzy(Carried):
    """Every word that so many letters put in, left out, changed or swapped with their neighbour make of this one."""

    kind: Literal["fuzzy"] = "fuzzy"
    text: str
    distance: int = 1
    position: Position = (0, 0)


class Dates(Carried):
    """Published in these days, UTC, both included; an end that is None is open, and not both are."""

    kind: Literal["dates"] = "dates"
    first: date | None = None
    last: date | None = None
    position: Position = (0, 0)


class Numbers(Carried):
    """A number field within these, both included; an end that is None is open, and not both are."""

    kind: Literal["numbers"] = "numbers"
    field: str
    least: int | None = None
    most: int | None = None
    position: Position = (0, 0)


class Exists(Carried):
    """Whatever has a value in this field."""

    kind: Literal["exists"] = "exists"
    field: str
    position: Position = (0, 0)


class In(Carried):
    """A part that is looked for in one field; within it, an inner field goes before."""

    kind: Literal["in"] = "in"
    field: str
    part: Node
    position: Position = (0, 0)


class Boost(Carried):
    """A part that counts so many times."""

    kind: Literal["boost"] = "boost"
    part: Node
    factor: float
    position: Position = (0, 0)


class Required(Carried):
    """A part that must match also where any word will do."""

    kind: Literal["required"] = "required"
    part: Node
    position: Position = (0, 0)


class Not(Carried):
    """What does not match the part."""

    kind: Literal["not"] = "not"
    part: Node
    position: Position = (0, 0)


class And(Carried):
    """Every part must match, whatever `match` says."""

    kind: Literal["and"] = "and"
    parts: tuple[Node, ...]
    position: Position = (0, 0)


class Or(Carried):
    """One part must match."""

    kind: Literal["or"] = "or"
    parts: tuple[Node, ...]
    position: Position = (0, 0)


class AllOf(Carried):
    """Parts side by side: every one must match, or with `match=best` any; without parts, everything does."""

    kind: Literal["all"] = "all"
    parts: tuple[Node, ...] = ()
    position: Position = (0, 0)


Node = Annotated[
    Word | Phrase | Prefix | Fuzzy | Dates | Numbers | Exists | In | Boost | Required | Not | And | Or | AllOf,
    Field(discriminator="kind"),
]

for _model in (In, Boost, Required, Not, And, Or, AllOf):
    _model.model_rebuild()


def inner(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in order; a leaf has none."""
    match node:
        case AllOf() | And() | Or():
            return node.parts
        case In() | Boost() | Required() | Not():
            return (node.part,)
        case _:
            return ()


def levels(node: Node) -> int:
    """How deep AND, OR, NOT and words side by side are nested; a single word is 0."""
    below = max(map(levels, inner(node)), default=0)
    return below + isinstance(node, AllOf | And | Or | Not)
