#!lua flags=allow-oom
-- KEYS[1] the request; ARGV: token of the try.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
