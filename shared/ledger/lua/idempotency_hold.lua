#!lua flags=allow-oom
-- KEYS[1] the request; ARGV: token of the try, seconds that it may take from now on.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('EXPIRE', KEYS[1], ARGV[2])
