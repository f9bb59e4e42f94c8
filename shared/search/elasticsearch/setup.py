"""Sets Elasticsearch up: templates, the first indices, their aliases. Nothing else ever makes an index."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.aliases import (
    Action,
    Aliases,
    adopting,
    aliases_there,
    amiss,
    documents,
    missed,
    putting_archive_back,
    putting_back,
)
from shared.search.elasticsearch.client import SETUP_ROLE, Access, Connection, connect, engine
from shared.search.elasticsearch.mapping import archive_template, template
from shared.search.elasticsearch.marks import mark
from shared.search.elasticsearch.names import Names
from shared.search.elasticsearch.parts import misfit, parts


class Layout(NamedTuple):
    """How indices are laid out where they are made; see `mapping.settings`."""

    shards: int = 1
    replicas: int | None = None


def set_up(
    access: Access, prefix: str, layout: Layout, *, only_missing: bool = False, adopt: str | None = None
) -> list[str]:
    """Makes what is not there and leaves what is; what was done, line by line.

    Args:
        access: as whom; see deploy/elasticsearch/role-setup.json.
        prefix: of the names of indices and aliases.
        layout: of the indices that are made.
        only_missing: puts aliases back, and touches nothing else, and needs no right to, where that is all there is to
            do.
        adopt: the index of documents that is to be live, where none is.

    Raises:
        DependencyUnavailable: Elasticsearch is away, or does not let us, or holds an index of another format; or
            indices are there, and it is not known which one was live.
    """
    connection = connect(access, prefix)
    try:
        with engine(role=SETUP_ROLE):
            adopted = [] if adopt is None else list(_adopt(connection, adopt))
            return [*_set_up(connection, layout, only_missing=only_missing and adopt is None), *adopted]
    finally:
        connection.close()


def _adopt(connection: Connection, index: str) -> Iterator[str]:
    """Makes one live where none is; those that nothing is written to from now on are marked as such."""
    names, found = connection.names, aliases_there(connection)
    notes = {part.name: part.notes for part in parts(connection)}
    yield from _changed(connection, adopting(names, found, index, notes))
    mark(connection, parts(connection), datetime.now(UTC))
    yield f"{index} is live"
    if lacking := missed(names, found, index, notes):
        yield lacking


def _set_up(connection: Connection, layout: Layout, *, only_missing: bool) -> Iterator[str]:
    """Aliases come first: pages wait for them, and who may put them back need not be let change templates."""
    names = connection.names
    yield from _put_back(connection)
    found = aliases_there(connection)
    if only_missing and amiss(names, found) is None:
        return
    for name, made in ((names.read, template(names, *layout)), (names.archive, archive_template(names, *layout))):
        connection.client.indices.put_index_template(
            name=name, **{key.lstrip("_"): value for key, value in made.items()}
        )
    yield f"index templates {names.read} and {names.archive} put"
    for index, aliases in _first(names, found):
        own = [names.own(index)] if index == names.first else []
        connection.client.indices.create(index=index, aliases={alias: {} for alias in (*aliases, *own)})
        yield f"{', '.join(aliases)}: index {index} made"
    if documents(names, found):
        _check_format(connection)
        yield f"{names.read}, {names.write}: there already"


def _put_back(connection: Connection) -> Iterator[str]:
    names, found = connection.names, aliases_there(connection)
    notes = {part.name: part.notes for part in parts(connection)}
    yield from _changed(connection, putting_back(names, found, notes))
    yield from _changed(connection, putting_archive_back(names, found))


def _changed(connection: Connection, actions: Sequence[Action]) -> Iterator[str]:
    """Changes aliases in one step."""
    if actions:
        connection.client.indices.update_aliases(actions=actions)
    for action in actions:
        for verb, about in action.items():
            yield f"alias {about['alias']} {'put on' if verb == 'add' else 'taken off'} {about['index']}"


def _first(names: Names, found: Aliases) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The first index of each kind that there is none of, and its aliases."""
    if not documents(names, found):
        yield names.first, (names.read, names.write)
    if len(documents(names, found)) == len(found):
        yield names.archive_first, (names.archive,)


def _check_format(connection: Connection) -> None:
    found: Any = connection.client.indices.get_mapping(index=connection.names.read).body
    for index, told in found.items():
        if why := misfit(index, told["mappings"].get("_meta", {})):
            raise DependencyUnavailable("index", why)
