"""What the ledger asks of the index room, the one room that writes to the index and the archive, beside indexing."""

from collections.abc import Sequence
from typing import Any, Literal, cast

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

# The index has let these pages go, the archive not yet. A delete that was changed meanwhile is yet to reach the index.
_TAKEN_OUT = """#!lua flags=allow-oom
local jobs = ARGV[1] .. 'jobs'
for i = 2, #ARGV, 2 do
  local delete, erase = 'delete:' .. ARGV[i], 'erase:' .. ARGV[i]
  local before = tonumber(redis.call('HGET', jobs, erase) or nil) or 0
  if before < tonumber(ARGV[i + 1]) then redis.call('HSET', jobs, erase, ARGV[i + 1]) end
  if redis.call('HGET', jobs, delete) == ARGV[i + 1] then redis.call('HDEL', jobs, delete) end
end
"""

# The body leaves Redis only where the page still is a dead letter; one sent again needs it.
_SHELVED = """#!lua flags=allow-oom
for i = 2, #ARGV do
  if redis.call('EXISTS', ARGV[1] .. 'd:' .. ARGV[i]) == 1 then redis.call('DEL', ARGV[1] .. 'b:' .. ARGV[i]) end
end
"""


ErrandKind = Literal["delete", "erase", "shelve", "live"]


class Errand(Carried):
    """One thing to do; `version` is the delete's for `delete` and `erase`, else the page's.

    `delete`: out of the index, then out of the archive, which is `erase`. `shelve`: a dead letter's body into the
    archive. `live`: that body is a dead letter's no more.
    """

    kind: ErrandKind
    id: str
    version: int
    field: str
    value: str


class Errands:
    """Errands stay until they are settled, so one that is cut short is done again; each is harmless to repeat."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def waiting(self, kind: ErrandKind | None = None, most: int = 500) -> list[Errand]:
        """Some of what is to be done, of one kind or of all; empty where nothing is."""
        match = f"{kind}:*" if kind else None
        found: list[Errand] = []
        cursor = 0
        while len(found) < most:
            with available():
                told: Any = self._scripts.client.hscan(self._scripts.key("jobs"), cursor, match, count=most)
            cursor, jobs = told
            found += [_errand(field.decode(), value.decode()) for field, value in jobs.items()]
            if cursor == 0:
                break
        return found

    def left(self) -> int:
        """How many there are."""
        with available():
            told: Any = self._scripts.client.hlen(self._scripts.key("jobs"))
        return int(told)

    def settle(self, errands: Sequence[Errand]) -> None:
        """Takes done errands off the list."""
        if not errands:
            return
        pairs = [text for errand in errands for text in (errand.field, errand.value)]
        with available():
            self._scripts.client.eval(_SETTLE, 0, self._scripts.prefix, *pairs)

    def taken_out(self, deletes: Sequence[Errand]) -> None:
        """The index has let these pages go: what is left of their deletes is `erase`."""
        if not deletes:
            return
        pairs = [text for errand in deletes for text in (errand.id, errand.value)]
        with available():
            self._scripts.client.eval(_TAKEN_OUT, 0, self._scripts.prefix, *pairs)

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
    name, member = field.split(":", 1)
    kind = cast("ErrandKind", name)
    if kind in {"delete", "erase"}:
        return Errand(kind=kind, id=member, version=int(value), field=field, value=value)
    page_id, version = member.rsplit(":", 1)
    return Errand(kind=kind, id=page_id, version=int(version), field=field, value=value)
