-- ARGV from FIRST: per page member, token, next room, frame, ms. Answers how many leases still held.
local moved = 0
for i = FIRST, #ARGV, 5 do
  local member, to, frame = ARGV[i], ARGV[i + 2], ARGV[i + 3]
  local e = held(member, ARGV[i + 1])
  if e then
    leave(member, e)
    observe('work', e.room, ARGV[i + 4])
    redis.call('HSET', P .. 'e:' .. member, 't1_' .. e.room, now, 'ms_' .. e.room, ARGV[i + 4],
      'o_' .. e.room, 'done', 'strikes', 0)
    redis.call('HDEL', P .. 'e:' .. member, 'd_' .. e.room)
    redis.call('SET', P .. 'a:' .. member, frame)
    count('out:' .. e.room, 1)
    enter(member, e, to, to)
    moved = moved + 1
  end
end
return moved
