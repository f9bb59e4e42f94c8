-- Put before every script. What is kept, under the prefix P:
--   p:ID      the page: newest version (n), the live one behind it (lv), searchable version (sv),
--             walking versions (w), dead versions (d), url (u), source (so); JSON, versions as strings
--   e:ID:VER  a walking version: room, stage, st (w waiting, l leased), tk token, strikes, since, acc, size, ...
--             in the index room crowd (pages it was last taken with, itself among them), suspected (lost batches that it
--             was in), within (how many it may be taken with now);
--             and per room a_ attempts, w_ ms waited, t0_ t1_ begin and end, ms_ work, o_ outcome, d_ detail;
--             h what went wrong on its way, JSON
--   b:ID:VER  the packed raw page      a:ID:VER  what the last room made of it
--   w:ROOM waiting, by turn            r:ROOM waiting for a due time   l:ROOM leased, by expiry
--   s:ROOM both, by the time they came in
--   suspects  pages of the index room that were in a batch that was lost, or were struck; by when that was
--   q:KEY, last:KEY, senders, shares   whose turn it is, see turns.lua
--   hold why no new page is taken in for the moment
--   n counters   dead, d:ID:VER, groups dead letters   tomb deletes   out outcomes   jobs the index room's errands
--   let_go    a page's newest dead letter that was let go: its bytes lie in the archive beside those of searchable pages
--   untold    pages that left a room with no worker to say so, until one has: member, room, stage, how, request, trace
--   paused rooms that hand no pages out, with the ms since when
--   rebuild   what was asked of the index's generations: number, kind, progress, token and until of the lease, ...
--             tries failures in a row; lapsed whether the last one was a lease that ran out
--   rebuild:rejected ids with the reason why they are not in the new one   rebuild:reasons how many of each
local P, TTL, SHARED, SOLO, OUTCOMES = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local FIRST = 6
-- What Redis refuses in the midst of a script leaves all that was written before it: a step looks first.
local function within(what, text, most)
  local number = tonumber(text)
  if not number or not (number >= 1 and number <= most) or number % 1 ~= 0 then
    error({err = 'ERR ' .. what .. ' is no number from 1 to ' .. string.format('%.0f', most)})
  end
end
within('ms that receipts are kept', TTL, 2^52)
within('outcomes kept', OUTCOMES, 2^53)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ROOMS = {'clean', 'enrich', 'index', 'solo'}

-- For how many ms the line has not moved in some room. Not by the oldest page: a few that are tried again and again may
-- be old while all others move.
local OLD = 9
local function line_waits()
  local longest = 0
  for _, room in ipairs({'clean', 'enrich', 'index'}) do
    local entered = redis.call('ZRANGE', P .. 's:' .. room, OLD, OLD, 'WITHSCORES')[2]
    if entered then longest = math.max(longest, now - tonumber(entered)) end
  end
  return longest
end

local function whole(number) return string.format('%.0f', number) end
local function count(field, by) redis.call('HINCRBY', P .. 'n', field, by) end

-- The beginning of a text, of so many bytes at most, and no part of a character.
local function cut(text, most)
  if #text <= most then return text end
  while most > 0 and string.find(text, '^[\128-\191]', most + 1) do most = most - 1 end
  return string.sub(text, 1, most) .. '…'
end

local function fields(key)
  local flat, map = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do map[flat[i]] = flat[i + 1] end
  return map
end

local function load(id)
  local text = redis.call('GET', P .. 'p:' .. id)
  return text and cjson.decode(text) or nil
end

-- A record expires only when nothing of the page walks or lies dead.
local function save(id, rec)
  if rec.w and #rec.w == 0 then rec.w = nil end
  if rec.d and #rec.d == 0 then rec.d = nil end
  local text = cjson.encode(rec)
  if rec.w or rec.d then redis.call('SET', P .. 'p:' .. id, text)
  else redis.call('SET', P .. 'p:' .. id, text, 'PX', TTL) end
end

