"""A syntax tree as engines compile it: leaves with all their forms, and how they belong together.

A condition (a range, a site, a language, an author or another name, and whatever is made of these alone) holds
always, also where any word will do, and tells nothing of how well a document matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from shared.hosts import ascii_host
from shared.models.search import MatchUsed
from shared.query_language import tree
from shared.query_language.tree import AllOf, Node
from shared.search.analysis.characters import UNSPACED, normal
from shared.search.fields import keyword
from shared.search.labels import LABELLED
from shared.search.leaves import Leaf, Slot, parts_of, phrase, whole_words, within_a_run

WORDS_MAX: Final = 512
"""Words of one query; those after them are left out."""
_WHOLE: Final = frozenset({"site", "language"})
"""Fields whose values are matched whole."""
_UNSPACED: Final = re.compile(f"[{UNSPACED}]$")
_ADDRESS: Final = re.compile(r"https?://\S+|(?:[\w-]+\.)+[^\W\d_]{2,63}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
"""A page's address, or a host with or without a path."""
_SHOWN: Final = frozenset({None, "text", "exact"})
"""Fields whose words a snippet can show."""


class Condition(NamedTuple):
    """What a document is or is not.

    Args:
        field: the name in the table of fields.
        value: it has this one; with `prefix`, one that begins so; None for any.
        least: a day or a number that it is not below.
        most: one that it is not above.
        prefix: see `value`.
    """

    field: str
    value: str | None = None
    least: date | int | None = None
    most: date | int | None = None
    prefix: bool = False


class Weighted(NamedTuple):
    """A clause that counts so many times; a condition then tells how well a document matches."""

    clause: Clause
    factor: float


class Group(NamedTuple):
    """Clauses that belong together.

    Args:
        parts: what is wanted.
        every: whether all of it is needed, else any.
        needed: what must match besides.
        barred: what must not.
        optional: whether none of `parts` need match, since `needed` does.
    """

    parts: tuple[Clause, ...] = ()
    every: bool = True
    needed: tuple[Clause, ...] = ()
    barred: tuple[Clause, ...] = ()
    optional: bool = False


Clause = Leaf | Condition | Weighted | Group


class Asked(NamedTuple):
    """What a query asks for.

    Args:
        whole: all of it; None where there is nothing that could be looked for.
        leaves: what is looked for as it stands and everywhere, in order.
        marked: what a snippet can show.
        sought: every leaf, also those that must not match.
        scored: whether documents differ in how well they match.
        cut: whether there were more words than `WORDS_MAX`.
    """

    whole: Group | None
    leaves: tuple[Leaf, ...] = ()
    marked: tuple[Leaf, ...] = ()
    sought: tuple[Leaf, ...] = ()
    scored: bool = False
    cut: bool = False


def asked(node: Node, used: MatchUsed, languages: Sequence[str | None]) -> Asked:
    """Takes a tree apart.

    Args:
        node: as parsed; what has no letter and no digit asks for nothing.
        used: for `best`, things of several words are looked for part by part, too.
        languages: tags whose stems are tried; None for words as they are indexed without a language.
    """
    reader = _Reader(used, languages)
    top = node if isinstance(node, AllOf) else AllOf(parts=(node,))
    whole = reader.side_by_side(top, None)
    if not (whole.parts or whole.needed or whole.barred) and top.parts:
        return Asked(None)
    found = [leaf for leaf, barred in leaves_of(whole) if not barred]
    return Asked(
        whole,
        leaves=tuple(leaf for leaf in found if leaf.plain),
        marked=tuple(leaf for leaf in found if leaf.field in _SHOWN),
        sought=tuple(leaf for leaf, _ in leaves_of(whole)),
        scored=_scores(whole),
        cut=reader.words > WORDS_MAX,
    )


