"""How many documents the generations have, or why that cannot be said."""

from collections.abc import Callable
from typing import Any, Final

from elasticsearch import ApiError

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import Connection, engine, told
from shared.search.elasticsearch.parts import Part

COUNTED_SECONDS: Final = 30.0
LOST_SECONDS: Final = 600.0
_UNREADABLE: Final = frozenset({400, 404})


class Sizes:
    """Counts documents.

    Args:
        connection: to the engine.
        counted_seconds: between two counts of an index that is being filled, for which its documents have to be made
            searchable; in between the last count is told.
        lost_seconds: after which such an index is given up where it cannot be read: it has no copies, so it may have
            gone with the node that it was on.
        clock: seconds.
    """

    def __init__(
        self, connection: Connection, counted_seconds: float, lost_seconds: float, clock: Callable[[], float]
    ) -> None:
        self._connection = connection
        self._counted_seconds = counted_seconds
        self._lost_seconds = lost_seconds
        self._clock = clock
        self._counted: dict[str, float] = {}
        self._away: dict[str, float] = {}

    def of(self, part: Part) -> tuple[int | None, str | None]:
        """Documents, or None and what is wrong.

        Raises:
            DependencyUnavailable: the live index, or the one being filled, does not answer. It is waited for: it is
                not lost because a node is being restarted.
        """
        try:
            documents = self._count(part)
        except DependencyUnavailable as error:
            cause = error.__cause__
            if isinstance(cause, ApiError) and cause.meta.status in _UNREADABLE:
                return None, told(cause)
            if part.role == "live" or (part.role == "building" and not self._lost(part.name)):
                raise
            return None, error.detail
        self._away.pop(part.name, None)
        return documents, None

    def forget(self, name: str) -> None:
        """This index is no more."""
        self._counted.pop(name, None)
        self._away.pop(name, None)

    def _count(self, part: Part) -> int:
        with engine():
            if part.role == "building":
                self._make_searchable(part.name)
            count: Any = self._connection.client.count(index=part.name).body
        if count["_shards"]["failed"]:
            raise DependencyUnavailable("index", f"shards of {part.name} are not there")
        return int(count["count"])

    def _make_searchable(self, name: str) -> None:
        last = self._counted.get(name)
        if last is None or self._clock() - last >= self._counted_seconds:
            self._connection.client.indices.refresh(index=name)
            self._counted[name] = self._clock()

    def _lost(self, name: str) -> bool:
        return self._clock() - self._away.setdefault(name, self._clock()) >= self._lost_seconds
