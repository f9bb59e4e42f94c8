"""Cuts text into what a person would call words, with the place of each in the text as it stands."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from shared.search.analysis.characters import APOSTROPHES, HYPHENS, INVISIBLE, UNSPACED, marks, normal

WORD_MAX_CHARS: Final = 100
"""Longer words are cut there, in documents and queries alike."""
_CACHED_CHARS: Final = 64
_RUN_MAX_CHARS: Final = 256
_JOINED_MAX: Final = 40
_SCHEME: Final = re.compile(r"\b(?:https?|ftp)://", re.IGNORECASE | re.ASCII)
_LETTER: Final = r"[^\W\d_][\u0300-\u036f]*"
_ACRONYM: Final = re.compile(rf"({_LETTER}(?:\.{_LETTER})+)(?:\.?[{APOSTROPHES}][sS])?")
_SIGNED: Final = re.compile(r"[a-z]{1,2}(?:\+\+|#)", re.IGNORECASE)
_HYPHENATED: Final = re.compile(f"[{HYPHENS}&]")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_ELIDED: Final = re.compile(
    f"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|all|dall|dell|nell|sull|un|quell|quest|sant)[{APOSTROPHES}](?=\\w\\w)",
    re.IGNORECASE,
)
"""French, Italian and Catalan words that lean on the next one: l'Ukraine, dell'arte."""
_POSSESSIVE: Final = re.compile(f"[{APOSTROPHES}][sS]$")
_INFLECTED: Final = re.compile(rf"([^\W\d_]{{4,}})[{APOSTROPHES}](?![sS]$)[^\W\d_]{{1,6}}")
"""Turkish parts a name from its endings by an apostrophe: İstanbul'da."""
_UNSPACED: Final = re.compile(f"[{UNSPACED}]+")
_PLAIN_UNSPACED: Final = re.compile(
    "[\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002a6df\uac00-\ud7a3\u0e01-\u0e32\u0e34-\u0e3a\u0e40-\u0e4e]+"
)
_CLUSTER: Final = re.compile(
    "[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|.[\u3099\u309a\uff9e\uff9f\u102e]?", re.DOTALL
)
"""Characters that Unicode may compose into one: decomposed Hangul, kana with its voicing mark, a Burmese vowel."""


class Piece(NamedTuple):
    """One word: where it stands, and its form as written (`characters.normal`)."""

    start: int
    end: int
    exact: str


class Cut(NamedTuple):
    """The words of a run of text without spaces.

    `pieces` stand side by side. `joined` stand for several of them or for part of one, and have no place of their
    own: `email` for e-mail, each character of a Chinese run, `t恤` in a longer one.
    """

    pieces: tuple[Piece, ...]
    joined: tuple[Piece, ...] = ()


@cache
def _run() -> re.Pattern[str]:
    """A word with what is tied to it: T-62, U.S., 10:30, 1,000, C++, node.js, Ukraine's."""
    word = rf"[\w{marks()}{INVISIBLE}]{{1,{_RUN_MAX_CHARS}}}"
    tie = rf"(?=\S)(?:\.?[{APOSTROPHES}]|[{HYPHENS}.&]|(?<=\d)(?:,(?=\d{{3}}(?!\d))|:(?=\d\d(?!\d))))"
    return re.compile(rf"{word}(?:{tie}{word}){{0,15}}(?:\+\+|#)?")


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(rf"(?:[^\W_]|[{marks()}{INVISIBLE}{APOSTROPHES}]|(?<=\d)[.,:](?=\d))+")


def runs(text: str) -> list[str]:
    """The runs of a text, each to be `cut`. The scheme of a URL is no word."""
    return _run().findall(_without_schemes(text))


def placed_runs(text: str) -> Iterator[re.Match[str]]:
    """The same with their places."""
    return _run().finditer(_without_schemes(text))


def cut(run: str) -> Cut:
    """The words of one run; places count from its start."""
    return _cut_cached(run) if len(run) <= _CACHED_CHARS else _cut(run)


def bounds(run: str) -> list[Piece]:
    """The words that letters or digits make with the character right before or behind them: X光, 第5, 5章.

    Such a character is in a pair with its other neighbour, so that without these words it is not found beside the
    letters.
    """
    return [
        Piece(one.start, two.end, one.exact + two.exact)
        for one, two in pairwise(_units(run))
        if one.end == two.start and unspaced(one.exact) != unspaced(two.exact) and two.end - one.start <= _JOINED_MAX
    ]


