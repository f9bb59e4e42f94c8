-- ARGV from FIRST: room, how many, bytes at most, lease ms.
-- Answers per page: member, stage, token, strikes, frame, request id, trace, site. A paused room hands nothing out.
local room, most, bytes, lease = ARGV[FIRST], tonumber(ARGV[FIRST + 1]), tonumber(ARGV[FIRST + 2]), tonumber(ARGV[FIRST + 3])
tidy(room)
if redis.call('HEXISTS', P .. 'paused', room) == 1 then return {} end
local answer, come_to = {}, nil
for _, member in ipairs(redis.call('ZRANGE', P .. 'w:' .. room, 0, most - 1)) do
  local entry = redis.call('HMGET', P .. 'e:' .. member, 'stage', 'strikes', 'since', 'rid', 'tp', 'turn', 'site')
  local stage, strikes = entry[1], tonumber(entry[2])
  -- In the index room a page that was struck as often as others are sent to the solo room is taken alone.
  local alone = room == 'index' and strikes >= SHARED
  if alone and #answer > 0 then break end
  local frame = redis.call('GET', P .. (stage == 'clean' and 'b:' or 'a:') .. member)
  if not frame and #answer > 0 then break end  -- those before it are leased: they are told
  if not frame then return redis.error_reply('LOST the body of ' .. member .. ' is gone from Redis') end
  if #answer > 0 and bytes < #frame then break end
  bytes = bytes - #frame
  local token = redis.call('HINCRBY', P .. 'n', 'token', 1)
  redis.call('ZREM', P .. 'w:' .. room, member)
  redis.call('ZADD', P .. 'l:' .. room, now + lease, member)
  local attempt = redis.call('HINCRBY', P .. 'e:' .. member, 'a_' .. room, 1)
  if attempt == 1 then observe('wait', room, now - (tonumber(entry[3]) or now)) end
  if redis.call('HSETNX', P .. 'e:' .. member, 't0_' .. room, now) == 1 then
    redis.call('HSET', P .. 'e:' .. member, 'w_' .. room, now - (tonumber(entry[3]) or now))
  end
  redis.call('HSET', P .. 'e:' .. member, 'st', 'l', 'tk', token)
  answer[#answer + 1] = {member, stage, token, strikes, frame, entry[4] or '', entry[5] or '', entry[7] or ''}
  come_to = entry[6] or come_to
  if alone then break end
end
if room == 'clean' and come_to and tonumber(come_to) > (tonumber(redis.call('HGET', P .. 'n', 'turn') or nil) or 0) then
  redis.call('HSET', P .. 'n', 'turn', come_to)
  redis.call('ZREMRANGEBYSCORE', P .. 'turns', '-inf', come_to)
end
return answer