local function without(list, value)
  local rest = {}
  for _, each in ipairs(list or {}) do if each ~= value then rest[#rest + 1] = each end end
  return rest
end

local function with(list, value)
  local all = without(list, value)
  all[#all + 1] = value
  return all
end

local function split(member)
  local id, ver = string.match(member, '^(.+):(%d+)$')
  return id, ver
end

-- The work done in each room so far: {room, attempts, begin, end, ms, outcome, detail, ms waited before it}.
local function timeline(e)
  local list = {}
  for _, room in ipairs(ROOMS) do
    if e['a_' .. room] then
      list[#list + 1] = {room, tonumber(e['a_' .. room]), tonumber(e['t0_' .. room]) or false,
        tonumber(e['t1_' .. room]) or false, tonumber(e['ms_' .. room]) or false,
        e['o_' .. room] or false, e['d_' .. room] or false, tonumber(e['w_' .. room] or nil) or false}
    end
  end
  return list
end

-- What went wrong on a page's way: {time, what, room, detail, times}, of which the beginning and the end are kept.
-- While a dependency is away a page is tried again and again: `times` counts that.
local REMEMBERED, DETAIL = 8, 120
local function remember(member, e, at, what, room, detail, often)
  local list = e.h and cjson.decode(e.h) or {}
  local last = list[#list]
  detail = cut(detail, DETAIL)
  if often and last and last[2] == what and last[3] == room and last[4] == detail then last[5] = last[5] + 1
  else list[#list + 1] = {at, what, room, detail, 1} end
  if #list > REMEMBERED then table.remove(list, 3) end
  e.h = cjson.encode(list)
  redis.call('HSET', P .. 'e:' .. member, 'h', e.h)
end

local function outcome(id, ver, state, reason, source)
  redis.call('XADD', P .. 'out', 'MAXLEN', '~', OUTCOMES, '*', 'i', id, 'v', ver, 's', state,
    'r', reason or '', 'o', source or '')
  count('ended', 1)
end

local function enter(member, e, room, stage, fresh)
  redis.call('HSET', P .. 'e:' .. member, 'room', room, 'stage', stage, 'st', 'w', 'since', now)
  redis.call('HDEL', P .. 'e:' .. member, 'tk')
  redis.call('ZADD', P .. 'w:' .. room, e.turn or e.acc, member)
  redis.call('ZADD', P .. 's:' .. room, now, member)
  count('in:' .. room, 1)
  e.room, e.stage, e.st = room, stage, 'w'
end

local function leave(member, e)
  redis.call('ZREM', P .. 'w:' .. e.room, member)
  redis.call('ZREM', P .. 'r:' .. e.room, member)
  redis.call('ZREM', P .. 'l:' .. e.room, member)
  redis.call('ZREM', P .. 's:' .. e.room, member)
  if e.room == 'index' then redis.call('ZREM', P .. 'suspects', member) end
  if e.key and not e.turn then step_out(member, e.key) end
end

-- The version has ended: it walks no more, and the page's record says how.
local function close(member, e, state, reason)
  local id, ver = split(member)
  leave(member, e)
  if e.key then under_way(e.key, e.src or '', -1) end  -- a page of before there were shares is in none
  count('bytes', -tonumber(e.size))
  redis.call('DEL', P .. 'e:' .. member, P .. 'a:' .. member)
  local rec = load(id) or {n = {v = ver, at = tonumber(e.acc)}}
  rec.w = without(rec.w, ver)
  fate(state, e.site)
  if state == 'searchable' then
    if not rec.sv or tonumber(rec.sv) < tonumber(ver) then rec.sv = ver end
    if rec.n.v == ver then rec.lv = nil end
  elseif rec.lv and rec.lv.v == ver then
    rec.lv = nil
  end
  if state == 'dead' then rec.d = with(rec.d, ver) end
  if rec.n.v == ver then
    rec.n.s, rec.n.r, rec.n.e, rec.n.tl = state, reason, now, timeline(e)
    rec.n.h = e.h and cjson.decode(e.h) or nil
  end
  save(id, rec)
  outcome(id, ver, state, reason, e.src)
end

local function group(e)
  return cjson.encode({e.reason, e.room, e.site or '', e.src or ''})
end

-- A dead letter leaves the dead: its groups and gauges are put right; the caller says where it goes.
local function unbury(member, d)
  redis.call('ZREM', P .. 'dead', member)
  local key = group({reason = d.reason, room = d.room, site = d.site, src = d.src})
  if redis.call('HINCRBY', P .. 'groups', key, -1) <= 0 then redis.call('HDEL', P .. 'groups', key) end
  redis.call('HDEL', P .. 'jobs', 'shelve:' .. member)
  redis.call('DEL', P .. 'd:' .. member)
  count('dead:' .. d.room, -1)
end

-- A dead letter is let go: counted as dropped for this reason, and told where its version is the newest. False: it is none.
local function let_go(member, reason, note)
  local d = fields(P .. 'd:' .. member)
  if not d.room then return false end
  local id, ver = split(member)
  local state = reason == 'deleted' and 'deleted' or 'dropped'
  unbury(member, d)
  redis.call('DEL', P .. 'b:' .. member)
  redis.call('HSET', P .. 'jobs', 'live:' .. member, '1')
  local before = tonumber(redis.call('HGET', P .. 'let_go', id) or nil) or 0
  if reason ~= 'deleted' and before < tonumber(ver) then redis.call('HSET', P .. 'let_go', id, ver) end
  count('dropped:' .. reason, 1)
  count((reason == 'deleted' and 'deleted:' or 'gone:') .. d.room, 1)
  local rec = load(id)
  if rec then
    rec.d = without(rec.d, ver)
    if rec.n.v == ver then
      rec.n.s, rec.n.r, rec.n.e = state, reason, now
      rec.n.tl = with(rec.n.tl, {d.room, 0, now, now, 0, 'dropped', cut(note, 200)})
    end
    save(id, rec)
  end
  outcome(id, ver, state, reason, d.src)
  return true
end

-- Dead letters behind a version that is searchable, or dead as well, are let go: what they held is out of date.
local function tidy_letters(id)
  local rec = load(id)
  if not rec or not rec.d then return end
  local newest = tonumber(rec.sv or 0)
  for _, ver in ipairs(rec.d) do newest = math.max(newest, tonumber(ver)) end
  for _, ver in ipairs(rec.d) do
    if tonumber(ver) < newest then let_go(id .. ':' .. ver, 'superseded', '') end
  end
end

local function bury(member, e, reason, detail, traceback)
  local id = split(member)
  local room = e.room
  local attempts = 0
  for _, each in ipairs(ROOMS) do attempts = attempts + (tonumber(e['a_' .. each]) or 0) end
  e.reason = reason
  measure('died:' .. room .. ':' .. reason, 1)
  e['o_' .. room], e['d_' .. room], e['t1_' .. room] = 'dead', cut(reason .. ': ' .. detail, 200), whole(now)
  close(member, e, 'dead', reason)
  redis.call('HSET', P .. 'd:' .. member, 'reason', reason, 'detail', detail, 'traceback', traceback,
    'room', room, 'attempts', attempts, 'died', now, 'acc', e.acc, 'size', e.size, 'src', e.src or '',
    'key', e.key or '', 'site', e.site or '', 'url', e.url or '', 'rid', e.rid or '', 'tp', e.tp or '', 'where', 'ledger')
  redis.call('ZADD', P .. 'dead', now, member)
  redis.call('HINCRBY', P .. 'groups', group(e), 1)
  redis.call('HSET', P .. 'jobs', 'shelve:' .. member, '1')
  count('dead:' .. room, 1)
  tidy_letters(id)
end

local function drop(member, e, reason)
  e['o_' .. e.room], e['d_' .. e.room], e['t1_' .. e.room] = 'dropped', reason, whole(now)
  close(member, e, reason == 'deleted' and 'deleted' or 'dropped', reason)
  redis.call('DEL', P .. 'b:' .. member)
  count('dropped:' .. reason, 1)
  count((reason == 'deleted' and 'deleted:' or 'gone:') .. e.room, 1)
end

-- Back in line in the same room, now or at a due time; it keeps its place and its age.
local function requeue(member, e, delay)
  redis.call('ZREM', P .. 'l:' .. e.room, member)
  redis.call('HSET', P .. 'e:' .. member, 'st', 'w')
  redis.call('HDEL', P .. 'e:' .. member, 'tk')
  if delay > 0 then redis.call('ZADD', P .. 'r:' .. e.room, now + delay, member)
  else redis.call('ZADD', P .. 'w:' .. e.room, e.turn or e.acc, member) end
end

-- How often a page was tried in vain in the index room beside others: each lost batch that it was in is such a try.
local function shared_tries(suspected) return math.min(tonumber(suspected or nil) or 0, SHARED) end

-- One strike against a page: beside others up to SHARED times, then alone up to SOLO times, then a dead letter.
-- The index room has one process and no solo room; there a suspect is taken alone (see take.lua).
local function strike(member, e, delay, reason, detail, traceback)
  local strikes = redis.call('HINCRBY', P .. 'e:' .. member, 'strikes', 1)
  if e.room == 'index' then strikes = strikes + shared_tries(e.suspected) end
  measure('retry:' .. e.room .. ':' .. reason, 1)
  redis.call('HSET', P .. 'e:' .. member, 'o_' .. e.room, 'retry', 'd_' .. e.room, cut(reason .. ': ' .. detail, 200))
  local last = e.room == 'solo' and SOLO or e.room == 'index' and SHARED + SOLO
  if last and strikes >= last then return bury(member, e, reason, detail, traceback) end
  remember(member, e, now, 'retry', e.room, reason .. ': ' .. detail)
  if e.room == 'index' then redis.call('ZADD', P .. 'suspects', now + 1, member) end  -- behind those of this millisecond
  if last or strikes < SHARED then return requeue(member, e, delay) end
  leave(member, e)
  count('out:' .. e.room, 1)
  redis.call('HSET', P .. 'e:' .. member, 'strikes', 0)
  enter(member, e, 'solo', e.stage)
end

-- A batch of the index room was lost as a whole, and nobody knows over which of its pages. All of them are suspects and
-- none is struck: they go again at once, in batches of the square root of the lost one, and after SHARED such losses alone.
local function suspect(member, e, reason, detail)
  redis.call('HINCRBY', P .. 'e:' .. member, 'suspected', 1)
  redis.call('HINCRBY', P .. 'e:' .. member, 'a_' .. e.room, -1)
  measure('retry:' .. e.room .. ':' .. reason, 1)
  redis.call('HSET', P .. 'e:' .. member, 'within', math.ceil(math.sqrt(tonumber(e.crowd or nil) or 1)),
    'o_' .. e.room, 'retry', 'd_' .. e.room, cut(reason .. ': ' .. detail, 200))
  remember(member, e, now, 'retry', e.room, reason .. ': ' .. detail)
  redis.call('ZADD', P .. 'suspects', now, member)
  requeue(member, e, 0)
end

-- The entry, if this lease still holds.
local function held(member, token)
  local e = fields(P .. 'e:' .. member)
  if e.st == 'l' and e.tk == token then return e end
  return nil
end

-- A page that left the room as its lease ran out: no worker knows of it, so one is told.
local UNTOLD = 1000
local function left_unseen(member, e, room)
  local now_in = redis.call('HGET', P .. 'e:' .. member, 'room')
  if now_in == room then return end
  redis.call('RPUSH', P .. 'untold', cjson.encode({member, room, e.stage, now_in and 'alone' or 'dead', e.rid or '', e.tp or ''}))
  redis.call('LTRIM', P .. 'untold', -UNTOLD, -1)
end

-- Leases whose time ran out go back in line with a strike, in the index room as suspects where others were with them;
-- due pages come forward. True if the room has work.
local function tidy(room)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', P .. 'l:' .. room, '-inf', now, 'LIMIT', 0, 200)) do
    local e, told = fields(P .. 'e:' .. member), 'the lease ran out and the worker had not answered'
    if room == 'index' and (tonumber(e.crowd or nil) or 1) > 1 then suspect(member, e, 'worker-lost', told)
    else
      strike(member, e, 0, 'worker-lost', told, '')
      left_unseen(member, e, room)
    end
  end
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', P .. 'r:' .. room, '-inf', now, 'LIMIT', 0, 1000)) do
    redis.call('ZREM', P .. 'r:' .. room, member)
    local e = redis.call('HMGET', P .. 'e:' .. member, 'turn', 'acc')
    redis.call('ZADD', P .. 'w:' .. room, e[1] or e[2], member)
  end
  return redis.call('ZCARD', P .. 'w:' .. room) > 0
end
