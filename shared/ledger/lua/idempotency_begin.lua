#!lua flags=allow-oom
-- KEYS[1] the request; ARGV: digest of its bytes, token of this try, seconds a try may take.
-- Runs at the memory limit, too: what is known is told there, and what is new is forgotten with its 429.
-- Answers {state, answer}: new, running, mismatch or replay.
local digest = redis.call('HGET', KEYS[1], 'digest')
if not digest then
  redis.call('HSET', KEYS[1], 'digest', ARGV[1], 'token', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  return {'new', ''}
end
if digest ~= ARGV[1] then return {'mismatch', ''} end
local answer = redis.call('HGET', KEYS[1], 'answer')
if answer then return {'replay', answer} end
return {'running', ''}
