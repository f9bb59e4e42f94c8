-- ARGV from FIRST: pages allowed, bytes allowed, ms that pages may have waited, then per page: id, key, fetched us
-- or '', frame, url, site, source, API key or '', request id, trace.
-- Answers first whether a bell is to be rung, then version and status per page; shorter than asked where the line is full.
local allowed, room_for_bytes = tonumber(ARGV[FIRST]), tonumber(ARGV[FIRST + 1])
if redis.call('EXISTS', P .. 'hold') == 1 or line_waits() > tonumber(ARGV[FIRST + 2]) then allowed = 0 end
local inside = 0
for _, room in ipairs(ROOMS) do inside = inside + redis.call('ZCARD', P .. 's:' .. room) end
local room_for_pages = allowed - inside
-- What an older release ended beside this one is still counted; nobody has a share of an empty house.
if inside == 0 then redis.call('DEL', P .. 'shares') end
local line_bytes = tonumber(redis.call('HGET', P .. 'n', 'bytes')) or 0

-- A full line has a tenth more for keys that have next to nothing in it. Half of that is also for sources that have
-- next to nothing, of whichever key: one that makes up sources leaves the other half to other keys.
local function more_for(key, source)
  local few = math.max(1, allowed / 100)
  return has_few(key, few) and 0.1 or has_few(key .. ':' .. source, few) and 0.05 or 0
end

local function live_of(rec)
  if not rec then return nil end
  if rec.n.s == 'walking' or rec.n.s == 'searchable' then return rec.n end
  return rec.lv
end

local function known(id, rec, live, tomb, key, fetched)
  if tomb and fetched and fetched <= tomb then return whole(tomb), 'superseded' end
  if not live then return nil end
  if live.k == key then
    -- Fetched at one time again, or at the time that made the version, whenever it was seen unchanged since.
    if not fetched or fetched == tonumber(live.f) or fetched == tonumber(live.v) then return live.v, 'duplicate' end
    if fetched > tonumber(live.f) then
      live.f = whole(fetched)
      save(id, rec)
      return live.v, 'unchanged'
    end
  end
  if fetched and fetched < tonumber(live.f) then return live.v, 'superseded' end
  return nil
end

-- Later than the live version in any case, and than everything where the sender gave no time; never one that is taken.
local function next_version(rec, live, fetched, tomb, id)
  local version = math.max(fetched or now * 1000, live and tonumber(live.v) + 1 or 0)
  if not fetched then version = math.max(version, (rec and tonumber(rec.n.v) or 0) + 1, (tomb or 0) + 1) end
  local function taken()
    local member = id .. ':' .. whole(version)
    return redis.call('EXISTS', P .. 'e:' .. member, P .. 'd:' .. member) > 0 or rec and rec.n.v == whole(version)
  end
  while taken() do version = version + 1 end
  return version
end

local answer, came = {0}, false
for i = FIRST + 3, #ARGV, 10 do
  local id, key, fetched, frame = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local url, site, source, api_key = ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7]
  local rec, tomb = load(id), tonumber(redis.call('HGET', P .. 'tomb', id) or nil)
  local live = live_of(rec)
  local version, status = known(id, rec, live, tomb, key, fetched)
  if not version then
    -- An empty line takes a page of any size, for it would wait at the door for ever.
    local more = more_for(api_key, source)
    local pages_left, bytes_allowed = room_for_pages + math.ceil(allowed * more), room_for_bytes * (1 + more)
    if pages_left < 1 or line_bytes > 0 and bytes_allowed < line_bytes + #frame then break end
    room_for_pages, line_bytes = room_for_pages - 1, line_bytes + #frame
    local number = next_version(rec, live, fetched, tomb, id)
    version, status, came = whole(number), 'accepted', true
    local member = id .. ':' .. version
    redis.call('SET', P .. 'b:' .. member, frame)
    redis.call('HSET', P .. 'e:' .. member, 'acc', now, 'size', #frame, 'strikes', 0,
      'src', source, 'site', site, 'url', url, 'key', api_key)
    if ARGV[i + 8] ~= '' then redis.call('HSET', P .. 'e:' .. member, 'rid', ARGV[i + 8]) end
    if ARGV[i + 9] ~= '' then redis.call('HSET', P .. 'e:' .. member, 'tp', ARGV[i + 9]) end
    fate('accepted', site)
    enter(member, {turn = LAST}, 'clean', 'clean')
    stand(member, api_key, source)
    under_way(api_key, source, 1)
    count('accepted', 1)
    count('bytes', #frame)
    local newest = {v = version, f = whole(fetched or now * 1000), k = key, s = 'walking', at = now}
    rec = rec or {n = newest}
    if number >= tonumber(rec.n.v) then
      rec.lv = live and live.v ~= version and {v = live.v, f = live.f, k = live.k} or nil
      rec.n = newest
      rec.u, rec.so = url ~= '' and url or nil, source ~= '' and source or nil
    else
      rec.lv = {v = version, f = newest.f, k = key}
    end
    rec.w = with(rec.w, version)
    save(id, rec)
  end
  answer[#answer + 1] = version
  answer[#answer + 1] = status
end
-- The key of shared/bell.py: a round trip and an fsync of its own, were it set from there.
if came and redis.call('SET', P .. 'bell:clean', 1, 'NX', 'EX', 5) then answer[1] = 1 end
return answer
