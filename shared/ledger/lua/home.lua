-- ARGV from FIRST: identity, where, ms for which a claim holds. Answers where the index is that holds the claim, or ''.
local key, id, where, holds = P .. 'home', ARGV[FIRST], ARGV[FIRST + 1], tonumber(ARGV[FIRST + 2])
local held = fields(key)
local age = held.at and now - tonumber(held.at) or holds
if held.id and held.id ~= id and age < holds then return held.where end
-- Written anew now and then only: each write is an fsync.
if held.id ~= id or held.where ~= where or age > holds / 3 then
  redis.call('HSET', key, 'id', id, 'where', where, 'at', now)
end
return ''
