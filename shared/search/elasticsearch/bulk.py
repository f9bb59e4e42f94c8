"""Bulk requests: many writes at once, within limits, and what became of each."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple

from elasticsearch import ApiError
from pydantic_core import to_json

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import Connection, engine, error_in, explained, reason_of
from shared.search.elasticsearch.faults import Told, fault_of, told_of

REQUEST_BYTES: Final = 5 * 1024 * 1024
"""Of one request, at most."""
REQUEST_ACTIONS: Final = 125
_ACTION_BYTES: Final = 512
"""Room for the line before a document."""
DOCUMENT_BYTES: Final = REQUEST_BYTES - _ACTION_BYTES
_WRITE_SECONDS: Final = 30.0
"""Longer than a search may take, and shorter than a page is leased."""
_AT_ONCE: Final = 3
"""Requests under way at once: while the engine works on some the next is made, so several small ones of a batch are
quicker than two large ones."""
_ANSWER: Final = ("errors", "items.*.status", "items.*.error", "items.*.result")
_SPLIT: Final = frozenset({400, 413})
_STATUSES: Final = {"index_not_found_exception": 404, "security_exception": 403}
"""Errors of single documents that were asked for, which come without a status; others are shards that are away."""


class Action(NamedTuple):
    """One write: its first line, and the document where there is one."""

    head: bytes
    body: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes in a request."""
        return len(self.head) + 1 + (len(self.body) + 1 if self.body is not None else 0)


def indexing(doc_id: str, version: int | None, body: bytes, version_type: str = "external") -> Action:
    """Puts a document in; with a version, only where what is there is older."""
    return Action(_head("index", doc_id, version, version_type), body)


def deleting(doc_id: str, version: int | None, version_type: str = "external") -> Action:
    """Takes a document out; with a version, only where what is there is older."""
    return Action(_head("delete", doc_id, version, version_type))


def send(connection: Connection, alias: str, actions: Iterable[Action], name: str = "index") -> list[Told]:
    """Sends writes through an alias in as many requests as their limits ask for; what became of each, in order.

    Raises:
        DependencyUnavailable: a request failed; any of the writes may have been done.
    """
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bulk") as pool:
        under_way: list[Future[list[Told]]] = []
        for chunk in _chunks(actions):
            if len(under_way) >= _AT_ONCE:
                under_way[-_AT_ONCE].result()
            under_way.append(pool.submit(_sent, connection, alias, chunk, name))
        return [told for future in under_way for told in future.result()]


def versions_there(connection: Connection, alias: str, ids: Sequence[str], name: str = "index") -> dict[str, int]:
    """The versions of those documents that are there, written a moment ago included.

    Raises:
        DependencyUnavailable: of one of them it cannot be said.
    """
    if not ids:
        return {}
    with engine(name):
        told = connection.client.mget(index=alias, ids=list(ids), source=False)
    return {each["_id"]: each["_version"] for each in present(told.body, name)}


def present(told: Any, name: str) -> Iterator[Any]:
    """The documents of an answer to `mget` that are there.

    Raises:
        DependencyUnavailable: the index is missing, it may not be read, or a shard is away.
    """
    for each in told["docs"]:
        if "error" in each:
            status = _STATUSES.get(each["error"].get("type"), 503)
            raise DependencyUnavailable(name, explained(status, reason_of(each["error"])))
        if each["found"]:
            yield each


def _sent(connection: Connection, alias: str, chunk: Sequence[Action], name: str) -> list[Told]:
    """One request; where all of it is refused as too large or unreadable, halves of it, down to the one at fault."""
    lines: Any = [line for action in chunk for line in action if line is not None]
    client = connection.client.options(request_timeout=_WRITE_SECONDS)
    with engine(name):
        try:
            answer = client.bulk(
                index=alias, operations=lines, require_alias=True, timeout=f"{_WRITE_SECONDS:g}s", filter_path=_ANSWER
            )
        except ApiError as error:
            status, cause = error.meta.status, error_in(error)
            if status not in _SPLIT or fault_of(status, cause) == "index":
                raise
            if len(chunk) == 1:
                return [Told(status, explained(status, reason_of(cause)), fault_of(status, cause))]
            middle = len(chunk) // 2
            parts = chunk[:middle], chunk[middle:]
            return [told for part in parts for told in _sent(connection, alias, part, name)]
    return [_told(next(iter(item.values()))) for item in answer["items"]]


def _told(item: dict[str, Any]) -> Told:
    return told_of(item["status"], item["error"]) if "error" in item else Told(item["status"])


def _chunks(actions: Iterable[Action]) -> Iterator[list[Action]]:
    chunk: list[Action] = []
    size = 0
    for action in actions:
        if chunk and (size + action.size > REQUEST_BYTES or len(chunk) == REQUEST_ACTIONS):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += action.size
    if chunk:
        yield chunk


def _head(kind: str, doc_id: str, version: int | None, version_type: str) -> bytes:
    about: dict[str, Any] = {"_id": doc_id}
    if version is not None:
        about |= {"version": version, "version_type": version_type}
    return to_json({kind: about})
