#!lua
-- KEYS[1] the request; ARGV: token of the try, answer, seconds that it is kept.
-- A try that lasted longer than it may has lost its token, and changes nothing.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('EXPIRE', KEYS[1], ARGV[3])  -- first, for Redis refuses a time that it cannot tell, and takes nothing back
redis.call('HSET', KEYS[1], 'answer', ARGV[2])
return redis.call('HDEL', KEYS[1], 'token')