def leaves_of(clause: Clause, *, barred: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """The leaves of a clause in order, and whether each must not match."""
    match clause:
        case Leaf():
            yield clause, barred
        case Weighted():
            yield from leaves_of(clause.clause, barred=barred)
        case Group():
            for part in (*clause.parts, *clause.needed):
                yield from leaves_of(part, barred=barred)
            for part in clause.barred:
                yield from leaves_of(part, barred=not barred)


def narrows(clause: Clause) -> bool:
    """Whether a clause is a condition."""
    match clause:
        case Leaf():
            return clause.field in LABELLED and clause.field != "title"
        case Weighted():
            return narrows(clause.clause)
        case Group():
            return all(map(narrows, (*clause.parts, *clause.needed, *clause.barred)))
        case Condition():
            return True


def _scores(clause: Clause) -> bool:
    match clause:
        case Leaf():
            return clause.form != "prefix" and not narrows(clause)
        case Weighted():
            return True
        case Group():
            return any(map(_scores, (*clause.parts, *clause.needed)))
        case Condition():
            return False


class _Reader:
    """Reads nodes, and counts words."""

    def __init__(self, used: MatchUsed, languages: Sequence[str | None]) -> None:
        self._best = used == "best"
        self._languages = languages
        self.words = 0

    def side_by_side(self, node: AllOf, scope: str | None) -> Group:
        """What stands side by side: all of it is needed, or for `best` any."""
        parts: list[Clause] = []
        needed: list[Clause] = []
        barred: list[Clause] = []
        required = False
        for part in node.parts:
            match part:
                case tree.Not() if not isinstance(part.part, tree.Not):
                    barred += self._barred(part, scope)
                case tree.Required():
                    required = True
                    needed += self._one(part.part, scope)
                case _:
                    for clause in self._several(part, scope):
                        (needed if narrows(clause) else parts).append(clause)
        every = not self._best
        return Group(tuple(parts), every, tuple(needed), tuple(barred), optional=required and not every)

    def _several(self, node: Node, scope: str | None) -> Iterator[Clause]:
        """A node as what it is about; for `best` a word's parts are, too."""
        if isinstance(node, tree.Word):
            yield from self._word(node, scope, parts=self._best and scope is None)
        else:
            yield from self._one(node, scope)

    def _one(self, node: Node, scope: str | None) -> list[Clause]:
        """A node as one clause, or none."""
        match node:
            case tree.AllOf() | tree.And() | tree.Or() | tree.Not():
                return _grouped(self._group(node, scope))
            case tree.Required():
                return self._one(node.part, scope)
            case tree.In():
                return self._one(node.part, node.field)
            case tree.Boost():
                return [Weighted(clause, node.factor) for clause in self._one(node.part, scope)]
            case _:
                return _together(self._leaf(node, scope))

    def _group(self, node: AllOf | tree.And | tree.Or | tree.Not, scope: str | None) -> Group:
        match node:
            case tree.AllOf():
                return self.side_by_side(node, scope)
            case tree.And():
                return self._every(node.parts, scope)
            case tree.Or():
                parts = tuple(clause for part in node.parts for clause in self._one(part, scope))
                return Group(parts, every=False)
            case tree.Not(part=tree.Not() as twice):
                return Group(tuple(self._one(twice.part, scope)))
            case tree.Not():
                return Group(barred=tuple(self._barred(node, scope)))

    def _barred(self, node: tree.Not, scope: str | None) -> list[Clause]:
        """What must not match: all of a group together, whatever is enough elsewhere."""
        best, self._best = self._best, False
        found = self._one(node.part, scope)
        self._best = best
        return found

    def _every(self, parts: Iterable[Node], scope: str | None) -> Group:
        wanted: list[Clause] = []
        barred: list[Clause] = []
        for part in parts:
            if isinstance(part, tree.Not) and not isinstance(part.part, tree.Not):
                barred += self._barred(part, scope)
            else:
                wanted += self._one(part, scope)
        return Group(tuple(wanted), barred=tuple(barred))

    def _leaf(self, node: Node, scope: str | None) -> Iterator[Clause]:
        match node:
            case tree.Word():
                yield from self._word(node, scope)
            case tree.Phrase():
                yield from self._phrase(node, scope)
            case tree.Prefix():
                yield from self._prefix(node, scope)
            case tree.Fuzzy():
                yield from self._fuzzy(node, scope)
            case tree.Dates():
                yield Condition("date", least=node.first, most=node.last)
            case tree.Numbers():
                yield Condition(node.field, least=node.least, most=node.most)
            case tree.Exists():
                yield Condition(node.field)

    def _word(self, node: tree.Word, scope: str | None, *, parts: bool = False) -> Iterator[Clause]:
        if scope in _WHOLE:
            yield _value(scope, node.text)
        else:
            read = parts_of if parts else whole_words
            found = self._counted(_scoped(leaf, scope) for leaf in read(node.text, self._tried(scope)))
            clauses = self._or_within_a_run(node.text, scope, found)
            yield from self._or_address(node.text, clauses, any_one=parts) if scope is None else clauses

    def _phrase(self, node: tree.Phrase, scope: str | None) -> Iterator[Clause]:
        if scope in _WHOLE:
            yield _value(scope, " ".join(node.words))
            return
        for leaf in phrase(node.words, self._tried(scope)):
            near = node.slop and len(leaf.slots) > 1
            made = leaf._replace(form="near", amount=node.slop, joined=None) if near else leaf
            found = self._counted([_scoped(made, scope)])
            clauses = found if near else self._or_within_a_run(" ".join(node.words), scope, found)
            alone = scope is None and len(node.words) == 1
            yield from self._or_address(node.words[0], clauses) if alone else clauses

    def _or_address(self, typed: str, clauses: Iterable[Clause], *, any_one: bool = False) -> Iterator[Clause]:
        """What a word is about; where it is an address, or the page that has it for its own."""
        told = tuple(clauses)
        if not (told and _ADDRESS.fullmatch(typed)):
            yield from told
            return
        address = typed.partition("#")[0]
        own = Group(tuple(self._counted(_scoped(leaf, "url") for leaf in whole_words(address, (None,)))))
        if any_one or not own.parts:
            yield from (*told, *([own] if own.parts else ()))
        else:
            yield Group((Group(told), own), every=False)

    def _or_within_a_run(self, typed: str, scope: str | None, leaves: Iterable[Leaf]) -> Iterator[Clause]:
        """The leaves of a word as typed, the first of which may stand in a longer run without spaces."""
        inside = within_a_run(typed, self._tried(scope)) if not typed.isascii() else ()
        for leaf in leaves:
            if inside:
                parts = Group(tuple(self._counted(_scoped(part, scope) for part in inside)))
                yield Group((leaf, parts), every=False)
            else:
                yield leaf
            inside = ()

    def _prefix(self, node: tree.Prefix, scope: str | None) -> Iterator[Clause]:
        """The last word is a beginning; in scripts without spaces every word is one already."""
        if scope in _WHOLE:
            yield _value(scope, node.text)._replace(prefix=True)
            return
        found = [_scoped(leaf, scope) for leaf in whole_words(node.text, self._tried(scope))]
        if found and not _unspaced(found[-1].slots[-1].exact):
            found[-1] = found[-1]._replace(form="prefix", joined=None)
        leaves = list(self._counted(found))
        if len(leaves) == 1 and len(leaves[0].slots) > 1 and leaves[0].form == "prefix":
            one = leaves[0]._replace(slots=(Slot(normal(node.text), ()),))  # 10:3, which would be two words by itself
            yield Group((leaves[0], one), every=False)
        else:
            yield from leaves

    def _fuzzy(self, node: tree.Fuzzy, scope: str | None) -> Iterator[Clause]:
        found = list(whole_words(node.text, self._tried(scope)))
        if len(found) == 1 and len(found[0].slots) == 1 and not _unspaced(found[0].slots[0].exact):
            found = [found[0]._replace(form="fuzzy", amount=node.distance)]
        yield from self._counted(_scoped(leaf, scope) for leaf in found)

    def _counted(self, leaves: Iterable[Leaf]) -> Iterator[Leaf]:
        for leaf in leaves:
            self.words += len(leaf.slots)
            if self.words <= WORDS_MAX:
                yield leaf

    def _tried(self, scope: str | None) -> Sequence[str | None]:
        return (None,) if scope in LABELLED and scope != "title" else self._languages


def _scoped(leaf: Leaf, scope: str | None) -> Leaf:
    """A leaf in a field; what is looked for as it was typed has no stems."""
    if scope in ("exact", "url"):
        kept = leaf.joined if leaf.joined and not leaf.joined.exact.isascii() and _within(leaf.joined.exact) else None
        joined = kept and Slot(kept.exact, ())
        return leaf._replace(field=scope, slots=tuple(Slot(slot.exact, ()) for slot in leaf.slots), joined=joined)
    return leaf._replace(field=scope)


def _value(field: str, typed: str) -> Condition:
    """A whole value as documents have it: a site's host in ASCII, a language's code."""
    if field == "language":
        return Condition(field, typed.lower().partition("-")[0])
    try:
        host = ascii_host(typed)
    except ValueError:
        host = typed.lower()
    return Condition(field, keyword(host.removeprefix("www.")))


def _grouped(group: Group) -> list[Clause]:
    """A group; its only clause where it has no other."""
    if len(group.parts) == 1 and not (group.needed or group.barred):
        return [group.parts[0]]
    return [group] if group.parts or group.needed or group.barred else []


def _together(clauses: Iterable[Clause]) -> list[Clause]:
    return _grouped(Group(tuple(clauses)))


def _within(joined: str) -> bool:
    """Whether a word is one of a longer run as it is written there, and no other spelling."""
    return _unspaced(joined) or _unspaced(joined[0])


def _unspaced(word: str) -> bool:
    return _UNSPACED.search(word) is not None
