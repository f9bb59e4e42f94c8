-- Everything the equation needs, at one moment; reads only. Answers the counters, then per room: waiting, leased, since,
-- whether it is paused; dead letters, and for how many ms the line has not moved.
local rooms = {}
for _, room in ipairs(ROOMS) do
  local first = redis.call('ZRANGE', P .. 's:' .. room, 0, 0, 'WITHSCORES')
  rooms[#rooms + 1] = room
  rooms[#rooms + 1] = redis.call('ZCARD', P .. 'w:' .. room) + redis.call('ZCARD', P .. 'r:' .. room)
  rooms[#rooms + 1] = redis.call('ZCARD', P .. 'l:' .. room)
  rooms[#rooms + 1] = first[2] and whole(now - tonumber(first[2])) or '0'
  rooms[#rooms + 1] = redis.call('HEXISTS', P .. 'paused', room)
end
return {redis.call('HGETALL', P .. 'n'), rooms, redis.call('ZCARD', P .. 'dead'), whole(line_waits())}
