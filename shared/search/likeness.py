"""What both engines hold of documents that speak of the same as another one."""

from collections.abc import Iterable
from typing import Final

from shared.models.document import Document
from shared.search.port import EngineHit

TERMS: Final = 150
"""The most telling words of a document, by which others are found."""
SHARE: Final = 0.05
"""How many of them another must have."""
CANDIDATES: Final = 50
"""How many that share most are weighed by their length."""
_LENGTH: Final = 0.2
"""The power of its length that what a document shares is divided by: a long one has some of any words."""
_SHORTEST: Final = 20
_READ_CHARS: Final = 20_000


def told(document: Document) -> str:
    """The text by which others are found; its title counts twice."""
    return " ".join(filter(None, (document.title, document.title, document.standfirst, document.text)))[:_READ_CHARS]


def nearest(found: Iterable[tuple[float, Document]], size: int) -> tuple[EngineHit, ...]:
    """The first `size` by what they share for their length; `found` has the engine's scores."""
    weighed = ((score / max(_SHORTEST, len(document.text)) ** _LENGTH, document) for score, document in found)
    ordered = sorted(weighed, key=lambda one: (-one[0], one[1].id))
    return tuple(EngineHit(id=document.id, score=score, document=document) for score, document in ordered[:size])
