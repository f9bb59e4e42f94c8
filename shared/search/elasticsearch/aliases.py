"""Which alias leads to which of our indices, what of that is amiss, and what puts it right.

An alias that was lost is put back where only one index can be meant. Else nothing is changed and nothing is made: an
empty index in the place of a full one would answer every search with nothing, and would look well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import Connection
from shared.search.elasticsearch.names import Names
from shared.search.elasticsearch.parts import unfinished

Aliases = Mapping[str, Sequence[str]]
"""Our aliases by index."""
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


def putting_back(names: Names, found: Aliases) -> list[Action]:
    """Adds the aliases that are missing, as far as one index alone can be meant.

    Raises:
        DependencyUnavailable: several could be, or those for reading and writing lead to different ones; the detail
            names them, and what to do.
    """
    actions: list[Action] = []
    live = _live(names, found)
    if documents(names, found):
        if live is None:
            raise DependencyUnavailable("index", _undecided(names, found))
        lacking = [alias for alias in (names.read, names.write) if alias not in found[live]]
        actions += [adding(live, alias) for alias in lacking]
    raw = [index for index in found if index.startswith(f"{names.archive}-")]
    if raw and not _behind(found, names.archive):
        if len(raw) > 1:
            request = f'POST /_aliases {{"actions": [{{"add": {{"index": INDEX, "alias": "{names.archive}"}}}}]}}'
            raise DependencyUnavailable("index", f"{names.archive} leads to none of {', '.join(raw)}: {request}")
        actions.append(adding(raw[0], names.archive))
    return actions + [adding(index, own) for index, own in _own(names, found, live) if own not in found[index]]


def adopting(names: Names, found: Aliases, index: str, notes: Mapping[str, Any]) -> list[Action]:
    """Makes one index the live one where none is, in one step.

    Args:
        names: of ours.
        found: which alias leads where.
        index: that is to be live.
        notes: its `_meta`.

    Raises:
        DependencyUnavailable: there is no such index, another one is live, or it is being filled.
    """
    indices = documents(names, found)
    if index not in indices:
        raise DependencyUnavailable("index", f"there is no index {index}, but {', '.join(indices) or 'none'}")
    live = _live(names, found)
    if live not in (None, index):
        raise DependencyUnavailable("index", f"{live} is live; `pagemill index rollback` goes back to the one kept")
    if names.building in found[index]:
        raise DependencyUnavailable("index", f"{index} is being filled, and not all is in it")
    if live is None and (wrong := unfinished(index, notes)):
        raise DependencyUnavailable("index", wrong)
    both = (names.read, names.write)
    taken = [removing(each, alias) for each in indices for alias in both if each != index and alias in found[each]]
    kept = [removing(index, names.kept)] if names.kept in found[index] else []
    added = [adding(index, alias) for alias in (*both, names.own(index)) if alias not in found[index]]
    return [*taken, *kept, *added]


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


def _undecided(names: Names, found: Aliases) -> str:
    remedy = "`pagemill index setup --adopt INDEX` makes one of them live; delete those that are not wanted"
    return f"{_lead(names, found)}, and {', '.join(documents(names, found))} are there: {remedy}"


def _lead(names: Names, found: Aliases) -> str:
    told = ((alias, " and ".join(_behind(found, alias)) or "no index") for alias in (names.read, names.write))
    return ", ".join(f"{alias} leads to {indices}" for alias, indices in told)
