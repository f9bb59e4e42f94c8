"""What a query asks for, taken apart into words with all the forms that they may be indexed under."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from shared.models.search import MatchUsed
from shared.query_language.tree import AllOf, Node, Phrase, Word
from shared.search.analysis.stems import stems_of
from shared.search.analysis.words import Cut, Piece, cut, placed_runs

WORDS_MAX: Final = 512
"""Words of one query; those after them are left out."""
_TIE: Final = re.compile(r"[-./:@&=%+~_#?]{1,2}")
"""What makes one thing of several runs: a URL, and/or, user@host."""
_TELLING: Final = 3
"""Letters from which on a part of a longer thing is worth looking for by itself."""


class Slot(NamedTuple):
    """One word: as it was typed, and its stems in the languages tried, in their order."""

    exact: str
    stems: tuple[str, ...]


class Leaf(NamedTuple):
    """One thing to look for: words side by side, most often one; `joined` is the word that they make without hyphen."""

    slots: tuple[Slot, ...]
    joined: Slot | None = None


class Asked(NamedTuple):
    """The leaves of a query in order; `cut` where there were more words than `WORDS_MAX`."""

    leaves: tuple[Leaf, ...]
    cut: bool = False


def asked(tree: Node, used: MatchUsed, languages: Sequence[str | None]) -> Asked:
    """Takes a tree apart.

    Args:
        tree: as parsed; what has no letter and no digit asks for nothing.
        used: for `best`, things of several words are looked for part by part, too.
        languages: tags whose stems are tried; None for words as they are indexed without a language.
    """
    found: list[Leaf] = []
    words = 0
    for leaf in _leaves(tree, used, languages):
        words += len(leaf.slots)
        if words > WORDS_MAX:
            return Asked(tuple(found), cut=True)
        found.append(leaf)
    return Asked(tuple(found))


def _leaves(tree: Node, used: MatchUsed, languages: Sequence[str | None]) -> Iterator[Leaf]:
    match tree:
        case AllOf():
            for part in tree.parts:
                yield from _leaves(part, used, languages)
        case Phrase():
            cuts = [cut for group in _groups(" ".join(tree.words)) for cut in group]
            yield from _whole(cuts, languages)
        case Word():
            for group in _groups(tree.text):
                yield from _whole(group, languages)
                if used == "best":
                    yield from _parts(group, languages)


def _groups(text: str) -> Iterator[list[Cut]]:
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


def _whole(cuts: Sequence[Cut], languages: Sequence[str | None]) -> Iterator[Leaf]:
    pieces = [piece for cut in cuts for piece in cut.pieces]
    if pieces:
        alone = len(cuts) == 1 and len(cuts[0].joined) == 1
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
    return Slot(piece.exact, tuple(stems_of(language).stem(piece.exact) for language in languages))
