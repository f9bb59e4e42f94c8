"""A whole text as an index takes it: words parted by spaces, so that an engine needs no analysis of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import chain, pairwise
from typing import Final, NamedTuple

from shared.search.analysis.languages import stemmed_as
from shared.search.analysis.stems import Stems, stems_of
from shared.search.analysis.words import cut, is_plain_unspaced, runs

_REMEMBERED: Final = 50_000
_REMEMBERED_CHARS: Final = 64


class Written(NamedTuple):
    """A text's words; index the second of each pair as another value, behind a gap, so that no phrase spans both.

    `stems` and `exact` follow the text word by word. `joined_stems` and `joined_exact` hold what stands for several
    words or for part of one (see `words.Cut`), each once, the former also the stems that accented words have without
    their accents; single characters of a run without spaces are in the latter alone: they are looked for as they are
    written, and would make such texts look half as long again as they are.
    """

    stems: str
    exact: str
    joined_stems: str
    joined_exact: str


_Run = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""A run's stems and its words as written, each parted by spaces; the words that it joins; and the stems that accented
words have without their accents, where these are others."""


class _Runs(dict[str, _Run]):
    """The runs of one language as they are indexed, remembered: a page is made of words that were seen before.

    A dictionary that fills itself is twice as fast here as `lru_cache`; it starts anew when it is full.
    """

    def __init__(self, stems: Stems) -> None:
        super().__init__()
        self.stem = stems.stem
        self._plain = stems.plain

    def __missing__(self, run: str) -> _Run:
        if len(run) > 1 and is_plain_unspaced(run):
            pairs = " ".join([one + two for one, two in pairwise(run)])
            return pairs, pairs, tuple(run), ()  # hardly ever seen again
        made = self._made(run)
        if len(run) <= _REMEMBERED_CHARS:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[run] = made
        return made

    def _made(self, run: str) -> _Run:
        pieces, joined = cut(run)
        words = [piece.exact for piece in pieces]
        found = list(map(self.stem, words))
        plain = () if run.isascii() else tuple(form for form in map(self._plain, words) if form not in found)
        return " ".join(found), " ".join(words), tuple(piece.exact for piece in joined), plain


@cache
def _runs_in(code: str | None) -> _Runs:
    return _Runs(stems_of(code))


_remembered: ContextVar[dict[tuple[str, str | None], Written] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """While it lasts a text is taken apart once, however many ask: what is indexed is matched right after it."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def written(text: str, language: str | None) -> Written:
    """A text in a language (a tag, or None) as it is indexed."""
    remembered = _remembered.get()
    if remembered is None:
        return _written(text, stemmed_as(language))
    key = text, stemmed_as(language)
    if key not in remembered:
        remembered[key] = _written(*key)
    return remembered[key]


def _written(text: str, code: str | None) -> Written:
    known = _runs_in(code)
    found = [known[run] for run in runs(text)]
    if not found:
        return Written("", "", "", "")
    stems, exact, joins, plains = zip(*found, strict=True)
    joined = dict.fromkeys(chain.from_iterable(filter(None, joins)))
    several = (word for word in joined if not is_plain_unspaced(word))
    beside = chain(map(known.stem, several), dict.fromkeys(chain.from_iterable(filter(None, plains))))
    return Written(" ".join(stems), " ".join(exact), " ".join(beside), " ".join(joined))
