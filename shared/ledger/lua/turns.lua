-- Put before the prelude of every script. Whose page is next in the first room, under the prefix:
--   w:clean   pages that were given their turn, by it; behind them, at LAST, those that have none yet
--   q:KEY     these others, of one API key ('' for pages that came without), by their place among the key's own
--   last:KEY  the last such place of each of the key's sources, where it is no earlier than the first that waits
--   senders   keys with such pages, by the turn that the next of them gets; the turn given last is in n
--   shares    how many pages are under way, of each key (KEY) and of each of its sources (KEY:SOURCE)
-- Keys take turns, and within its key's turns its sources do: whoever posts a thousand pages waits behind its own, under
-- however many sources, and no other key does.
local LINE, LAST = ARGV[1], 2^53

-- Nothing of a key is without its turn any more.
local function leave_keys(key)
  redis.call('ZREM', LINE .. 'senders', key)
  redis.call('DEL', LINE .. 'last:' .. key)
end

-- A key that was away begins behind the turn given last: it has no credit. Turns began as the time of the first one, in ms.
local function join_keys(key)
  local given = tonumber(redis.call('HGET', LINE .. 'n', 'turn') or nil) or redis.call('TIME')[1] * 1000
  redis.call('HSETNX', LINE .. 'n', 'turn', string.format('%.0f', given))
  redis.call('ZADD', LINE .. 'senders', given + 1, key)
end

-- A page that was just taken in, or sent again, waits for its turn.
local function stand(member, key, source)
  local first = redis.call('ZRANGE', LINE .. 'q:' .. key, 0, 0, 'WITHSCORES')[2]
  if not first then join_keys(key) end
  local last = tonumber(redis.call('ZSCORE', LINE .. 'last:' .. key, source) or nil) or 0
  local place = math.max(last + 1, tonumber(first or 1))
  redis.call('ZADD', LINE .. 'last:' .. key, place, source)
  redis.call('ZADD', LINE .. 'q:' .. key, place, member)
end

-- A page that ends before its turn.
local function step_out(member, key)
  if redis.call('ZREM', LINE .. 'q:' .. key, member) == 1 and redis.call('EXISTS', LINE .. 'q:' .. key) == 0 then
    leave_keys(key)
  end
end

-- Gives turns until so many pages stand before all those without one.
local function line_up(most)
  local given
  while true do
    local key, turn = unpack(redis.call('ZRANGE', LINE .. 'senders', 0, 0, 'WITHSCORES'))
    if not key or redis.call('ZCOUNT', LINE .. 'w:clean', '-inf', turn) >= most then break end
    local member, place = unpack(redis.call('ZPOPMIN', LINE .. 'q:' .. key))
    -- A worker of an older release takes pages without their turn.
    if member and tonumber(redis.call('ZSCORE', LINE .. 'w:clean', member) or nil) == LAST then
      redis.call('ZADD', LINE .. 'w:clean', turn, member)
      redis.call('HSET', LINE .. 'e:' .. member, 'turn', turn)
      redis.call('ZINCRBY', LINE .. 'senders', 1, key)
      given = turn
    end
    if redis.call('EXISTS', LINE .. 'q:' .. key) == 0 then leave_keys(key)
    else redis.call('ZREMRANGEBYSCORE', LINE .. 'last:' .. key, '-inf', '(' .. place) end
  end
  if given then redis.call('HSET', LINE .. 'n', 'turn', given) end
end

-- Pages of a key and its source under way, one more or one fewer.
local function under_way(key, source, by)
  for _, whose in ipairs({key, key .. ':' .. source}) do
    if redis.call('HINCRBY', LINE .. 'shares', whose, by) <= 0 then redis.call('HDEL', LINE .. 'shares', whose) end
  end
end

local function has_few(whose, few)
  return (tonumber(redis.call('HGET', LINE .. 'shares', whose) or nil) or 0) < few
end
