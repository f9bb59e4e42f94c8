-- ARGV from FIRST: token, lease ms. The lease lasts so long from now on, also where it has run out and nobody took it.
-- Answers 0 and changes nothing where it is another's, or was given back.
local key = P .. 'rebuild'
if redis.call('HGET', key, 'token') ~= ARGV[FIRST] then return 0 end
redis.call('HSET', key, 'until', whole(now + tonumber(ARGV[FIRST + 1])))
return 1
