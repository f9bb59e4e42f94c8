-- ARGV from FIRST: pairs of id and reason. Each page is counted once, however often it is told.
local key = P .. 'rebuild'
for i = FIRST, #ARGV, 2 do
  if redis.call('HSETNX', key .. ':rejected', ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('HINCRBY', key .. ':reasons', ARGV[i + 1], 1)
  end
end
