"""One connection to Elasticsearch, and what it raises as the house knows it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from elastic_transport import ConnectionTimeout
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.names import Names

SETUP: Final = "run `pagemill index setup`"
ROLE: Final = "deploy/elasticsearch/role.json"
SETUP_ROLE: Final = "deploy/elasticsearch/role-setup.json"
_DETAIL_CHARS: Final = 400
_FORBIDDEN: Final = 403
_CLOSED: Final = "index_closed_exception"
_UNAUTHORIZED: Final = re.compile(
    r"action \[(?P<what>\S+)\] is unauthorized for (?P<who>[^\[\]]*\[[^\]]*\](?: of user \[[^\]]*\])?)"
    r"(?: with [a-z ]*roles \[[^\]]*\])?(?: on [a-z ]*indices \[(?P<where>[^\]]*)\])?"
    r"(?:, this action is granted by the [a-z ]*privileges \[(?P<by>[^\]]*)\])?"
)
"""As Elasticsearch words it, for users and for API keys."""


@dataclass(frozen=True)
class Access:
    """Where Elasticsearch is, and as whom it is called.

    Args:
        url: `http(s)://[USER:PASSWORD@]HOST:PORT`.
        api_key: instead of user and password, encoded as Elasticsearch gives it.
        ca_file: certificates that the server's is signed by; absent: the system's.
        timeout_seconds: after which a call has failed.
    """

    url: str
    api_key: str | None = None
    ca_file: Path | None = None
    timeout_seconds: float = 10.0


@dataclass(frozen=True)
class Connection:
    """A client and the names that it works on."""

    client: Elasticsearch
    names: Names

    def close(self) -> None:
        """Lets the client's sockets go."""
        self.client.close()


def connect(access: Access, prefix: str, index: str | None = None) -> Connection:
    """A client that answers or fails in time and never tries again by itself: the ledger knows what was not done.

    Args:
        access: where Elasticsearch is.
        prefix: of the names of indices and aliases.
        index: read instead of the live one.
    """
    parts = urlsplit(access.url)
    bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    options: dict[str, Any] = {}
    if access.api_key:
        options["api_key"] = access.api_key
    elif parts.username:
        options["basic_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    if access.ca_file:
        options["ca_certs"] = str(access.ca_file)
    client = Elasticsearch(
        bare,
        request_timeout=access.timeout_seconds,
        max_retries=0,
        retry_on_timeout=False,
        **options,
    )
    return Connection(client, Names(prefix, index))


@contextmanager
def engine(name: str = "index", role: str = ROLE) -> Iterator[None]:
    """Around every call.

    Args:
        name: of the dependency.
        role: the file to compare with where we are not let in.

    Raises:
        DependencyUnavailable: the call failed; the detail says what an operator can do about it.
    """
    try:
        yield
    except ApiError as error:
        raise DependencyUnavailable(name, told(error, role)) from error
    except TransportError as error:
        said = "no answer in time" if isinstance(error, ConnectionTimeout) else _of_certificates(str(error.message))
        raise DependencyUnavailable(name, f"Elasticsearch: {said}"[:_DETAIL_CHARS]) from error


def _of_certificates(said: str) -> str:
    """What the transport says, and where it is of certificates what to mend."""
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return f"its certificate is signed by nobody we trust; name the signer's in PAGEMILL_SEARCH_CA_FILE: {said}"
    if said.startswith(("[Errno ", "[X509")):
        return f"PAGEMILL_SEARCH_CA_FILE names a file that cannot be read, or has no certificate in it: {said}"
    return said


def told(error: ApiError, role: str = ROLE) -> str:
    """One line about an answer that is none; see `explained`."""
    return explained(error.meta.status, _reason(error), role)


def explained(status: int, reason: str, role: str = ROLE) -> str:
    """One line about an answer that is none. What tells most comes first: receipts keep the first 200 characters.

    Args:
        status: of the answer.
        reason: the engine's.
        role: the file to compare with where we are not let in.
    """
    if status == _FORBIDDEN:
        return f"Elasticsearch answers 403: {_forbidden(reason, role)}"[: 2 * _DETAIL_CHARS]
    if _CLOSED in reason:
        return f"Elasticsearch answers {status}: the index is closed; open it (POST /INDEX/_open): {reason}"
    remedy = {
        401: ": Elasticsearch does not know this user or key; "
        "mend PAGEMILL_SEARCH_URL, PAGEMILL_SEARCH_PASSWORD or PAGEMILL_SEARCH_API_KEY",
        404: f": an index or alias is missing; {SETUP}",
    }.get(status, "")
    return f"Elasticsearch answers {status}{remedy}: {reason}"[: 2 * _DETAIL_CHARS]


def _forbidden(reason: str, role: str) -> str:
    """Who may not do what, and where; then what to compare, and what would grant it."""
    if found := _UNAUTHORIZED.search(reason):
        who = found["who"].replace("[", "").replace("]", "")
        where = f" on {found['where']}" if found["where"] else ""
        granted = f"; granted by {found['by']}" if found["by"] else ""
        return f"{who} may not {found['what']}{where}; compare {role}{granted}"
    if "blocked by" in reason:
        return reason
    return f"{reason}; compare {role}"


def is_missing(error: ApiError) -> bool:
    """Whether what was asked for is not there."""
    return isinstance(error, NotFoundError)


def error_in(error: ApiError) -> Any:
    """The engine's own error, an object where it is one of Elasticsearch's; else one line."""
    body = error.body
    return (body.get("error") if isinstance(body, dict) else None) or str(error.message)


def _reason(error: ApiError) -> str:
    return reason_of(error_in(error))


def reason_of(cause: Any) -> str:
    """The engine's own words for an error: the outermost, and the innermost where they differ."""
    if not isinstance(cause, dict):
        return str(cause)[:_DETAIL_CHARS]
    outer = _said(cause)
    while isinstance(cause.get("caused_by"), dict):
        cause = cause["caused_by"]
    return "; ".join(dict.fromkeys([outer, _said(cause)]))[:_DETAIL_CHARS]


def _said(cause: dict[str, Any]) -> str:
    """With the index that is meant, where the reason is one word: `closed`."""
    said, index = f"{cause.get('type')}: {cause.get('reason')}", cause.get("index")
    return f"{said} [{index}]" if index and str(index) not in said else said
