from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

import redis

from shared.ledger.connection import Argument, available
from shared.models.saved_search import SearchId
from shared.saved_searches.events import Found
from shared.saved_searches.keys import Keys

_AT_ONCE: Final = 500
# A search that was deleted meanwhile is told nothing; what is in the inbox already is not told again.
_NOTE: Final = """
local inbox_most, wait_most = tonumber(ARGV[2]), tonumber(ARGV[3])
local at, new = now_us(), 0
for i = 4, #ARGV, 3 do
  local id, member, sent = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local inbox = P .. 'inbox:' .. id
  if redis.call('HEXISTS', P .. 'searches', id) == 1 and not redis.call('ZSCORE', inbox, member) then
    local last = redis.call('ZRANGE', inbox, -1, -1, 'WITHSCORES')
    local score = at
    if last[2] and tonumber(last[2]) >= at then score = tonumber(last[2]) + 1 end
    redis.call('ZADD', inbox, string.format('%.0f', score), member)
    redis.call('ZREMRANGEBYRANK', inbox, 0, -inbox_most - 1)
    new = new + 1
    if sent == '1' then
      if redis.call('LLEN', P .. 'wait:' .. id) < wait_most then
        redis.call('RPUSH', P .. 'wait:' .. id, string.format('%.0f', score) .. ':' .. member)
        redis.call('ZADD', P .. 'due', 'NX', at / 1000, id)
      else
        redis.call('HINCRBY', P .. 'call:' .. id, 'not_kept', 1)
      end
    end
  end
end
redis.call('HINCRBY', P .. 'n', 'alerts', new)
return new
"""


class Entry(NamedTuple):
    """One alert as it is kept: when it was found, in microseconds, which is its place too, and what."""

    at_us: int
    member: str


class Inboxes:
    """The alerts of each saved search, the newest of them.

    Every method raises DependencyUnavailable where Redis is away.

    Args:
        client: made by `shared.ledger.connection.connect`.
        prefix: put before every key.
        most: alerts in one inbox.
        waiting: alerts that wait for one webhook.
    """

    def __init__(self, client: redis.Redis, prefix: str, most: int, waiting: int) -> None:
        self._keys = Keys(client, prefix)
        self._most = most
        self._waiting = waiting

    def note(self, found: Sequence[Found]) -> int:
        """Puts down what was found, in the inboxes and in the lines of webhooks; how many of it were new.

        Repeats are harmless.
        """
        new = 0
        for start in range(0, len(found), _AT_ONCE):
            told: list[Argument] = []
            for each in found[start : start + _AT_ONCE]:
                told += (each.search, each.member, int(each.sent))
            new += int(self._keys.run(_NOTE, self._most, self._waiting, *told))
        return new

    def count(self, search_id: SearchId) -> int:
        """Alerts in an inbox."""
        with available():
            told: Any = self._keys.client.zcard(self._keys.name("inbox", search_id))
        return int(told)

    def entries(
        self, search_id: SearchId, order: Literal["newest", "oldest"], after: int | None, count: int
    ) -> list[Entry]:
        """Some alerts in an order, those behind a place."""
        key = self._keys.name("inbox", search_id)
        with available():
            if order == "newest":
                high = "+inf" if after is None else f"({after}"
                told: Any = self._keys.client.zrevrangebyscore(key, high, "-inf", start=0, num=count, withscores=True)
            else:
                low = "-inf" if after is None else f"({after}"
                told = self._keys.client.zrangebyscore(key, low, "+inf", start=0, num=count, withscores=True)
        return [Entry(int(score), member.decode()) for member, score in told]
