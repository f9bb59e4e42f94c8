"""What the ledger asks of the index room, the one room that writes to the index and the archive, beside indexing."""

from collections.abc import Sequence
from typing import Any, Literal

from shared.ledger.carried import Leased
from shared.ledger.connection import Scripts, available
from shared.models.frozen import Carried

# An errand that was changed meanwhile (a second delete of the page) stays.
_SETTLE = """#!lua flags=allow-oom
local jobs = ARGV[1] .. 'jobs'
for i = 2, #ARGV, 2 do
  if redis.call('HGET', jobs, ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', jobs, ARGV[i]) end
end
"""

# The body leaves Redis only where the page still is a dead letter; one sent again needs it.
_SHELVED = """#!lua flags=allow-oom
for i = 2, #ARGV do
  if redis.call('EXISTS', ARGV[1] .. 'd:' .. ARGV[i]) == 1 then redis.call('DEL', ARGV[1] .. 'b:' .. ARGV[i]) end
end
"""


class Errand(Carried):
    """One thing to do; `version` is the delete's for `delete`, else the page's."""

    kind: Literal["delete", "shelve", "live"]
    id: str
    version: int
    field: str
    value: str


class Errands:
    """Errands stay until they are settled, so one that is cut short is done again; each is harmless to repeat."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def waiting(self, most: int = 500) -> list[Errand]:
        """Some of what is to be done; empty where nothing is."""
        found: list[Errand] = []
        cursor = 0
        while len(found) < most:
            with available():
                told: Any = self._scripts.client.hscan(self._scripts.key("jobs"), cursor, count=most)
            cursor, jobs = told
            found += [_errand(field.decode(), value.decode()) for field, value in jobs.items()]
            if cursor == 0:
                break
        return found

    def settle(self, errands: Sequence[Errand]) -> None:
        """Takes done errands off the list."""
        if not errands:
            return
        pairs = [text for errand in errands for text in (errand.field, errand.value)]
        with available():
            self._scripts.client.eval(_SETTLE, 0, self._scripts.prefix, *pairs)

    def bodies(self, pages: Sequence[Leased | Errand]) -> list[bytes | None]:
        """Packed raw pages, in order; None where one is not in Redis."""
        if not pages:
            return []
        with available():
            told: Any = self._scripts.client.mget([self._scripts.key(f"b:{p.id}:{p.version}") for p in pages])
        return list(told)

    def shelved(self, errands: Sequence[Errand]) -> None:
        """The archive has these dead letters' bodies: they leave Redis."""
        if not errands:
            return
        with available():
            self._scripts.client.eval(_SHELVED, 0, self._scripts.prefix, *(f"{e.id}:{e.version}" for e in errands))


def _errand(field: str, value: str) -> Errand:
    kind, member = field.split(":", 1)
    if kind == "delete":
        return Errand(kind="delete", id=member, version=int(value), field=field, value=value)
    page_id, version = member.rsplit(":", 1)
    return Errand(
        kind="shelve" if kind == "shelve" else "live",
        id=page_id,
        version=int(version),
        field=field,
        value=value,
    )
