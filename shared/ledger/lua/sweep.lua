-- ARGV from FIRST: age of outcomes kept, ms. Answers the rooms where pages wait, but for those that are paused.
-- Writes only when something is due, so idle processes that sweep each second cost the append-only file nothing.
local work = {}
for _, room in ipairs(ROOMS) do
  if tidy(room) and redis.call('HEXISTS', P .. 'paused', room) == 0 then work[#work + 1] = room end
end
local index_waits = false
for _, room in ipairs(work) do index_waits = index_waits or room == 'index' end
local errands = redis.call('HLEN', P .. 'jobs') > 0 or redis.call('HEXISTS', P .. 'rebuild', 'active') == 1
if errands and not index_waits then work[#work + 1] = 'index' end
local ended = redis.call('HGET', P .. 'n', 'ended') or '0'
local last = redis.call('LINDEX', P .. 'drain', -1)
if not last or (cjson.decode(last)[2] ~= tonumber(ended) and now - cjson.decode(last)[1] >= 1000) then
  redis.call('RPUSH', P .. 'drain', cjson.encode({now, tonumber(ended)}))
  redis.call('LTRIM', P .. 'drain', -30, -1)
  redis.call('XTRIM', P .. 'out', 'MINID', '~', whole(math.max(0, now - tonumber(ARGV[FIRST]))))
end
return work
