-- ARGV from FIRST: room, how many, bytes at most, lease ms.
-- Answers per page: member, stage, token, strikes, frame, request id, trace, site. A paused room hands nothing out.
-- In the index room lost batches that a page was in count among its strikes, up to SHARED.
local room, most, bytes, lease = ARGV[FIRST], tonumber(ARGV[FIRST + 1]), tonumber(ARGV[FIRST + 2]), tonumber(ARGV[FIRST + 3])
tidy(room)
if redis.call('HEXISTS', P .. 'paused', room) == 1 then return {} end
if room == 'clean' then line_up(most) end

-- Of those that wait in the index room, the suspects.
local function suspects_waiting()
  local list = {}
  for _, member in ipairs(redis.call('ZRANGE', P .. 'suspects', 0, -1)) do
    if redis.call('ZSCORE', P .. 'w:index', member) then list[#list + 1] = member
    elseif redis.call('EXISTS', P .. 'e:' .. member) == 0 then redis.call('ZREM', P .. 'suspects', member) end
  end
  return list
end

-- And all others, in their order.
local function others_waiting()
  local list, from = {}, 0
  while #list < most do
    local some = redis.call('ZRANGE', P .. 'w:index', from, from + most - 1)
    if #some == 0 then break end
    for _, member in ipairs(some) do
      if #list < most and not redis.call('ZSCORE', P .. 'suspects', member) then list[#list + 1] = member end
    end
    from = from + #some
  end
  return list
end

-- Suspects and the others take turns: whatever a suspect does to its process, others are indexed before the next one.
local function in_line()
  if room ~= 'index' or redis.call('EXISTS', P .. 'suspects') == 0 then
    return redis.call('ZRANGE', P .. 'w:' .. room, 0, most - 1)
  end
  local suspects = suspects_waiting()
  if redis.call('HINCRBY', P .. 'n', 'suspects', 1) % 2 == 0 and #suspects > 0 then return suspects end
  local others = others_waiting()
  return #others > 0 and others or suspects
end

local answer = {}
for _, member in ipairs(in_line()) do
  local entry = redis.call('HMGET', P .. 'e:' .. member, 'stage', 'strikes', 'since', 'rid', 'tp', 'site', 'suspected', 'within')
  local stage, strikes = entry[1], tonumber(entry[2])
  if room == 'index' then
    -- A page that was struck or lost as often as others are sent to the solo room is taken alone.
    strikes = strikes + shared_tries(entry[7])
    local within = strikes >= SHARED and 1 or entry[7] and tonumber(entry[8] or nil) or most
    if #answer > 0 and #answer >= within then break end
    most = math.min(most, within)
  end
  if #answer >= most then break end
  local frame = redis.call('GET', P .. (stage == 'clean' and 'b:' or 'a:') .. member)
  if not frame and #answer > 0 then break end  -- those before it are leased: they are told
  if not frame then return redis.error_reply('LOST the body of ' .. member .. ' is gone from Redis') end
  if #answer > 0 and bytes < #frame then break end
  bytes = bytes - #frame
  local token = redis.call('HINCRBY', P .. 'n', 'token', 1)
  redis.call('ZREM', P .. 'w:' .. room, member)
  redis.call('ZADD', P .. 'l:' .. room, now + lease, member)
  redis.call('HINCRBY', P .. 'e:' .. member, 'a_' .. room, 1)
  if redis.call('HSETNX', P .. 'e:' .. member, 't0_' .. room, now) == 1 then
    local waited = now - (tonumber(entry[3]) or now)
    redis.call('HSET', P .. 'e:' .. member, 'w_' .. room, waited)
    observe('wait', room, waited)
  end
  redis.call('HSET', P .. 'e:' .. member, 'st', 'l', 'tk', token)
  answer[#answer + 1] = {member, stage, token, strikes, frame, entry[4] or '', entry[5] or '', entry[6] or ''}
end
if room == 'index' then
  for _, told in ipairs(answer) do redis.call('HSET', P .. 'e:' .. told[1], 'crowd', #answer) end
end
return answer
