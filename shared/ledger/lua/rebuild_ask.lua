-- ARGV from FIRST: kind, whether from raw pages (1 or 0). Answers 1, or 0 where something that was asked has not ended.
local key = P .. 'rebuild'
if redis.call('HEXISTS', key, 'active') == 1 then return 0 end
redis.call('HINCRBY', key, 'number', 1)
redis.call('HSET', key, 'active', 1, 'kind', ARGV[FIRST], 'raw', ARGV[FIRST + 1], 'asked', whole(now), 'tries', 0)
redis.call('HDEL', key, 'progress', 'cancel', 'token', 'until', 'lapsed', 'waits')
redis.call('DEL', key .. ':rejected', key .. ':reasons')
return 1
