import secrets
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NamedTuple

import redis
from pydantic import ValidationError

from shared.ledger.connection import available
from shared.models.saved_search import SavedSearch, SearchId
from shared.moments import to_ms
from shared.saved_searches.keys import OF_ONE, Keys, texts

_CHANGES_MAX: Final = 2
"""Times as many changes are told one by one as there may be saved searches."""
_CHANGED: Final = """
local function changed(id, most)
  local number = redis.call('HINCRBY', P .. 'n', 'change', 1)
  redis.call('ZADD', P .. 'changes', number, id)
  local over = redis.call('ZCARD', P .. 'changes') - most
  if over > 0 then
    local gone = redis.call('ZPOPMIN', P .. 'changes', over)
    redis.call('HSET', P .. 'n', 'floor', gone[#gone])
  end
end
"""
_ADD: Final = f"""{_CHANGED}
if redis.call('HLEN', P .. 'searches') >= tonumber(ARGV[4]) then return 0 end
redis.call('HSET', P .. 'searches', ARGV[2], ARGV[3])
redis.call('ZADD', P .. 'ids', 0, ARGV[2])
changed(ARGV[2], tonumber(ARGV[5]))
return 1
"""
# Without a webhook there is nobody to send to; with another one the calls begin anew, and what waits goes there.
_REPLACE: Final = f"""{_CHANGED}
if redis.call('HEXISTS', P .. 'searches', ARGV[2]) == 0 then return 0 end
redis.call('HSET', P .. 'searches', ARGV[2], ARGV[3])
if ARGV[5] == '' then
  redis.call('DEL', P .. 'wait:' .. ARGV[2], P .. 'dead:' .. ARGV[2], P .. 'call:' .. ARGV[2])
  redis.call('ZREM', P .. 'due', ARGV[2])
elseif ARGV[5] == 'new' then
  redis.call('HDEL', P .. 'call:' .. ARGV[2], 'failures', 'error', 'token', 'count')
  if redis.call('EXISTS', P .. 'wait:' .. ARGV[2]) == 1 then redis.call('ZADD', P .. 'due', 0, ARGV[2]) end
end
changed(ARGV[2], tonumber(ARGV[4]))
return 1
"""
_REMOVE: Final = f"""{_CHANGED}
if redis.call('HDEL', P .. 'searches', ARGV[2]) == 0 then return 0 end
redis.call('ZREM', P .. 'ids', ARGV[2])
redis.call('ZREM', P .. 'due', ARGV[2])
for i = 4, #ARGV do redis.call('DEL', P .. ARGV[i] .. ':' .. ARGV[2]) end
changed(ARGV[2], tonumber(ARGV[3]))
return 1
"""


class Changes(NamedTuple):
    """What has changed since a number.

    Args:
        number: of the last change, to ask from next time.
        whole: whether these are all that there are, and others are to be forgotten.
        searches: those that were made or changed.
        gone: ids of those that were deleted.
    """

    number: int
    whole: bool
    searches: tuple[SavedSearch, ...] = ()
    gone: tuple[SearchId, ...] = ()


class SavedSearches:
    """The saved searches in Redis. Every method raises DependencyUnavailable where that is away.

    Args:
        client: made by `shared.ledger.connection.connect`.
        prefix: put before every key.
        most: how many there may be.
    """

    def __init__(self, client: redis.Redis, prefix: str, most: int) -> None:
        self._keys = Keys(client, prefix)
        self._most = most

    def add(self, search: SavedSearch) -> bool:
        """Keeps a new one; False where there are as many as there may be."""
        kept = search.model_dump_json(by_alias=True)
        return bool(self._keys.run(_ADD, search.id, kept, self._most, self._told))

    def get(self, search_id: SearchId) -> SavedSearch | None:
        """One of them."""
        with available():
            told: Any = self._keys.client.hget(self._keys.name("searches"), search_id)
        return None if told is None else _read(told)

    def listed(self, after: SearchId | None, count: int) -> list[SavedSearch]:
        """Some of them in the order of their making, those behind an id."""
        with available():
            low = f"({after}" if after else "-"
            ids: Any = self._keys.client.zrangebylex(self._keys.name("ids"), low, "+", start=0, num=count)
            told: Any = self._keys.client.hmget(self._keys.name("searches"), ids) if ids else []
        return [search for each in told if each is not None and (search := _read(each))]

    def count(self) -> int:
        """How many there are."""
        with available():
            told: Any = self._keys.client.hlen(self._keys.name("searches"))
        return int(told)

    def replace(self, search: SavedSearch, *, new_webhook: bool) -> bool:
        """Puts another in the place of the one of this id; False where there is none.

        Args:
            search: what it is now.
            new_webhook: whether it is called elsewhere than before.
        """
        calls = "" if search.webhook is None else "new" if new_webhook else "same"
        kept = search.model_dump_json(by_alias=True)
        return bool(self._keys.run(_REPLACE, search.id, kept, self._told, calls))

    def remove(self, search_id: SearchId) -> bool:
        """Takes one away with all its alerts, those that wait too; False where there was none."""
        return bool(self._keys.run(_REMOVE, search_id, self._told, *OF_ONE))

    def changes(self, since: int | None) -> Changes | None:
        """What has changed since a number that `changes` gave; None for nothing, which is one short question.

        Args:
            since: None asks for all.
        """
        with available():
            told: Any = self._keys.client.hmget(self._keys.name("n"), ["change", "floor"])
        number, floor = (int(each or 0) for each in told)
        if since == number:
            return None
        if since is None or since > number or since < floor:
            return self._all(number)
        return self._some(number, since)

    def _all(self, number: int) -> Changes:
        with available():
            told: Any = self._keys.client.hvals(self._keys.name("searches"))
        return Changes(number, whole=True, searches=tuple(search for each in told if (search := _read(each))))

    def _some(self, number: int, since: int) -> Changes:
        with available():
            found: Any = self._keys.client.zrangebyscore(self._keys.name("changes"), f"({since}", number)
            told: Any = self._keys.client.hmget(self._keys.name("searches"), found) if found else []
        there = [(name, _read(each) if each else None) for name, each in zip(texts(found), told, strict=True)]
        searches = tuple(search for _, search in there if search)
        return Changes(number, whole=False, searches=searches, gone=tuple(name for name, search in there if not search))

    @property
    def _told(self) -> int:
        return max(1000, _CHANGES_MAX * self._most)


def fresh_id(now: datetime) -> SearchId:
    """An id that sorts behind those that were made before it."""
    return f"{to_ms(now):012x}{secrets.token_hex(4)}"


def _read(told: bytes) -> SavedSearch | None:
    """What was kept; None for what only newer code can read."""
    with suppress(ValidationError):
        return SavedSearch.model_validate_json(told)
    return None
