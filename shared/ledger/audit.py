"""Who did what to the mill, kept in the ledger's Redis: the newest 10,000 entries."""

from typing import Any, Final

from shared.ledger.connection import Scripts, available
from shared.ledger.stream_ids import before_id
from shared.models.frozen import Carried, Moment
from shared.moments import from_ms

KEPT: Final = 10_000


class Deed(Carried):
    """One thing that somebody did."""

    cursor: str
    at: Moment
    action: str
    """`pause`, `resume`, `redrive`, `discard`, `mend`, `rebuild`, `rollback`, `retire`, `cancel`, `keep`, `drop`."""
    target: str
    """What it was done to: a room, a page, a filter."""
    by: str | None = None
    """Whose key it was; None where none is needed."""
    note: str | None = None
    """Why, in the words of whoever did it."""
    done: int | None = None
    """How many pages it concerned."""
    request_id: str | None = None


class Audit:
    """Every method raises DependencyUnavailable where Redis is away."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def note(  # noqa: PLR0913  (one keyword per part of an entry)
        self,
        action: str,
        target: str,
        *,
        by: str | None = None,
        note: str | None = None,
        done: int | None = None,
        request_id: str | None = None,
    ) -> str:
        """Notes what was done; the entry's cursor."""
        told = {"action": action, "target": target[:500], "by": by, "note": note and note[:1000]}
        told |= {"done": None if done is None else str(done), "request_id": request_id}
        fields: Any = {name: value for name, value in told.items() if value is not None}
        with available():
            cursor: Any = self._scripts.client.xadd(self._key, fields, maxlen=KEPT, approximate=True)
        return str(cursor.decode())

    def newest(self, count: int, before: str | None = None) -> list[Deed]:
        """The newest entries first.

        Args:
            count: at most.
            before: only those older than the entry of this cursor.
        """
        end = before_id(before) if before else "+"
        if end is None:
            return []
        with available():
            told: Any = self._scripts.client.xrevrange(self._key, end, "-", count=count)
        return [_deed(cursor.decode(), {k.decode(): v.decode() for k, v in fields.items()}) for cursor, fields in told]

    @property
    def _key(self) -> str:
        return self._scripts.key("audit")


def _deed(cursor: str, fields: dict[str, Any]) -> Deed:
    return Deed(cursor=cursor, at=from_ms(int(cursor.split("-", maxsplit=1)[0])), **fields)
