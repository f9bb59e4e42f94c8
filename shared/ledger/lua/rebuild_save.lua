-- ARGV from FIRST: token, progress, whether it has ended, and how the slice went: `failed`, `got-on`, or `waited`, which
-- says nothing of the work. Gives the lease back, also one that has run out and that nobody took. Answers 0 and changes
-- nothing where it is another's, or was given back.
local key = P .. 'rebuild'
if redis.call('HGET', key, 'token') ~= ARGV[FIRST] then return 0 end
redis.call('HSET', key, 'progress', ARGV[FIRST + 1])
redis.call('HDEL', key, 'token', 'until', 'lapsed', 'waits')
if ARGV[FIRST + 3] == 'failed' then redis.call('HINCRBY', key, 'tries', 1) end
if ARGV[FIRST + 3] == 'got-on' then redis.call('HSET', key, 'tries', 0) end
if ARGV[FIRST + 2] == '1' then redis.call('HDEL', key, 'active', 'cancel') end
return 1
