"""Which alias leads to which of our indices, what of that is amiss, and what puts it right.

An alias that was lost is put back where only one index can be meant. Else nothing is changed and nothing is made: an
empty index in the place of a full one would answer every search with nothing, and would look well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import Connection
from shared.search.elasticsearch.names import Names
from shared.search.elasticsearch.parts import FILLING_NOTE, lacks, was

Aliases = Mapping[str, Sequence[str]]
"""Our aliases by index."""
Notes = Mapping[str, Mapping[str, Any]]
"""What is noted of each index of documents, its `_meta`."""
Action = dict[str, dict[str, Any]]


def aliases_there(connection: Connection) -> dict[str, list[str]]:
    """Our aliases by index; an index without one is there, too.

    Raises:
        ApiError, TransportError: Elasticsearch fails.
    """
    names = connection.names
    wanted = f"{names.pattern},{names.archive_pattern}"
    found: Any = connection.client.indices.get_alias(index=wanted, ignore_unavailable=True, allow_no_indices=True).body
    return {index: list(told["aliases"]) for index, told in found.items()}


def amiss(names: Names, found: Aliases) -> str | None:
    """What is wrong with aliases, in one line; None where all lead where they ought to."""
    there = {alias for aliases in found.values() for alias in aliases}
    own = [alias for index, alias in _own(names, found) if alias not in found[index]]
    missing = [alias for alias in (names.read, names.write, names.archive) if alias not in there]
    if missing or own:
        return f"no index behind {', '.join([*missing, *own])}"
    return (
        None
        if _behind(found, names.read) == _behind(found, names.write) and _live(names, found)
        else _lead(names, found)
    )


def putting_back(names: Names, found: Aliases, notes: Notes) -> list[Action]:
    """Adds the aliases of documents that are missing, as far as one index alone can be meant.

    Raises:
        DependencyUnavailable: several could be, or those for reading and writing lead to different ones; the detail
            names them, what each was, and what to do.
    """
    actions: list[Action] = []
    live = _live(names, found)
    if documents(names, found):
        if live is None:
            raise DependencyUnavailable("index", _undecided(names, found, notes))
        lacking = [alias for alias in (names.read, names.write) if alias not in found[live]]
        actions += [adding(live, alias) for alias in lacking]
    return actions + [adding(index, own) for index, own in _own(names, found, live) if own not in found[index]]


def putting_archive_back(names: Names, found: Aliases) -> list[Action]:
    """The same for raw pages, by itself: who may change aliases of documents need not be let change this one.

    Raises:
        DependencyUnavailable: several indices could be meant; the detail names them, and what to do.
    """
    raw = [index for index in found if index.startswith(f"{names.archive}-")]
    if not raw or _behind(found, names.archive):
        return []
    if len(raw) > 1:
        request = f'POST /_aliases {{"actions": [{{"add": {{"index": INDEX, "alias": "{names.archive}"}}}}]}}'
        raise DependencyUnavailable("index", f"{names.archive} leads to none of {', '.join(raw)}: {request}")
    return [adding(raw[0], names.archive)]


def adopting(names: Names, found: Aliases, index: str, notes: Notes) -> list[Action]:
    """Makes one index the live one where none is, in one step.

    Args:
        names: of ours.
        found: which alias leads where.
        index: that is to be live.
        notes: what is noted of each.

    Raises:
        DependencyUnavailable: there is no such index, another one is live, it is being filled, or it was set aside and
            another one is whole.
    """
    indices = documents(names, found)
    if index not in indices:
        raise DependencyUnavailable("index", _not_there(names, index, indices))
    live = _live(names, found)
    if live not in (None, index):
        raise DependencyUnavailable("index", f"{live} is live; `pagemill index rollback` goes back to the one kept")
    if names.building in found[index]:
        raise DependencyUnavailable("index", f"{index} is being filled, and not all is in it")
    if live is None:
        _check_whole(names, found, index, notes)
    both = (names.read, names.write)
    taken = [removing(each, alias) for each in indices for alias in both if each != index and alias in found[each]]
    kept = [removing(index, names.kept)] if names.kept in found[index] else []
    added = [adding(index, alias) for alias in (*both, names.own(index)) if alias not in found[index]]
    return [*taken, *kept, *added]


def missed(names: Names, found: Aliases, index: str, notes: Notes) -> str | None:
    """What one that is adopted for want of a better one lacks, and how it is made good; None where it is whole."""
    wrong = lacks(index, notes.get(index, {})) if _live(names, found) is None else None
    remedy = (
        "run `pagemill index rebuild --from-raw`; until it has ended, deleted pages are found and later ones are not"
    )
    return f"{wrong}; {remedy}" if wrong else None


def documents(names: Names, found: Iterable[str]) -> list[str]:
    """Those that are indices of documents, in order."""
    return sorted(index for index in found if names.number(index))


def adding(index: str, alias: str) -> Action:
    """An action that puts an alias on an index."""
    return {"add": {"index": index, "alias": alias}}


def removing(index: str, alias: str) -> Action:
    """An action that takes it off, and fails where it is not there."""
    return {"remove": {"index": index, "alias": alias, "must_exist": True}}


def _live(names: Names, found: Aliases) -> str | None:
    """The one index that both aliases lead to, or one of them while the other leads nowhere."""
    behind = {*_behind(found, names.read), *_behind(found, names.write)}
    return next(iter(behind)) if len(behind) == 1 else None


def _behind(found: Aliases, alias: str) -> list[str]:
    return sorted(index for index, aliases in found.items() if alias in aliases)


def _own(names: Names, found: Aliases, live: str | None = None) -> Iterator[tuple[str, str]]:
    """The alias that each index which is written to has for itself."""
    parts = {names.read, names.building, names.kept}
    for index in documents(names, found):
        if index == live or parts & set(found[index]):
            yield index, names.own(index)


def _not_there(names: Names, index: str, indices: Sequence[str]) -> str:
    there = f"there are {', '.join(indices) or 'none'}"
    if index == names.numbered(names.number(index)):
        return f"there is no index {index}; {there}"
    wanted = f"{names.prefix}documents-NNNNNN"
    return f"{index} is no name of an index of documents, which is {wanted}: restore or clone it as such; {there}"


def _check_whole(names: Names, found: Aliases, index: str, notes: Notes) -> None:
    """One that was set aside is better than none; one that was being filled is not."""
    wrong = lacks(index, notes.get(index, {}))
    if not wrong:
        return
    whole = [
        each
        for each in documents(names, found)
        if names.building not in found[each] and not lacks(each, notes.get(each, {}))
    ]
    if whole:
        remedy = f"adopt {' or '.join(whole)}, or delete what of these is not wanted, then the same again"
        raise DependencyUnavailable("index", f"{wrong}: {remedy}")
    if notes[index].get(FILLING_NOTE):
        raise DependencyUnavailable("index", wrong)


def _undecided(names: Names, found: Aliases, notes: Notes) -> str:
    indices = documents(names, found)
    there = ", ".join(f"{index} ({was(names, found[index], notes.get(index, {}))})" for index in indices)
    remedy = "`pagemill index setup --adopt INDEX` makes one of them live; delete those that are not wanted"
    return f"{_lead(names, found)}, and {there} are there: {remedy}"


def _lead(names: Names, found: Aliases) -> str:
    told = ((alias, " and ".join(_behind(found, alias)) or "no index") for alias in (names.read, names.write))
    return ", ".join(f"{alias} leads to {indices}" for alias, indices in told)
