-- ARGV from FIRST: token, lease ms. Leases what is asked for one slice of work, and counts the try before the work.
-- Answers whether it is this token's now.
local key = P .. 'rebuild'
if redis.call('HEXISTS', key, 'active') == 0 then return 0 end
local held = redis.call('HMGET', key, 'token', 'until')
if held[1] and held[1] ~= ARGV[FIRST] and tonumber(held[2]) > now then return 0 end
redis.call('HSET', key, 'token', ARGV[FIRST], 'until', whole(now + tonumber(ARGV[FIRST + 1])))
redis.call('HINCRBY', key, 'tries', 1)
return 1
