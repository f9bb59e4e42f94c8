"""Texts in pieces, so that a template escapes each of them and marks those that matter."""

import re
from html import unescape
from typing import NamedTuple

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


class Piece(NamedTuple):
    """Some text, and whether it is what was looked for."""

    text: str
    marked: bool


class Pointed(NamedTuple):
    """Something that is said of a query, and the query around the place that is meant; `at` may be empty."""

    detail: str
    before: str | None = None
    at: str = ""
    after: str = ""
    start: int = 0
    end: int = 0


def snippet_pieces(snippet: str | None) -> list[Piece]:
    """A snippet as text: it says that it is safe HTML, and is not believed."""
    parts = _MARK.split(snippet or "")
    return [Piece(unescape(part), bool(at % 2)) for at, part in enumerate(parts) if part]


def pointed(detail: str, q: str, position: tuple[int, int] | None) -> Pointed:
    """What is said, with the place in `q`; positions count code points."""
    if position is None:
        return Pointed(detail)
    start, end = position
    return Pointed(detail, q[:start], q[start:end], q[end:], start, end)
