-- ARGV from FIRST: token, progress, whether it has ended, whether the try counts on. Gives the lease back.
-- Answers 0 and changes nothing where the lease is another's.
local key = P .. 'rebuild'
if redis.call('HGET', key, 'token') ~= ARGV[FIRST] then return 0 end
redis.call('HSET', key, 'progress', ARGV[FIRST + 1])
redis.call('HDEL', key, 'token', 'until')
if ARGV[FIRST + 3] == '0' then redis.call('HSET', key, 'tries', 0) end
if ARGV[FIRST + 2] == '1' then redis.call('HDEL', key, 'active', 'cancel') end
return 1
