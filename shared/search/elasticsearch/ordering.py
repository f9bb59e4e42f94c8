"""The order of the documents that match, and a place in it."""

from typing import Any, Final, NamedTuple

from pydantic_core import from_json, to_json

from shared.models.search import Sort
from shared.moments import from_ms
from shared.search.elasticsearch.mapping import WINDOW
from shared.search.port import SnapshotGone

_BY_ID: Final = {"id": "asc"}
_ORDERS: Final[dict[Sort, dict[str, Any]]] = {
    "relevance": {"_score": "desc"},
    "newest": {"date": {"order": "desc", "missing": "_last"}},
    "oldest": {"date": {"order": "asc", "missing": "_last"}},
    "indexed": {"indexed": {"order": "desc", "missing": "_last"}},
}
_UNDATED: Final = 0.25
"""An undated document is taken to be two half-lives old."""
_LONG_AGO: Final = 1e-13
"""What the oldest documents count, so that their order among themselves is that of relevance."""
_DAY_MS: Final = 86_400_000
_LONGEST_MS: Final = 2**53
_VALUES: Final = 3
"""To sort by: ours, the id, and the place in the shard, which the engine adds to every search of a point in time."""


class Place(NamedTuple):
    """Where a page begins: behind `seen` documents, the last of which has these values to sort by."""

    seen: int = 0
    last: tuple[Any, ...] = ()


def order(sort: Sort) -> list[dict[str, Any]]:
    """Ties are broken by id, so the order is the same each time."""
    return [_ORDERS[sort], _BY_ID]


def place_of(after: str | None, *, folded: bool) -> Place:
    """The place that `written` wrote.

    Raises:
        SnapshotGone: it is none of ours.
    """
    if after is None:
        return Place()
    try:
        told = from_json(after)
    except ValueError:
        raise SnapshotGone(after) from None
    if not isinstance(told, list) or not told or not isinstance(told[0], int) or isinstance(told[0], bool):
        raise SnapshotGone(after)
    place = Place(told[0], tuple(told[1:]))
    if len(place.last) != (0 if folded else _VALUES) or place.seen < 1 or (folded and place.seen >= WINDOW):
        raise SnapshotGone(after)
    return place


def written(place: Place) -> str:
    """A place as text."""
    return to_json([place.seen, *place.last]).decode()


def freshened(query: dict[str, Any], half_life_days: float, now_ms: int) -> dict[str, Any]:
    """The same documents; one that is a half-life older than another counts half as much.

    The engine counts in 32 bits, in which a score of 149 half-lives ago is nothing: from some 43 on all count alike.
    """
    scale = min(_LONGEST_MS, max(1, int(half_life_days * _DAY_MS)))
    now = from_ms(now_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    dated = {"exists": {"field": "date"}}
    past = {"range": {"date": {"lte": now}}}
    decay = {"date": {"origin": now, "scale": f"{scale}ms", "decay": 0.5}}
    functions = [
        {"filter": past, "exp": decay},
        {"filter": past, "weight": _LONG_AGO},
        {"filter": {"bool": {"must_not": dated}}, "weight": _UNDATED},
    ]
    return {"function_score": {"query": query, "functions": functions, "score_mode": "max", "boost_mode": "multiply"}}
