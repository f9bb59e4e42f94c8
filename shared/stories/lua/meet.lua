-- For each page, in order: which near copy of it is in flight; and it is in flight from now on.
-- ARGV 3.. : values needed to agree, ms to live, then id, version, signature of each page
-- Answer: for each page its story or '', else the id of a near copy whose story is not confirmed yet or '', and 1
-- where another text of the same page is in flight.
local NEEDED, TTL = tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function agreeing(one, other)
  local agree, misses_left = 0, #one / 2 - NEEDED
  for at = 1, #one, 2 do
    local a, b = string.byte(one, at, at + 1)
    local c, d = string.byte(other, at, at + 1)
    if a == c and b == d then
      agree = agree + 1
    else
      misses_left = misses_left - 1
      if misses_left < 0 then return 0 end
    end
  end
  return agree
end

local function candidates(id, signature)
  local found, seen = {}, {[id] = true}
  for _, holder in ipairs(redis.call('HMGET', bands, unpack(bands_of(signature)))) do
    if holder and not seen[holder] then
      seen[holder] = true
      found[#found + 1] = holder
    end
  end
  return found
end

local function nearest(id, signature)
  local story, behind, best_told, best_untold = '', '', 0, 0
  for _, other in ipairs(candidates(id, signature)) do
    local entry = entry_of(other)
    local agree = entry and agreeing(signature, entry.signature) or 0
    if agree > best_told and entry.story ~= '' then
      story, best_told = entry.story, agree
    elseif agree > best_untold and entry.story == '' then
      behind, best_untold = other, agree
    end
  end
  return story, behind
end

local function register(id, entry)
  local names, free = bands_of(entry.signature), {}
  for at, holder in ipairs(redis.call('HMGET', bands, unpack(names))) do
    if not holder then
      free[#free + 1] = names[at]
      free[#free + 1] = id
    end
  end
  if #free > 0 then redis.call('HSET', bands, unpack(free)) end
  save(id, entry)
  redis.call('ZADD', due, now + TTL, id)
end

local function meet(id, version, signature)
  local own = entry_of(id)
  local alike = own and agreeing(signature, own.signature) > 0
  if alike and own.story ~= '' and own.version >= version then return own.story, '', 0 end
  local story, behind = nearest(id, signature)
  if alike and own.story ~= '' then story = own.story end
  if not own or own.version <= version then
    if own then forget(id, own) end
    register(id, {version = version, story = story, signature = signature})
  end
  if story ~= '' then behind = '' end
  return story, behind, (own and not alike) and 1 or 0
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, 100)) do
  forget(id, entry_of(id) or {signature = ''})
end
local answer = {}
for at = 5, #ARGV, 3 do
  local story, behind, changed = meet(ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2])
  answer[#answer + 1] = story
  answer[#answer + 1] = behind
  answer[#answer + 1] = changed
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 2 * TTL) end
return answer
