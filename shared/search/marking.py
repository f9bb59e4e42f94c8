"""Where a text has what a query asks for, in any of its forms."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from shared.search.analysis.alike import Alike
from shared.search.analysis.beginnings import beginning
from shared.search.analysis.characters import folded
from shared.search.analysis.languages import BEGINS_ANEW, stemmed_as
from shared.search.analysis.stems import MARK, Stems, stems_of
from shared.search.analysis.words import Piece, cut, placed_runs
from shared.search.bearing import Bearing
from shared.search.leaves import Leaf

_REMEMBERED: Final = 20_000
_REMEMBERED_CHARS: Final = 64


class Mark(NamedTuple):
    """A leaf of the query, found at `start` to `end`."""

    start: int
    end: int
    leaf: int


class _Seen(NamedTuple):
    """A word of a leaf: the number of its run, and its place."""

    run: int
    start: int
    end: int


class _Run(NamedTuple):
    """A run that matters: how many stood before it where that is counted, and its place."""

    number: int
    start: int
    text: str


_Role = tuple[int, int]
"""The number of a leaf, and of its slot."""


class _Forms(dict[str, tuple[str, ...]]):
    """All forms of the words in a run of text, in one language, remembered from query to query."""

    def __init__(self, stems: Stems) -> None:
        super().__init__()
        self.stem = stems.stem
        self.plain = stems.plain

    def __missing__(self, run: str) -> tuple[str, ...]:
        pieces, joined = cut(run)
        exact = [piece.exact for piece in (*pieces, *joined)]
        forms = tuple({*exact, *map(self.stem, exact), *map(self.plain, exact)})
        if len(run) <= _REMEMBERED_CHARS:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[run] = forms
        return forms


@cache
def _forms_in(code: str | None) -> _Forms:
    return _Forms(stems_of(code))


def _begun(typed: str) -> tuple[str, str]:
    """What words begin with that this is the beginning of."""
    return typed, folded(typed)


def _initials(wanted: Iterable[str], code: str | None) -> frozenset[str] | None:
    """Letters that a run of plain letters and digits begins with if it has a wanted form; None where any might.

    Most words of a text can be passed over by their first letter.
    """
    if code in BEGINS_ANEW:
        return None
    firsts = {form.rpartition(MARK)[2][:1] for form in wanted}
    return frozenset(firsts | {first.upper() for first in firsts})


class Marker:
    """Finds leaves in texts of one language; made once for a query and used on its hits."""

    def __init__(self, leaves: Sequence[Leaf], language: str | None) -> None:
        self._forms = _forms_in(stemmed_as(language))
        self._stem = self._forms.stem
        self._plain = self._forms.plain
        self._lengths = [len(leaf.slots) for leaf in leaves]
        self._exact: dict[str, set[_Role]] = {}
        self._stems: dict[str, set[_Role]] = {}
        self._joined: dict[str, set[int]] = {}
        self._open: list[tuple[Callable[[str], object], _Role]] = []
        self._opened: dict[str, frozenset[_Role]] = {}
        self._near = {number: leaf.amount + 1 for number, leaf in enumerate(leaves) if leaf.form == "near"}
        for number, leaf in enumerate(leaves):
            self._learn(number, leaf)
        self._wanted = {*self._exact, *self._stems, *self._joined}
        begun = {form for leaf in leaves if leaf.form == "prefix" for form in _begun(leaf.slots[-1].exact)}
        typos = any(leaf.form == "fuzzy" for leaf in leaves)
        initials = None if typos else _initials(self._wanted | begun, stemmed_as(language))
        self._bearing = Bearing(self._matters, initials)
        self._phrases = any(length > 1 for length in self._lengths)

    def marks(self, text: str) -> Iterator[Mark]:
        """The marks of a text; a phrase is one mark, and those of one leaf come in order."""
        begun: dict[_Role, int] = {}
        seen: dict[_Role, _Seen] = {}
        for run in self._counted(text) if self._near else self._picked(text):
            if run is None:
                begun = {}
                continue
            pieces, joined = cut(run.text)
            for piece in pieces:
                begun = yield from self._continued(begun, piece, run.start)
                if self._near:
                    yield from self._met(seen, piece, run.number, run.start)
            for piece in joined or pieces:
                yield from self._alone(piece, run.start, joined=bool(joined))

    def _counted(self, text: str) -> Iterator[_Run | None]:
        """The runs that matter, each with its number; None for each of the others."""
        for number, found in enumerate(placed_runs(text)):
            yield _Run(number, found.start(), found[0]) if self._matters(found[0]) else None

    def _picked(self, text: str) -> Iterator[_Run | None]:
        """The same without numbers, and with one None for all others that stand between two of them."""
        read = 0
        for start, end in self._bearing.spans(text):
            if self._phrases and next(placed_runs(text[read:start]), None):
                yield None
            for found in placed_runs(text[start:end]):
                yield _Run(0, start + found.start(), found[0]) if self._matters(found[0]) else None
            read = end

    def _matters(self, run: str) -> bool:
        if len(run) <= _REMEMBERED_CHARS and run.isascii() and run.isalnum():  # most are, and have no other forms
            exact = run.lower()
            forms: tuple[str, ...] = exact, self._stem(exact)
        else:
            forms = self._forms[run]
        return not self._wanted.isdisjoint(forms) or bool(self._open and any(map(self._roles_as_written, forms)))

    def _continued(self, begun: dict[_Role, int], piece: Piece, offset: int) -> Generator[Mark, None, dict[_Role, int]]:
        """The marks that end with this piece; where those began that want a next one."""
        going: dict[_Role, int] = {}
        for leaf, slot in self._roles(piece):
            if leaf in self._near:
                continue
            start = offset + piece.start if slot == 0 else begun.get((leaf, slot), -1)
            if start >= 0 and slot + 1 == self._lengths[leaf]:
                yield Mark(start, offset + piece.end, leaf)
            elif start >= 0:
                going[leaf, slot + 1] = start
        return going

    def _met(self, seen: dict[_Role, _Seen], piece: Piece, run: int, offset: int) -> Iterator[Mark]:
        """The marks of two words that are near each other, once the second one is read."""
        for leaf, slot in self._roles(piece):
            if leaf not in self._near:
                continue
            here = _Seen(run, offset + piece.start, offset + piece.end)
            for neighbour in (slot - 1, slot + 1):
                there = seen.get((leaf, neighbour))
                if there and here.start > there.start and run - there.run <= self._near[leaf]:
                    yield Mark(there.start, there.end, leaf)
                    yield Mark(here.start, here.end, leaf)
            seen[leaf, slot] = here

    def _alone(self, piece: Piece, offset: int, *, joined: bool) -> Iterator[Mark]:
        """The marks of a piece by itself: email where e-mail is asked for, and the other way round."""
        leaves = {*self._joined.get(piece.exact, ()), *self._joined.get(self._stem(piece.exact), ())}
        if joined:
            leaves |= {leaf for leaf, _ in self._roles(piece) if self._lengths[leaf] == 1}
        for leaf in sorted(leaves):
            yield Mark(offset + piece.start, offset + piece.end, leaf)

    def _learn(self, number: int, leaf: Leaf) -> None:
        for place, slot in enumerate(leaf.slots):
            if leaf.form == "prefix" and place + 1 == len(leaf.slots):
                self._open.append((re.compile(beginning(slot.exact)).match, (number, place)))
                continue
            if leaf.form == "fuzzy":
                self._open.append((Alike(slot.exact, leaf.amount), (number, place)))
            self._exact.setdefault(slot.exact, set()).add((number, place))
            for stem in slot.stems:
                self._stems.setdefault(stem, set()).add((number, place))
        if leaf.joined:
            for form in (leaf.joined.exact, *leaf.joined.stems):
                self._joined.setdefault(form, set()).add(number)

    def _roles(self, piece: Piece) -> set[_Role]:
        roles = {*self._exact.get(piece.exact, ()), *self._stems.get(self._stem(piece.exact), ())}
        if not piece.exact.isascii():
            roles.update(self._stems.get(self._plain(piece.exact), ()))
        return roles | self._roles_as_written(piece.exact) if self._open else roles

    def _roles_as_written(self, word: str) -> frozenset[_Role]:
        """The roles of beginnings, and of words that some letters may be wrong in."""
        found = self._opened.get(word)
        if found is None:
            found = self._opened[word] = frozenset(role for fits, role in self._open if fits(word))
        return found
