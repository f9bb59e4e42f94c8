-- ARGV from FIRST: id. Answers the record, the walking entry of its newest version, and the tombstone; reads only.
local rec = redis.call('GET', P .. 'p:' .. ARGV[FIRST])
local tomb = redis.call('HGET', P .. 'tomb', ARGV[FIRST])
if not rec then return {false, {}, tomb} end
return {rec, redis.call('HGETALL', P .. 'e:' .. ARGV[FIRST] .. ':' .. cjson.decode(rec).n.v), tomb}
