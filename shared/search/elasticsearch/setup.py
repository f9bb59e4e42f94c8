"""Sets Elasticsearch up: templates, the first indices, their aliases. Nothing else ever makes an index."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.aliases import (
    Action,
    Aliases,
    adopting,
    aliases_there,
    amiss,
    documents,
    putting_back,
)
from shared.search.elasticsearch.client import SETUP_ROLE, Access, Connection, connect, engine
from shared.search.elasticsearch.mapping import archive_template, template
from shared.search.elasticsearch.names import Names
from shared.search.elasticsearch.parts import misfit, notes_of


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
        only_missing: touches nothing, and needs no right to, where every alias is there.
        adopt: the index of documents that is to be live, where none is.

    Raises:
        DependencyUnavailable: Elasticsearch is away, or does not let us, or holds an index of another format; or
            indices are there, and it is not known which one was live.
    """
    connection = connect(access, prefix)
    try:
        with engine(role=SETUP_ROLE):
            found = aliases_there(connection)
            if only_missing and not adopt and amiss(connection.names, found) is None:
                return []
            return list(_set_up(connection, layout, found, adopt))
    finally:
        connection.close()


def _set_up(connection: Connection, layout: Layout, found: Aliases, adopt: str | None) -> Iterator[str]:
    names, client = connection.names, connection.client
    adopted = adopting(names, found, adopt, notes_of(connection, adopt)) if adopt else ()
    missing = () if adopt else putting_back(names, found)
    for name, made in ((names.read, template(names, *layout)), (names.archive, archive_template(names, *layout))):
        client.indices.put_index_template(name=name, **{key.lstrip("_"): value for key, value in made.items()})
    yield f"index templates {names.read} and {names.archive} put"
    if adopt:
        yield from _changed(connection, adopted)
        yield f"{adopt} is live"
        found = aliases_there(connection)
        missing = putting_back(names, found)
    yield from _changed(connection, missing)
    for index, aliases in _first(names, found):
        own = [names.own(index)] if index == names.first else []
        client.indices.create(index=index, aliases={alias: {} for alias in (*aliases, *own)})
        yield f"{', '.join(aliases)}: index {index} made"
    if documents(names, found):
        _check_format(connection)
        yield f"{names.read}, {names.write}: there already"


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
