"""The user that services and workers come as, made by somebody who may."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from elasticsearch import BadRequestError, Elasticsearch

from shared.errors import Refused
from shared.search.elasticsearch.client import Access, connect, engine, told
from shared.search.elasticsearch.mapping import role
from shared.search.elasticsearch.names import Names

_MARK: Final = "pagemill"
"""Of roles and users that were made here, with the prefix they are for."""
_TOLD: Final = 5


def grant(access: Access, prefix: str, user: str, password: str) -> str:
    """Makes the role of deploy/elasticsearch/role.json and a user of the same name with it; what was done.

    Args:
        access: as whom; needs `manage_security`.
        prefix: of the indices that the user gets.
        user: its name, which no other user and no other role has; one made here before gets this password and this
            role anew.
        password: at least six characters, says Elasticsearch.

    Raises:
        Refused: the name is that of another user or role, or Elasticsearch takes no such name or password.
        DependencyUnavailable: Elasticsearch is away, or does not let us.
    """
    connection = connect(access, prefix)
    try:
        with engine(), _taken():
            client, asked, mark = connection.client, role(Names(prefix)), {_MARK: prefix}
            if wrong := _other_role(client, user, asked, mark) or _other_user(client, user, mark):
                raise Refused("invalid", f"{wrong}; name another user")
            client.security.put_user(username=user, password=password, roles=[user], metadata=mark)
            client.security.put_role(name=user, **asked, metadata=mark)
    finally:
        connection.close()
    return f"user {user} may do what services and workers need, and no more"


@contextmanager
def _taken() -> Iterator[None]:
    try:
        yield
    except BadRequestError as error:
        raise Refused("invalid", told(error)) from error


def _other_role(client: Elasticsearch, name: str, asked: Mapping[str, Any], mark: Mapping[str, str]) -> str | None:
    """What is wrong with a role of this name: it was not made here, and is not the same to the letter either."""
    there = client.options(ignore_status=404).security.get_role(name=name).body.get(name)
    if there is None or there["metadata"] == mark or _rights(there) == _rights(asked):
        return None
    indices = sorted({each for granted in there["indices"] for each in granted["names"]})
    told = ", ".join(indices[:_TOLD]) + (f" and {len(indices) - _TOLD} more" if len(indices) > _TOLD else "")
    return f"there is a role {name} for {told or 'other things'}"


def _other_user(client: Elasticsearch, name: str, mark: Mapping[str, str]) -> str | None:
    """What is wrong with a user of this name: it was not made here, and does not have this role alone either."""
    there = client.options(ignore_status=404).security.get_user(username=name).body.get(name)
    if there is None or there["metadata"] == mark or there["roles"] == [name]:
        return None
    return f"there is a user {name} with {'the roles ' + ', '.join(there['roles']) if there['roles'] else 'no role'}"


def _rights(role: Mapping[str, Any]) -> dict[str, Any]:
    """What a role lets do, in one form whatever the order in which it was written."""
    indices = {(*sorted(each["names"]), "", *sorted(each["privileges"])) for each in role["indices"]}
    more = {key: role[key] for key in ("applications", "run_as", "global", "remote_indices") if role.get(key)}
    narrowed = [each for each in role["indices"] if each.get("field_security") or each.get("query")]
    return {**more, "cluster": set(role["cluster"]), "indices": indices, "narrowed": narrowed}
