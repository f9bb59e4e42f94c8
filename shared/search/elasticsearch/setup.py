"""Sets Elasticsearch up: templates, the first indices, their aliases. Nothing else ever makes an index."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import Access, Connection, connect, engine
from shared.search.elasticsearch.mapping import archive_template, template
from shared.search.elasticsearch.names import Names
from shared.search.elasticsearch.parts import misfit


class Layout(NamedTuple):
    """How indices are laid out where they are made; see `mapping.settings`."""

    shards: int = 1
    replicas: int | None = None


def set_up(access: Access, prefix: str, layout: Layout, *, only_missing: bool = False) -> list[str]:
    """Makes what is not there and leaves what is; what was done, line by line.

    Args:
        access: as whom; see deploy/elasticsearch/role-setup.json.
        prefix: of the names of indices and aliases.
        layout: of the indices that are made.
        only_missing: touches nothing, and needs no right to, where every alias is there.

    Raises:
        DependencyUnavailable: Elasticsearch is away, or does not let us, or holds an index of another format.
    """
    connection = connect(access, prefix)
    try:
        with engine():
            if only_missing and not missing_aliases(connection):
                return []
            return list(_set_up(connection, layout))
    finally:
        connection.close()


def missing_aliases(connection: Connection) -> list[str]:
    """Aliases that ought to be there and are not."""
    names = connection.names
    found = aliases_there(connection)
    own = [names.own(index) for index, aliases in found.items() if names.read in aliases]
    there = {alias for aliases in found.values() for alias in aliases}
    return [alias for alias in (names.read, names.write, *own, names.archive) if alias not in there]


def _set_up(connection: Connection, layout: Layout) -> Iterator[str]:
    names, client = connection.names, connection.client
    for name, made in ((names.read, template(names, *layout)), (names.archive, archive_template(names, *layout))):
        client.indices.put_index_template(name=name, **{key.lstrip("_"): value for key, value in made.items()})
    yield f"index templates {names.read} and {names.archive} put"
    missing = missing_aliases(connection)
    for index, aliases in _first(names):
        lacking = [alias for alias in aliases if alias in missing]
        if not lacking:
            _check_format(connection, aliases[0])
            _put_own(connection, [alias for alias in missing if alias not in aliases])
            yield f"{', '.join(aliases)}: there already"
        elif len(lacking) < len(aliases):
            raise DependencyUnavailable(
                "index", f"the alias {lacking[0]} is missing, and {aliases[0]} is there: put it back by hand"
            )
        else:
            own = [names.own(index)] if index == names.first else []
            client.indices.create(index=index, aliases={alias: {} for alias in (*aliases, *own)})
            yield f"{', '.join(aliases)}: index {index} made"


def _put_own(connection: Connection, missing: Sequence[str]) -> None:
    """The aliases that live indices are written through one by one."""
    names = connection.names
    for index, aliases in aliases_there(connection).items():
        if names.read in aliases and names.own(index) in missing:
            connection.client.indices.put_alias(index=index, name=names.own(index))


def _first(names: Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield names.first, (names.read, names.write)
    yield names.archive_first, (names.archive,)


def aliases_there(connection: Connection) -> dict[str, list[str]]:
    """Our aliases by index."""
    names = connection.names
    wanted = f"{names.pattern},{names.archive_pattern}"
    found: Any = connection.client.indices.get_alias(index=wanted, ignore_unavailable=True, allow_no_indices=True).body
    return {index: list(told["aliases"]) for index, told in found.items()}


def _check_format(connection: Connection, alias: str) -> None:
    found: Any = connection.client.indices.get_mapping(index=alias).body
    for index, told in found.items():
        if why := misfit(index, told["mappings"].get("_meta", {})):
            raise DependencyUnavailable("index", why)
