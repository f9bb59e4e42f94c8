-- ARGV from FIRST: how much may be done, where each page and each version of one that ends counts as one; then ids.
-- Answers the delete's version for each; shorter where that was not enough: the next page is begun then, at most.
local left = tonumber(ARGV[FIRST])
local answer = {}
for i = FIRST + 1, #ARGV do
  local id = ARGV[i]
  local rec = load(id)
  local tomb = tonumber(redis.call('HGET', P .. 'tomb', id) or nil) or 0
  local newest = tomb
  for _, held_version in ipairs({rec and rec.n.v or 0, rec and rec.lv and rec.lv.v or 0, rec and rec.sv or 0}) do
    newest = math.max(newest, tonumber(held_version))
  end
  local gone = rec and rec.n.s == 'deleted' and newest == tomb
  local version = gone and tomb or math.max(now * 1000, newest + 1)
  for _, ver in ipairs(rec and rec.w or {}) do
    if left < 1 then return answer end
    left = left - 1
    local member = id .. ':' .. ver
    drop(member, fields(P .. 'e:' .. member), 'deleted')
  end
  for _, ver in ipairs(rec and rec.d or {}) do
    if left < 1 then return answer end
    left = left - 1
    let_go(id .. ':' .. ver, 'deleted', 'deleted')
  end
  if left < 1 then return answer end
  left = left - 1
  redis.call('HSET', P .. 'tomb', id, whole(version))
  redis.call('HSET', P .. 'jobs', 'delete:' .. id, whole(version))
  if not gone then
    local old = load(id) or {}
    local newest_kept = old.n or {v = whole(version), at = now}
    newest_kept.v, newest_kept.s, newest_kept.r, newest_kept.e = whole(version), 'deleted', 'deleted', now
    save(id, {u = old.u, so = old.so, n = newest_kept})
    outcome(id, whole(version), 'deleted', 'deleted', old.so)
  end
  answer[#answer + 1] = whole(version)
end
return answer
