-- ARGV from FIRST: token, lease ms, whether it only waits from now on (1 or 0; '' leaves that as it is). The lease
-- lasts so long from now on, also where it has run out and nobody took it.
-- Answers 0 and changes nothing where it is another's, or was given back.
local key = P .. 'rebuild'
if redis.call('HGET', key, 'token') ~= ARGV[FIRST] then return 0 end
redis.call('HSET', key, 'until', whole(now + tonumber(ARGV[FIRST + 1])))
if ARGV[FIRST + 2] == '1' then redis.call('HSET', key, 'waits', 1) end
if ARGV[FIRST + 2] == '0' then redis.call('HDEL', key, 'waits') end
return 1
