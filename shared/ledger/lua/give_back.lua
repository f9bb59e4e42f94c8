-- ARGV from FIRST: per page member, token, delay ms, kind (wait, return, strike, suspect, reject), reason, detail, traceback, ms or ''.
-- wait: back in line, no strike. return: the same, and it was no attempt at this page. strike: one against the page. suspect: it or another one of its batch. reject: a dead letter at once.
local moved = 0
for i = FIRST, #ARGV, 8 do
  local member, delay, kind = ARGV[i], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local reason, detail, traceback = ARGV[i + 4], ARGV[i + 5], ARGV[i + 6]
  local e = held(member, ARGV[i + 1])
  if e then
    observe('work', e.room, ARGV[i + 7])
    if ARGV[i + 7] ~= '' then
      e['ms_' .. e.room] = ARGV[i + 7]
      redis.call('HSET', P .. 'e:' .. member, 'ms_' .. e.room, ARGV[i + 7])
    end
    if kind == 'reject' then
      bury(member, e, reason, detail, traceback)
    elseif kind == 'strike' then
      strike(member, e, delay, reason, detail, traceback)
    elseif kind == 'suspect' then
      suspect(member, e, reason, detail)
    else
      if kind == 'return' then redis.call('HINCRBY', P .. 'e:' .. member, 'a_' .. e.room, -1)
      else measure('retry:' .. e.room .. ':' .. reason, 1) end
      redis.call('HSET', P .. 'e:' .. member, 'o_' .. e.room, 'retry', 'd_' .. e.room, cut(reason .. ': ' .. detail, 200))
      if kind ~= 'return' then remember(member, e, now, 'retry', e.room, reason .. ': ' .. detail, true) end
      requeue(member, e, delay)
    end
    moved = moved + 1
  end
end
return moved
