"""The user that services and workers come as, made by somebody who may."""

from shared.search.elasticsearch.client import Access, connect, engine
from shared.search.elasticsearch.mapping import role
from shared.search.elasticsearch.names import Names


def grant(access: Access, prefix: str, user: str, password: str) -> str:
    """Makes the role of deploy/elasticsearch/role.json and a user of the same name with it; what was done.

    Args:
        access: as whom; needs `manage_security`.
        prefix: of the indices that the user gets.
        user: its name; one that is there gets this password and this role alone.
        password: at least six characters, says Elasticsearch.

    Raises:
        DependencyUnavailable: Elasticsearch is away, or does not let us.
    """
    connection = connect(access, prefix)
    try:
        with engine():
            connection.client.security.put_role(name=user, **role(Names(prefix)))
            connection.client.security.put_user(username=user, password=password, roles=[user])
    finally:
        connection.close()
    return f"user {user} may do what services and workers need, and no more"
