"""The user that services and workers come as, made by somebody who may."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from shared.errors import Refused
from shared.search.elasticsearch.client import Access, connect, engine, told
from shared.search.elasticsearch.mapping import role
from shared.search.elasticsearch.names import Names


def grant(access: Access, prefix: str, user: str, password: str) -> str:
    """Makes the role of deploy/elasticsearch/role.json and a user of the same name with it; what was done.

    Args:
        access: as whom; needs `manage_security`.
        prefix: of the indices that the user gets.
        user: its name, which no user and no role has that is not of these indices; one made here before gets this
            password and this role anew.
        password: at least six characters, says Elasticsearch.

    Raises:
        Refused: the name is that of another user or role, or Elasticsearch takes no such name or password.
        DependencyUnavailable: Elasticsearch is away, or does not let us.
    """
    connection = connect(access, prefix)
    try:
        with engine(), _taken():
            client, asked = connection.client, role(Names(prefix))
            if wrong := _other_role(client, user, asked) or _other_user(client, user):
                raise Refused("invalid", f"{wrong}; name another user")
            client.security.put_user(username=user, password=password, roles=[user])
            client.security.put_role(name=user, **asked)
    finally:
        connection.close()
    return f"user {user} may do what services and workers need, and no more"


@contextmanager
def _taken() -> Iterator[None]:
    try:
        yield
    except BadRequestError as error:
        raise Refused("invalid", told(error)) from error


def _other_role(client: Elasticsearch, name: str, asked: Mapping[str, Any]) -> str | None:
    """What is wrong with a role of this name: it is for other indices, as that of another installation is."""
    there = client.options(ignore_status=404).security.get_role(name=name).body.get(name)
    if there is None:
        return None
    held, wanted = _indices(there), _indices(asked)
    return None if held <= wanted else f"there is a role {name} for {', '.join(sorted(held - wanted))}"


def _other_user(client: Elasticsearch, name: str) -> str | None:
    """What is wrong with a user of this name: it has other roles."""
    there = client.options(ignore_status=404).security.get_user(username=name).body.get(name)
    roles = [] if there is None else there["roles"]
    return f"there is a user {name} with the roles {', '.join(roles)}" if roles not in ([], [name]) else None


def _indices(granted: Mapping[str, Any]) -> set[str]:
    return {name for each in granted["indices"] for name in each["names"]}