def unspaced(word: str) -> bool:
    """Whether a word begins with a character of a script without spaces."""
    return _UNSPACED.match(word) is not None


def _units(run: str) -> Iterator[Piece]:
    """The characters of scripts without spaces, and the words between them."""
    last = 0
    for found in _UNSPACED.finditer(run):
        yield from _pieces(run[last : found.start()], last)
        yield from _characters(found[0], found.start())
        last = found.end()
    yield from _pieces(run[last:], last)


def is_plain_unspaced(run: str) -> bool:
    """Whether a run is of one script without spaces and needs no normalising: its words are its pairs of characters."""
    return _PLAIN_UNSPACED.fullmatch(run) is not None


def _without_schemes(text: str) -> str:
    return _SCHEME.sub(lambda found: " " * len(found[0]), text) if "://" in text else text


def _cut(run: str) -> Cut:
    if run.isascii() and run.isalnum():
        return Cut((Piece(0, len(run), run.lower()[:WORD_MAX_CHARS]),))
    if _SIGNED.fullmatch(run):
        return Cut((Piece(0, len(run), run.lower()),))
    acronym = _ACRONYM.fullmatch(run)
    if acronym:
        return Cut((Piece(0, len(run), normal(acronym[1].replace(".", ""))),))
    if _UNSPACED.search(run):
        return _cut_unspaced(run)
    pieces = tuple(_pieces(run, 0))
    if len(pieces) > 1 and pieces[0].exact == "www":
        pieces = pieces[1:]
    return Cut(pieces, _joined(run, pieces))


_cut_cached = lru_cache(32_768)(_cut)


def _pieces(run: str, offset: int) -> Iterator[Piece]:
    for found in _piece().finditer(run):
        word = _word(found[0])
        if word:
            yield Piece(offset + found.start(), offset + found.end(), word)


def _word(written: str) -> str:
    """The form of one piece; empty where nothing of it can be read."""
    if _THOUSANDS.fullmatch(written):
        return written.replace(",", "")[:WORD_MAX_CHARS]
    bare = _ELIDED.sub("", _POSSESSIVE.sub("", written))
    word = normal(bare[:_RUN_MAX_CHARS]).rstrip(".:+#")
    begins = next((place for place, char in enumerate(word) if char.isalnum()), len(word))
    return word[begins:][:WORD_MAX_CHARS]


def _joined(run: str, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """T62 for T-62: people write either. Dates and counts are not joined."""
    if len(pieces) == 1:
        return _uninflected(run)
    if not 2 <= len(pieces) <= 4 or len(run) > _JOINED_MAX:
        return ()
    between = [run[one.end : two.start] for one, two in pairwise(pieces)]
    if not all(map(_HYPHENATED.fullmatch, between)) or all(piece.exact[0].isdigit() for piece in pieces):
        return ()
    return (Piece(pieces[0].start, pieces[-1].end, "".join(piece.exact for piece in pieces)),)


def _uninflected(run: str) -> tuple[Piece, ...]:
    found = _INFLECTED.fullmatch(run)
    return (Piece(0, len(run), normal(found[1])),) if found and run[0].isupper() else ()


def _cut_unspaced(run: str) -> Cut:
    pieces: list[Piece] = []
    joined: list[Piece] = []
    last = 0
    for found in _UNSPACED.finditer(run):
        pieces += _pieces(run[last : found.start()], last)
        chars = list(_characters(found[0], found.start()))
        pairs = [Piece(one.start, two.end, one.exact + two.exact) for one, two in pairwise(chars)]
        pieces += pairs or chars
        joined += chars if pairs else []
        last = found.end()
    pieces += _pieces(run[last:], last)
    beside = () if _UNSPACED.fullmatch(run) else bounds(run)
    return Cut(tuple(pieces), (*joined, *beside))


_normal_cluster = lru_cache(32_768)(normal)


def _characters(text: str, offset: int) -> Iterator[Piece]:
    for found in _CLUSTER.finditer(text):
        for char in _normal_cluster(found[0]):
            yield Piece(offset + found.start(), offset + found.end(), char)
