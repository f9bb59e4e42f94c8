-- ARGV from FIRST: token, lease ms. Leases what is asked for one slice of work.
-- Another's lease that ran out without being given back is a failure: its process was ended, or stood still. Where it
-- only waited then, for other processes to make pages, the work has not ended it: that ends the row of failures.
-- Answers whether it is this token's now.
local key = P .. 'rebuild'
if redis.call('HEXISTS', key, 'active') == 0 then return 0 end
local held = redis.call('HMGET', key, 'token', 'until')
if held[1] and held[1] ~= ARGV[FIRST] then
  if tonumber(held[2]) > now then return 0 end
  if redis.call('HDEL', key, 'waits') == 1 then redis.call('HSET', key, 'tries', 0)
  else redis.call('HINCRBY', key, 'tries', 1) end
  redis.call('HSET', key, 'lapsed', 1)
end
redis.call('HSET', key, 'token', ARGV[FIRST], 'until', whole(now + tonumber(ARGV[FIRST + 1])))
return 1
