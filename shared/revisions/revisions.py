"""The way of a document that is enriched once more.

The index room notes a page whose enrichment is not complete, before the ledger ends the page. When it is due a worker
takes it (which counts the try first, and lets nobody else have it for a while), works out the next revision, and leaves
it for the index room, the only one that writes. Each step can be repeated; a worker that is killed costs one try.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple

import redis

from shared.ledger.connection import Argument, available
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.packing import freeze, thaw

Desk = Literal["enrich", "names"]
"""Who works it out: `enrich` for steps that failed, `names` for the slower extractor."""
MOST_TRIES: Final = 5
"""After these the flag stays; the page is searchable all the same."""
_MOST: Final = 100_000
"""Pages that wait at a desk; beyond them the ones that are due last are let go."""
_LEASE_MS: Final = 300_000
_GROWTH: Final = 4
"""Each try waits so many times longer than the one before."""

_NOTE: Final = """#!lua flags=allow-oom
local now = redis.call('TIME')
local due = now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[1]
for i = 3, #ARGV do redis.call('ZADD', KEYS[1], 'NX', due, ARGV[i]) end
local over = redis.call('ZCARD', KEYS[1]) - ARGV[2]
if over > 0 then
  for _, id in ipairs(redis.call('ZPOPMAX', KEYS[1], over)) do redis.call('HDEL', KEYS[2], id) end
end
"""
_TAKE: Final = """#!lua flags=allow-oom
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local told = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ms, 'LIMIT', 0, ARGV[1])) do
  local tries = redis.call('HINCRBY', KEYS[2], id, 1)
  if tries > tonumber(ARGV[3]) then
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
  else
    redis.call('ZADD', KEYS[1], ms + ARGV[2], id)
    told[#told + 1] = id
    told[#told + 1] = tries
  end
end
return told
"""
_LATER: Final = """#!lua flags=allow-oom
local now = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'XX', now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[2], ARGV[1])
"""
# What was made anew meanwhile stays.
_SETTLE: Final = """#!lua flags=allow-oom
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
"""


class Due(NamedTuple):
    """A page to be enriched again, and which try this is, from 1."""

    id: PageId
    tries: int


class Revisions:
    """The steps.

    Args:
        client: from `shared.ledger.connection.connect`.
        prefix: put before every key.
        first_seconds: until a failed step is tried again; four times longer after each failure.

    Every method raises DependencyUnavailable where Redis is away.
    """

    def __init__(self, client: redis.Redis, prefix: str, first_seconds: float) -> None:
        self._client = client
        self._prefix = f"{prefix}revisions:"
        self._first_ms = round(first_seconds * 1000)

    def note(self, documents: Iterable[Document]) -> None:
        """Puts down those whose enrichment has a step that failed or is pending."""
        given = list(documents)
        failed = [each.id for each in given if "failed" in each.enrichment.values()]
        pending = [each.id for each in given if each.enrichment.get("names") == "pending"]
        for desk, ids, wait in (("enrich", failed, self._first_ms), ("names", pending, 0)):
            if ids:
                self._run(_NOTE, self._keys(desk), [wait, _MOST, *ids])

    def take(self, desk: Desk, most: int) -> list[Due]:
        """Some that are due; the try counts from now on, and the page is nobody else's for five minutes."""
        told: Any = self._run(_TAKE, self._keys(desk), [most, _LEASE_MS, MOST_TRIES])
        return [Due(page.decode(), int(tries)) for page, tries in zip(told[0::2], told[1::2], strict=True)]

    def later(self, desk: Desk, due: Due) -> None:
        """It failed again: the next try waits longer than this one did."""
        self._run(_LATER, self._keys(desk)[:1], [due.id, self._first_ms * _GROWTH**due.tries])

    def drop(self, desk: Desk, page_id: PageId) -> None:
        """There is nothing more to be done for the page here."""
        waiting, tries = self._keys(desk)
        with available():
            self._client.zrem(waiting, page_id)
            self._client.hdel(tries, page_id)

    def offer(self, document: Document) -> bool:
        """Leaves a revision for the index room; False where one waits there already, which this one does not know."""
        with available():
            return bool(self._client.hsetnx(f"{self._prefix}made", document.id, freeze(document)))

    def made(self, most: int = 100) -> list[tuple[Document, bytes]]:
        """Some of the revisions that the index room shall write, each with what `settle` wants to see again."""
        with available():
            if not self._client.exists(f"{self._prefix}made"):
                return []
            told: Any = self._client.hscan(f"{self._prefix}made", 0, count=most)
        return [(thaw(Document, frame), frame) for frame in told[1].values()]

    def settle(self, written: Sequence[tuple[Document, bytes]]) -> None:
        """The index has answered for these."""
        if written:
            pairs = [value for document, frame in written for value in (document.id, frame)]
            self._run(_SETTLE, [f"{self._prefix}made"], pairs)

    def waiting(self) -> tuple[Desk, ...]:
        """The desks at which something is due."""
        with available():
            seconds, micros = self._time()
            now = seconds * 1000 + micros // 1000
            return tuple(desk for desk in ("enrich", "names") if self._client.zcount(self._keys(desk)[0], 0, now))

    def has_made(self) -> bool:
        """Whether a revision waits for the index room."""
        with available():
            return bool(self._client.exists(f"{self._prefix}made"))

    def _time(self) -> tuple[int, int]:
        seconds, micros = self._client.time()
        return int(seconds), int(micros)

    def _keys(self, desk: str) -> list[str]:
        return [f"{self._prefix}{desk}", f"{self._prefix}{desk}:tries"]

    def _run(self, script: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        with available():
            return self._client.eval(script, len(keys), *keys, *arguments)
