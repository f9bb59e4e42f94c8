"""Text to syntax tree: words side by side and quoted phrases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from shared.errors import Refused
from shared.models.search import Mode, SearchWarning
from shared.query_language.tree import AllOf, Node, Phrase, Position, Word

_LIMIT: Final = "PAGEMILL_QUERY_MAX_CHARS"
_QUOTES: Final = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02'
"""Straight and typographic; any of them ends what any of them began, since languages pair them differently."""
_TOKEN: Final = re.compile(rf"(?P<open>[{_QUOTES}])(?P<quoted>[^{_QUOTES}]*)(?P<close>[{_QUOTES}])?|[^\s{_QUOTES}]+")


@dataclass(frozen=True)
class Parsed:
    """A query as it was understood, and what was read otherwise than it was typed."""

    tree: Node
    warnings: tuple[SearchWarning, ...] = field(default=())


def parse(text: str, *, mode: Mode = "lenient", max_chars: int = 4096) -> Parsed:
    """Reads a query. Positions are code points.

    Args:
        text: as typed; empty for everything.
        mode: `lenient` reads past mistakes and warns of them, `strict` refuses them.
        max_chars: code points at most.

    Returns:
        An `AllOf` of words and phrases in the order in which they stand.

    Raises:
        Refused: `query-too-long`; in strict mode also `query-syntax`, with the position.
    """
    if len(text) > max_chars:
        detail = f"The query has {len(text)} characters; at most {max_chars} are read."
        raise Refused("query-too-long", detail, position=(max_chars, len(text)), limit=_LIMIT)
    warnings: list[SearchWarning] = []
    parts: list[Word | Phrase] = []
    for found in _TOKEN.finditer(text):
        if not found["open"]:
            parts.append(Word(text=found[0], position=found.span()))
        elif found["close"]:
            parts += _phrase(found)
        else:
            warnings.append(_unclosed(found.span(), mode))
            parts += _words(found)
    return Parsed(AllOf(parts=tuple(parts)), tuple(warnings))


def _phrase(found: re.Match[str]) -> Iterator[Phrase]:
    words = tuple(found["quoted"].split())
    if words:
        yield Phrase(words=words, position=found.span())


def _words(found: re.Match[str]) -> Iterator[Word]:
    offset = found.start("quoted")
    for word in re.finditer(r"\S+", found["quoted"]):
        yield Word(text=word[0], position=(offset + word.start(), offset + word.end()))


def _unclosed(position: Position, mode: Mode) -> SearchWarning:
    """What is said of a quote that does not end: words are a wider net than a phrase, so they lose nothing."""
    if mode == "strict":
        raise Refused("query-syntax", "This quote is not closed.", position=position)
    detail = "This quote is not closed; what follows it was read as words."
    return SearchWarning(code="unclosed-quote", detail=detail, position=position)
