"""What a query asks for, taken apart into words with all the forms that they may be indexed under."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from shared.search.analysis.stems import stems_of
from shared.search.analysis.words import Cut, Piece, bounds, cut, placed_runs, unspaced

_TIE: Final = re.compile('[-./:@&=%+~_#?"\u05f4]{1,2}')
"""What makes one thing of several runs: a URL, and/or, user@host, an acronym in Hebrew."""
_TELLING: Final = 3
"""Letters from which on a part of a longer thing is worth looking for by itself."""


Form = Literal["word", "prefix", "fuzzy", "near"]


class Slot(NamedTuple):
    """One word: as it was typed, and its stems in the languages tried, in their order.

    Behind these come those that it has in the same languages without its accents.
    """

    exact: str
    stems: tuple[str, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The stems that it has as it was typed."""
        return self.stems[: len(self.stems) // 2]


class Leaf(NamedTuple):
    """One thing to look for: words side by side, most often one.

    Args:
        slots: the words.
        joined: the word that they make without their hyphen.
        field: the query language's name of the one field that is looked in; None for all that is read.
        form: `prefix`, the last word is the beginning of one; `fuzzy`, `amount` of its letters may be wrong; `near`,
            `amount` words may stand between two neighbours, which may be turned round.
        amount: see `form`.
    """

    slots: tuple[Slot, ...]
    joined: Slot | None = None
    field: str | None = None
    form: Form = "word"
    amount: int = 0

    @property
    def plain(self) -> bool:
        """Whether it is looked for as it stands, and everywhere."""
        return self.field is None and self.form == "word"


def whole_words(text: str, languages: Sequence[str | None]) -> Iterator[Leaf]:
    """The things that a word as typed is about: one, but for `a,b`."""
    for group in groups(text):
        yield from whole(group, languages)


def parts_of(text: str, languages: Sequence[str | None]) -> Iterator[Leaf]:
    """The same, and the telling parts of those of several words."""
    for group in groups(text):
        yield from whole(group, languages)
        yield from _parts(group, languages)


def phrase(words: Iterable[str], languages: Sequence[str | None]) -> Iterator[Leaf]:
    """Words side by side; none where they have no letter and no digit."""
    yield from whole([cut for group in groups(" ".join(words)) for cut in group], languages)


def groups(text: str) -> Iterator[list[Cut]]:
    """Runs that are tied together, without white space or a comma between them."""
    group: list[Cut] = []
    end = 0
    for run in placed_runs(text):
        if group and not _TIE.fullmatch(text, end, run.start()):
            yield group
            group = []
        group.append(cut(run[0]))
        end = run.end()
    if group:
        yield group


def within_a_run(text: str, languages: Sequence[str | None]) -> tuple[Leaf, ...]:
    """What a longer run has that this one stands in, all of it; nothing where that is the run as it is.

    第5章 begins and ends with a character that makes a pair with its neighbour there: 第5 and 5章 tell that they stand
    beside the digit. What is between is looked for side by side.
    """
    found = [run[0] for run in placed_runs(text)]
    pieces = cut(found[0]).pieces if len(found) == 1 else ()
    if len(pieces) < 3:
        return ()
    beside = bounds(found[0])
    first = [piece for piece in beside[:1] if _single(pieces[0]) and piece.start == pieces[0].start]
    last = [piece for piece in beside[-1:] if _single(pieces[-1]) and piece.end == pieces[-1].end]
    inner = pieces[len(first) : len(pieces) - len(last)]
    core = [Leaf(_slots(inner, languages))] if len(inner) > 1 else []
    return tuple(core + [Leaf((_slot(piece, languages),)) for piece in first + last]) if first or last else ()


def _single(piece: Piece) -> bool:
    return len(piece.exact) == 1 and unspaced(piece.exact)


def whole(cuts: Sequence[Cut], languages: Sequence[str | None]) -> Iterator[Leaf]:
    """One leaf of all these runs; none where they have no word."""
    pieces = [piece for cut in cuts for piece in cut.pieces]
    if pieces:
        alone = len(cuts) == 1 and len(cuts[0].joined) == 1 and cuts[0].joined[0].end == pieces[-1].end
        joined = _slot(cuts[0].joined[0], languages) if alone else None
        yield Leaf(_slots(pieces, languages), joined)


def _parts(cuts: Sequence[Cut], languages: Sequence[str | None]) -> Iterator[Leaf]:
    pieces = [piece for cut in cuts for piece in cut.pieces]
    if len(pieces) > 1:
        for piece in pieces:
            if len(piece.exact) >= _TELLING or not piece.exact.isascii():
                yield Leaf((_slot(piece, languages),))


def _slots(pieces: Iterable[Piece], languages: Sequence[str | None]) -> tuple[Slot, ...]:
    return tuple(_slot(piece, languages) for piece in pieces)


def _slot(piece: Piece, languages: Sequence[str | None]) -> Slot:
    known = [stems_of(language) for language in languages]
    stems = tuple(stems.stem(piece.exact) for stems in known)
    plain = stems if piece.exact.isascii() else tuple(stems.plain(piece.exact) for stems in known)
    return Slot(piece.exact, stems + plain)
