-- What pages say, in order. A block that enough different stories of a site hold becomes one of the site's own.
-- ARGV: prefix, stories needed at first, share of the site's stories needed, ms that a block lives unseen, sites at most, then
-- for each page: site, page and story (digests), what it kept, what was left out as the site's (6 bytes a block)
-- Answer: site, block, site, block ... of those that became the site's own now.
local P, NEEDED, SHARE, LIVES, SITES = ARGV[1] .. 'sites:', tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local BLOCK, RECORD, STORIES, CANDIDATES, BLOCKS = 6, 10, 200, 400, 200
local ORDER, COUNTS, FIGURES = P .. 'order', P .. 'stories', P .. 'figures'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local answer = {}

local function cut(packed)
  local blocks = {}
  for at = 1, #packed, BLOCK do blocks[#blocks + 1] = string.sub(packed, at, at + BLOCK - 1) end
  return blocks
end

local function forget_site(site)
  redis.call('DEL', P .. 'seen:' .. site, P .. 'candidates:' .. site, P .. 'blocks:' .. site, P .. 'texts:' .. site)
  redis.call('HDEL', COUNTS, site)
  redis.call('ZREM', ORDER, site)
end

-- The oldest go until two thirds of what may stay are left.
local function thin_out(key, most)
  if redis.call('HLEN', key) <= most then return end
  local all, numbers = redis.call('HGETALL', key), {}
  for at = 1, #all, 2 do numbers[#numbers + 1] = {all[at], tonumber(all[at + 1])} end
  table.sort(numbers, function(one, other) return one[2] < other[2] end)
  for at = 1, #numbers - math.floor(most * 2 / 3) do redis.call('HDEL', key, numbers[at][1]) end
end

-- Whether the page tells a story that the site has not told of late, and how many that makes.
local function count_story(site, page, story)
  local key = P .. 'seen:' .. site
  local known = redis.call('HMGET', key, page, story)
  local fresh = not known[1] and not known[2]
  local stories = fresh and redis.call('HINCRBY', COUNTS, site, 1) or tonumber(redis.call('HGET', COUNTS, site) or 0)
  redis.call('HSET', key, page, stories, story, stories)
  thin_out(key, 2 * STORIES)
  return fresh, stories
end

local function entries_of(key)
  local all, entries = redis.call('HGETALL', key), {}
  for at = 1, #all, 2 do
    local count, first, last, since, seen = struct.unpack('>IIIdd', all[at + 1])
    entries[all[at]] = {count = count, first = first, last = last, since = since, seen = seen}
  end
  return entries
end

local function save(key, block, entry)
  redis.call('HSET', key, block, struct.pack('>IIIdd', entry.count, entry.first, entry.last, entry.since, entry.seen))
end

-- What the site says no more: not seen for long, or on too few of its stories since.
local function forget_blocks(site, entries, stories)
  for block, entry in pairs(entries) do
    local rare = entry.count < SHARE / 2 * (stories - entry.first + 1)
    if rare or entry.last < stories - STORIES or entry.seen < now - LIVES then
      redis.call('HDEL', P .. 'blocks:' .. site, block)
      redis.call('HDEL', P .. 'texts:' .. site, block)
      redis.call('HINCRBY', FIGURES, 'forgotten', 1)
      entries[block] = nil
    end
  end
end

local function become(site, block, entry)
  local key = P .. 'blocks:' .. site
  if redis.call('HLEN', key) >= BLOCKS then return end  -- what the site says no more makes room
  save(key, block, entry)
  redis.call('HINCRBY', FIGURES, 'learnt', 1)
  answer[#answer + 1] = site
  answer[#answer + 1] = block
end

-- Candidates are one string of records (block, stories that held it, number of the first), those seen last at its end:
-- looking for 25 blocks in it costs a tenth of what 25 fields of a small hash do.
local function take_out(candidates, block)
  local at = string.find(candidates, block, 1, true)
  while at and (at - 1) % RECORD ~= 0 do at = string.find(candidates, block, at + 1, true) end
  if not at then return candidates, 0, nil end
  local count, first = struct.unpack('>BI3', candidates, at + BLOCK)
  return string.sub(candidates, 1, at - 1) .. string.sub(candidates, at + RECORD), count, first
end

-- The longer a site has been known, the more it takes: five stories in a row with one paragraph are one event's.
local function enough(count, first, stories)
  local needed = NEEDED + math.min(3 * NEEDED, math.floor(first / 10))
  return count >= needed and count >= SHARE * (stories - first + 1)
end

local function count_candidates(site, blocks, stories)
  local key = P .. 'candidates:' .. site
  local candidates, seen = redis.call('GET', key) or '', {}
  for _, block in ipairs(blocks) do
    local count, first
    candidates, count, first = take_out(candidates, block)
    count, first = math.min(count + 1, 255), first or stories
    if enough(count, first, stories) then
      become(site, block, {count = count, first = first, last = stories, since = now, seen = now})
    else
      seen[#seen + 1] = block .. struct.pack('>BI3', count, first)
    end
  end
  redis.call('SET', key, string.sub(candidates .. table.concat(seen), -CANDIDATES * RECORD))
end

local function learn(site, page, story, kept, dropped)
  redis.call('ZADD', ORDER, now, site)
  local fresh, stories = count_story(site, page, story)
  local key = P .. 'blocks:' .. site
  local entries, unknown = entries_of(key), {}
  for _, blocks in ipairs({dropped, kept}) do
    for _, block in ipairs(blocks) do
      local entry = entries[block]
      if entry then
        entry.count, entry.last, entry.seen = entry.count + (fresh and 1 or 0), stories, now
        save(key, block, entry)
      elseif blocks == kept then
        unknown[#unknown + 1] = block
      end
    end
  end
  forget_blocks(site, entries, stories)
  if fresh and #unknown > 0 then count_candidates(site, unknown, stories) end
end

for at = 6, #ARGV, 5 do
  learn(ARGV[at], ARGV[at + 1], ARGV[at + 2], cut(ARGV[at + 3]), cut(ARGV[at + 4]))
end
for _, site in ipairs(redis.call('ZRANGEBYSCORE', ORDER, 0, now - LIVES, 'LIMIT', 0, 100)) do forget_site(site) end
local over = redis.call('ZCARD', ORDER) - SITES
if over > 0 then
  for _, site in ipairs(redis.call('ZRANGE', ORDER, 0, over - 1)) do forget_site(site) end
end
return answer
