"""Where a text has words that matter to a query, found without looking at every word of it."""

import re
import string
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from shared.search.analysis.words import runs

_PLAIN: Final = string.ascii_letters + string.digits
_EDGES: Final = ".,;:!?\"'()[]{}\u2018\u2019\u201c\u201d\u00ab\u00bb\u2026\u2013\u2014"
"""Signs that are no part of a run at either end of what white space parts; a hyphen or `#` may be."""
_ALONE_MAX_CHARS: Final = 64


class Span(NamedTuple):
    """A piece of a text."""

    start: int
    end: int


class _Judged(dict[str, bool]):
    """Whether what stands between white space has a run that matters, remembered from text to text."""

    def __init__(self, matters: Callable[[str], bool]) -> None:
        super().__init__()
        self._matters = matters

    def __missing__(self, token: str) -> bool:
        alone = token.strip(_EDGES)
        if alone.isalnum() and len(alone) <= _ALONE_MAX_CHARS:
            found = self._matters(alone)
        else:
            found = any(map(self._matters, runs(token)))
        self[token] = found
        return found


class Bearing:
    """Finds them; made once for a query and used on its hits.

    A run (`words.runs`) never spans white space, so each piece between white space is judged by itself, and once for
    all the times that it is there.

    Args:
        matters: whether a run is one that is looked for.
        initials: what a run of plain letters and digits begins with if it matters; None where that may be anything.
    """

    def __init__(self, matters: Callable[[str], bool], initials: frozenset[str] | None) -> None:
        self._judged = _Judged(matters)
        self._tokens = str.split if initials is None else _tokens_but(initials)

    def spans(self, text: str) -> list[Span]:
        """The pieces between white space that have a run that matters, in order."""
        judged = self._judged
        found = [token for token in set(self._tokens(text)) if token and judged[token]]
        return sorted(span for token in found for span in _spans(text, token))


def _spans(text: str, token: str) -> Iterator[Span]:
    """Where a token stands between white space, or at an end of the text."""
    at = text.find(token)
    while at >= 0:
        end = at + len(token)
        if (not at or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield Span(at, end)
        at = text.find(token, end)


@lru_cache(maxsize=4096)
def _tokens_but(letters: frozenset[str]) -> Callable[[str], list[str]]:
    """What parts a text at white space; plain words that begin with none of `letters` become one empty string."""
    others = "".join(each for each in _PLAIN if each not in letters)
    if not others:
        return str.split
    passed = rf"(?:[{others}][{_PLAIN}]*+[.,;:!?]?\s++)++"
    return re.compile(rf"{passed}|(\S+)").findall
