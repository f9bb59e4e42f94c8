-- ARGV from FIRST: per page member, token, reason it was dropped for or '', ms. Answers how many leases still held.
local ended = 0
for i = FIRST, #ARGV, 4 do
  local member, reason = ARGV[i], ARGV[i + 2]
  local e = held(member, ARGV[i + 1])
  if e then
    e['ms_' .. e.room] = ARGV[i + 3]
    observe('work', e.room, ARGV[i + 3])
    if reason ~= '' then
      drop(member, e, reason)
    else
      e['o_' .. e.room], e['t1_' .. e.room], e['d_' .. e.room] = 'done', whole(now), nil
      close(member, e, 'searchable', nil)
      redis.call('DEL', P .. 'b:' .. member)
      count('finished', 1)
      count('out:' .. e.room, 1)
      tidy_letters((split(member)))
    end
    ended = ended + 1
  end
end
return ended
