"""The lines of alerts that wait for webhooks.

Whoever takes a line has it alone until it says what came of the call, or until its time is up; a token tells it from
whoever took the line after that. The alerts of a failed call are called with again, the same ones, so that the call
has the same id. Each step can be repeated.
"""

import secrets
from typing import Any, Final, NamedTuple

import redis

from shared.ledger.connection import available
from shared.models.saved_search import Delivery, SearchId
from shared.moments import from_ms
from shared.saved_searches.inbox import Entry
from shared.saved_searches.keys import Keys, texts

_TAKE: Final = """
local now = now_us() / 1000
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, 10)) do
  local call = P .. 'call:' .. id
  local count = tonumber(redis.call('HGET', call, 'count') or ARGV[2])
  local held = redis.call('LRANGE', P .. 'wait:' .. id, 0, count - 1)
  if #held == 0 or redis.call('HEXISTS', P .. 'searches', id) == 0 then
    redis.call('ZREM', P .. 'due', id)
  else
    redis.call('ZADD', P .. 'due', now + ARGV[3], id)
    redis.call('HSET', call, 'token', ARGV[4], 'count', #held)
    return {id, redis.call('HGET', P .. 'searches', id), tonumber(redis.call('HGET', call, 'failures') or 0), held}
  end
end
return false
"""
_MINE: Final = """
local id, call = ARGV[2], P .. 'call:' .. ARGV[2]
if redis.call('HGET', call, 'token') ~= ARGV[3] then return 0 end
local count = tonumber(redis.call('HGET', call, 'count'))
local function more()
  redis.call('HDEL', call, 'token', 'count', 'failures')
  if redis.call('EXISTS', P .. 'wait:' .. id) == 1 then
    redis.call('ZADD', P .. 'due', now_us() / 1000, id)
  else
    redis.call('ZREM', P .. 'due', id)
  end
end
"""
_DELIVERED: Final = f"""{_MINE}
redis.call('LTRIM', P .. 'wait:' .. id, count, -1)
redis.call('HDEL', call, 'error')
redis.call('HSET', call, 'delivered_ms', string.format('%.0f', now_us() / 1000))
redis.call('HINCRBY', P .. 'n', 'delivered', ARGV[4])
more()
return 1
"""
_FAILED: Final = f"""{_MINE}
redis.call('HINCRBY', P .. 'n', 'failed', 1)
redis.call('HSET', call, 'error', ARGV[4])
if redis.call('HINCRBY', call, 'failures', 1) < tonumber(ARGV[5]) then
  redis.call('HDEL', call, 'token')
  redis.call('ZADD', P .. 'due', now_us() / 1000 + ARGV[6], id)
  return 1
end
local held = redis.call('LRANGE', P .. 'wait:' .. id, 0, count - 1)
redis.call('RPUSH', P .. 'dead:' .. id, unpack(held))
redis.call('LTRIM', P .. 'dead:' .. id, -tonumber(ARGV[7]), -1)
redis.call('LTRIM', P .. 'wait:' .. id, count, -1)
redis.call('HINCRBY', P .. 'n', 'undelivered', #held)
more()
return 2
"""
# Behind what waits, which may be on its way just now; what has no room in the line stays put aside.
_REDRIVE: Final = """
local id = ARGV[2]
if redis.call('HEXISTS', P .. 'searches', id) == 0 then return 0 end
local room = tonumber(ARGV[3]) - redis.call('LLEN', P .. 'wait:' .. id)
local moved = redis.call('LRANGE', P .. 'dead:' .. id, 0, math.max(0, room) - 1)
if room <= 0 or #moved == 0 then return 0 end
for _, each in ipairs(moved) do redis.call('RPUSH', P .. 'wait:' .. id, each) end
redis.call('LTRIM', P .. 'dead:' .. id, #moved, -1)
redis.call('ZADD', P .. 'due', 'NX', now_us() / 1000, id)
return #moved
"""
_NUMBERS: Final = ("alerts", "delivered", "failed", "undelivered")


class Line(NamedTuple):
    """What one call shall bring.

    Args:
        search: the id.
        kept: the saved search as JSON.
        failures: calls that failed with these alerts.
        alerts: the oldest that wait.
        token: what `delivered` and `failed` want to see again.
    """

    search: SearchId
    kept: bytes
    failures: int
    alerts: tuple[Entry, ...]
    token: str


class Outbox:
    """The steps. Every method raises DependencyUnavailable where Redis is away.

    Args:
        client: made by `shared.ledger.connection.connect`.
        prefix: put before every key.
        waiting: alerts that wait for one webhook at most, and as many that are put aside.
        at_once: alerts of one call.
        tries: calls before they are put aside.
    """

    def __init__(self, client: redis.Redis, prefix: str, *, waiting: int, at_once: int, tries: int) -> None:
        self._keys = Keys(client, prefix)
        self._waiting = waiting
        self._at_once = at_once
        self._tries = tries

    def take(self, seconds: float) -> Line | None:
        """A line whose webhook may be called now, for so long; None where there is none."""
        token = secrets.token_hex(8)
        told: Any = self._keys.run(_TAKE, self._at_once, round(seconds * 1000), token)
        if not told:
            return None
        search, kept, failures, held = told
        return Line(search.decode(), kept, int(failures), tuple(map(_entry, texts(held))), token)

    def delivered(self, line: Line) -> bool:
        """The webhook has taken them; False where somebody else has the line by now."""
        return bool(self._keys.run(_DELIVERED, line.search, line.token, len(line.alerts)))

    def failed(self, line: Line, error: str, seconds: float) -> bool:
        """It has not: again in so many seconds, or after too many calls they are put aside; whether they were."""
        wait = round(seconds * 1000)
        told = self._keys.run(_FAILED, line.search, line.token, error[:500], self._tries, wait, self._waiting)
        return int(told) == 2

    def redrive(self, search_id: SearchId) -> int:
        """Puts what was put aside back in line; how many."""
        return int(self._keys.run(_REDRIVE, search_id, self._waiting))

    def undelivered(self, search_id: SearchId, count: int) -> list[Entry]:
        """Some of what was put aside, the newest first."""
        with available():
            told: Any = self._keys.client.lrange(self._keys.name("dead", search_id), -count, -1)
        return [_entry(each) for each in reversed(texts(told))]

    def state(self, search_id: SearchId) -> Delivery:
        """How a webhook does."""
        with available(), self._keys.client.pipeline(transaction=False) as steps:
            steps.llen(self._keys.name("wait", search_id))
            steps.llen(self._keys.name("dead", search_id))
            steps.hgetall(self._keys.name("call", search_id))
            steps.zscore(self._keys.name("due"), search_id)
            waiting, dead, call, due = steps.execute()
        known = {name.decode(): value.decode() for name, value in call.items()}
        delivered = known.get("delivered_ms")
        return Delivery(
            waiting=waiting,
            undelivered=dead,
            not_kept=int(known.get("not_kept", 0)),
            failures=int(known.get("failures", 0)),
            error=known.get("error"),
            next_at=None if due is None else from_ms(int(due)),
            delivered_at=None if delivered is None else from_ms(int(delivered)),
        )

    def figures(self) -> dict[str, int]:
        """Of all saved searches since the beginning: alerts, delivered, failed (calls), undelivered."""
        with available():
            told: Any = self._keys.client.hmget(self._keys.name("n"), _NUMBERS)
        return {name: int(value or 0) for name, value in zip(_NUMBERS, told, strict=True)}


def _entry(told: str) -> Entry:
    at_us, _, member = told.partition(":")
    return Entry(int(at_us), member)
